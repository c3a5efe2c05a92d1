"""The data keys, each wrapped by the master key, which is never in the database."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class CryptoKey(SQLModel, table=True):
    """Keep one wrapped data key; `state` is active or retired."""

    __tablename__ = "crypto_key"

    kid: str = Field(primary_key=True)
    wrapped: bytes
    state: str = Field(default="active")
    created_at: datetime = at_column()
