"""Leases: which server does a recurring job now."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Lease(SQLModel, table=True):
    """Keep one job's lease: it is `holder`'s until `until`."""

    name: str = Field(primary_key=True)
    holder: str
    until: datetime = at_column()
