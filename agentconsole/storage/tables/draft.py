"""Drafts: what somebody was typing on a ticket."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Draft(SQLModel, table=True):
    """Keep one draft of one person on one ticket; `seen` is the ticket version it answers."""

    user_id: int = Field(primary_key=True, foreign_key="user.id")
    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id")
    kind: str = Field(primary_key=True)
    text: str
    line: int = Field(default=0)
    column: int = Field(default=0)
    seen: int = Field(default=0)
    saved_at: datetime = at_column()
