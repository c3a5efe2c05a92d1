"""What a person can take back: the state before her change."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Undo(SQLModel, table=True):
    """Keep one change that can be taken back; `before` holds the ticket's fields as they were."""

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    at: datetime = at_column()
    verb: str
    before: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    outbox_id: int | None = Field(default=None)
    done: bool = Field(default=False)
