"""People who sign in."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.domain.terms import Role
from agentconsole.storage.tables.base import at_column
from agentconsole.storage.types import word


class User(SQLModel, table=True):
    """Keep one person; the login is lower case and never given to anyone else."""

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    role: Role = Field(sa_type=word(Role, "role"))
    password_hash: str
    must_change: bool = Field(default=False)
    disabled: bool = Field(default=False)
    created_at: datetime = at_column()
    last_sign_in: datetime | None = at_column(nullable=True)
    taken: int = Field(default=0)
