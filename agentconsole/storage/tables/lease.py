"""Leases: which server does a recurring job now."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Lease(SQLModel, table=True):
    """Keep one job's lease: it is `holder`'s since `since` as long as that server lives, "" is nobody.

    `number` grows whenever it changes hands, so that what was begun under an older one can be told from what is not.
    """

    name: str = Field(primary_key=True)
    holder: str
    number: int = Field(default=1)
    since: datetime = at_column()
