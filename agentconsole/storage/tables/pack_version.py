"""Versions of policy packs; a ticket stays under the version in force when its clock began."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class PackVersion(SQLModel, table=True):
    """Keep one version of a pack: its text, the desk's answers to its blanks, since when it binds, and by whom."""

    __tablename__ = "pack_version"

    pack_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str
    answers: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    since: datetime = at_column()
    author: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
