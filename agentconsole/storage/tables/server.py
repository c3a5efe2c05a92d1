"""Desk servers: which of them work on this database now."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class DeskServer(SQLModel, table=True):
    """Keep one server that runs. It counts its `beats` on; whoever sees them stand still buries it.

    `place` names its host and folder among all, `name` says it to people; `fed` is how far it has read the feed.
    """

    __tablename__ = "server"

    id: str = Field(primary_key=True)
    place: str
    name: str
    began_at: datetime = at_column()
    seen_at: datetime = at_column()
    beats: int = Field(default=0)
    fed: int = Field(default=0)
