"""The feed: what each group of commands changed, for the other servers of the desk."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Feed(SQLModel, table=True):
    """Keep what one commit changed, as JSON, for the minutes in which a server may have lost its link."""

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    server: str
    at: datetime = at_column()
    body: str
