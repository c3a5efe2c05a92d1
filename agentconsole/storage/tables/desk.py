"""The desk itself: one row of facts about it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Desk(SQLModel, table=True):
    """Hold what the desk is; `id` is always 1. `uid` is in Message-IDs and key names, and never changes."""

    __table_args__ = (sa.CheckConstraint("id = 1", name="one_desk"),)

    id: int = Field(default=1, primary_key=True)
    uid: str
    name: str
    zone: str
    created_at: datetime = at_column()
    hold_seconds: int = Field(default=10)
    late_first: bool = Field(default=False)
    addresses_open_until: datetime | None = at_column(nullable=True)
    """Until when the allow-list is set aside, by the machine's clock."""
    anchors_to: str | None = Field(default=None)
    """Where the newest event's anchor is mailed each day, and when it last was, by the machine's clock."""
    anchors_at: datetime | None = at_column(nullable=True)
