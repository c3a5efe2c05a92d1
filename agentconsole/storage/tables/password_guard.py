"""The guard against guessing passwords, kept for names that exist and names that do not alike."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class PasswordGuard(SQLModel, table=True):
    """Count failures of one login name; what is nobody's name stands here as a keyed hash.

    `source` is the account that its owner has signed in from before, "" for everywhere else together.
    """

    __tablename__ = "password_guard"

    login: str = Field(primary_key=True)
    source: str = Field(default="", primary_key=True)
    fails_consecutive: int = Field(default=0)
    fails_total: int = Field(default=0)
    last_attempt_at: datetime | None = at_column(nullable=True)
