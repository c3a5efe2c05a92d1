"""The second factor of a user: its sealed key and the guard against replay and guessing."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Factor(SQLModel, table=True):
    """Keep one authenticator; `last_step` is the newest RFC 6238 step that was accepted."""

    user_id: int = Field(primary_key=True, foreign_key="user.id")
    sealed_seed: str
    enrolled_at: datetime | None = at_column(nullable=True)
    last_step: int | None = Field(default=None)
    fails_consecutive: int = Field(default=0)
    fails_total: int = Field(default=0)
    last_attempt_at: datetime | None = at_column(nullable=True)
    disabled_at: datetime | None = at_column(nullable=True)
