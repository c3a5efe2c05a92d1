"""Suggestions: what people at the desk would have otherwise in a policy, and what became of it."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.domain.suggestion import Disposition
from agentconsole.storage.tables.base import at_column
from agentconsole.storage.types import word


class Suggestion(SQLModel, table=True):
    """Keep one suggestion on a clause; the log has `text` and `reason` as hashes with this `salt` only."""

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user.id")
    at: datetime = at_column()
    pack_id: str
    version: int
    clause: str
    text: str
    salt: str
    disposition: Disposition = Field(default=Disposition.OPEN, sa_type=word(Disposition, "disposition"))
    reason: str = Field(default="")
    settled_by: str = Field(default="")
    settled_at: datetime | None = at_column(nullable=True)
