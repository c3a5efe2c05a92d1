"""Stored content: raw messages and attachments by their hash, where several servers must reach them."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Content(SQLModel, table=True):
    """Keep the bytes of one SHA-256, since `at`; a desk of one file keeps them in files beside it alone."""

    sha256: str = Field(primary_key=True)
    at: datetime = at_column(index=True)
    body: bytes
