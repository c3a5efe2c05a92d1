"""People who sign in."""

from datetime import datetime

from sqlalchemy import BigInteger, false
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
    unix_uid: int | None = Field(default=None, sa_type=BigInteger)
    """The Unix account she signs in from; on a team's desk the first sign-in sets it where no administrator did."""

    unix_any: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether an administrator said that any Unix account will do."""

    asked_since: datetime | None = at_column(nullable=True)
    """When she first signed in: from then on she is asked to accept the policies in force."""
