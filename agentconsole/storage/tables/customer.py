"""Customers: anyone who contacts the desk for any reason."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Customer(SQLModel, table=True):
    """Keep one person; `email` is her address in lower case, empty when unknown."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    email: str = Field(default="", index=True)
    phone: str = Field(default="")
    zone: str = Field(default="")
    language: str = Field(default="en")
    note: str = Field(default="")
    created_at: datetime = at_column()
