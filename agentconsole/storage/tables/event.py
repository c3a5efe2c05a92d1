"""The event log: the desk's memory, append-only, each row chained to the one before."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Event(SQLModel, table=True):
    """Keep one fact. `body` is canonical JSON without personal text; `prev`, `hash` and `mac` are the chain."""

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = at_column()
    kind: str
    actor: str
    session: str
    peer: int | None = Field(default=None)
    address: str
    ticket: int | None = Field(default=None)
    subject: str
    body: str
    epoch: str
    prev: str
    hash: str
    mac: str

    __table_args__ = (sa.Index("ix_event_ticket", "ticket", "seq"),)
