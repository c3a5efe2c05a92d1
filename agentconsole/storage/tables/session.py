"""Sessions: who is signed in, since when, from where, and how it ended."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Session(SQLModel, table=True):
    """Keep one session of a user, which lives in the server `server_id`; `ended_at` closes it for good."""

    id: str = Field(primary_key=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    began_at: datetime = at_column()
    seen_at: datetime = at_column()
    code_at: datetime = at_column()
    locked_at: datetime | None = at_column(nullable=True)
    ended_at: datetime | None = at_column(nullable=True)
    end_reason: str = Field(default="")
    peer: int
    address: str = Field(default="")
    server_id: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
