"""Acceptances: who has accepted which version of which policy, and when."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Acceptance(SQLModel, table=True):
    """Keep that somebody accepted a version; `digest` is the hash of its text and answers, as the event log has it."""

    user_id: int = Field(primary_key=True, foreign_key="user.id")
    pack_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    digest: str
    at: datetime = at_column()
    read_at: datetime = at_column()
    """When she last read it to its end: that is asked for again now and then."""
