"""Tickets: a customer's matter, and the projection that puts it into the queue's order."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from agentconsole.domain.terms import Channel, Priority, Status
from agentconsole.storage.tables.base import at_column
from agentconsole.storage.types import word

# Written into the SQL, never bound: a partial index is not used for a bound value.
LIVE: sa.ColumnElement[int] = sa.literal_column("1")
RESOLVED: sa.ColumnElement[str] = sa.literal_column("'resolved'")


def _part(name: str, *columns: str, where: str) -> sa.Index:
    """Return an index over a part of the rows, in either database."""
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class Ticket(SQLModel, table=True):
    """Keep one ticket. Everything from `live` down is computed from its events and rewritten with each of them.

    `counted_owner` and `counted_tier` name the counter it is counted under, None while it is in no list.
    """

    id: int | None = Field(default=None, primary_key=True)
    version: int = Field(default=1)
    brand_id: str = Field(foreign_key="brand.id")
    queue: str = Field(default="")
    kind: str = Field(default="")
    channel: Channel = Field(sa_type=word(Channel, "channel"))
    customer_id: int = Field(foreign_key="customer.id", index=True)
    subject: str
    status: Status = Field(sa_type=word(Status, "status"))
    priority: Priority = Field(sa_type=word(Priority, "priority"))
    owner_id: int | None = Field(default=None, foreign_key="user.id")
    escalated_to: int | None = Field(default=None, foreign_key="user.id")
    link_to: int | None = Field(default=None)
    opened_at: datetime = at_column()
    updated_at: datetime = at_column()
    tags: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    live: int = Field(default=1)
    fresh: bool = Field(default=True)
    tier: int = Field(default=0)
    sort_key: int = Field(default=0)
    until: datetime | None = at_column(nullable=True)
    starving: bool = Field(default=False)
    next_verb: str = Field(default="")
    clock: bytes = Field(default=b"")
    due_at: datetime | None = at_column(nullable=True)
    waited_text: str = Field(default="")
    counted_owner: int | None = Field(default=None)
    counted_tier: int | None = Field(default=None)

    __table_args__ = (
        sa.CheckConstraint("length(subject) <= 400", name="subject_length"),
        _part("ix_ticket_live_order", "tier", "sort_key", "id", where="live = 1"),
        _part("ix_ticket_owner_order", "owner_id", "tier", "sort_key", "id", where="live = 1"),
        _part("ix_ticket_resolved", "updated_at", where="status = 'resolved'"),
        _part("ix_ticket_until", "until", where="live = 1 and until is not null"),
    )
