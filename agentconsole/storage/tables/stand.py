"""Stands: where somebody was at the desk, so that the next sign-in goes on from there."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Stand(SQLModel, table=True):
    """Keep the place, work tabs, filters and cursor of one person, as JSON of `wire.stands.Stand`."""

    user_id: int = Field(primary_key=True, foreign_key="user.id")
    body: str
    saved_at: datetime = at_column()
