"""Printed codes that stand in for a lost authenticator, once each."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class RecoveryCode(SQLModel, table=True):
    """Keep the keyed digest of one code; `used_at` spends it."""

    __tablename__ = "recovery_code"

    digest: bytes = Field(primary_key=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    used_at: datetime | None = at_column(nullable=True)
