"""Rounds of the duties: which were signed off, by whom, and which were missed."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column
from agentconsole.storage.types import Instant


class DutyRound(SQLModel, table=True):
    """Keep one settled round of a pack's duty: signed off at `done_at` by `login`, or missed where that is NULL.

    `rounds` is 1; it counts more where long absence had so many missed that they are kept as one, and it is 0 in the
    row that says from when a duty is asked for at this desk.
    """

    __tablename__ = "duty_round"

    pack_id: str = Field(primary_key=True)
    duty_id: str = Field(primary_key=True)
    begins: datetime = Field(primary_key=True, sa_type=Instant)
    due_at: datetime = at_column()
    done_at: datetime | None = at_column(nullable=True)
    login: str = Field(default="")
    note: str = Field(default="")
    rounds: int = Field(default=1)
