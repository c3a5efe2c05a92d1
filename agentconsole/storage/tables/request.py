"""Requests that were answered, so that the same one is not done twice."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Request(SQLModel, table=True):
    """Keep the answer to one request of one person; `id` is a hash over both."""

    id: str = Field(primary_key=True)
    at: datetime = at_column(index=True)
    answer: bytes
