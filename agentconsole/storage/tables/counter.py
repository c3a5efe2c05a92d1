"""Counters behind the badges, kept with the projection, so that no badge counts rows."""

from sqlmodel import Field, SQLModel


class Counter(SQLModel, table=True):
    """Count live tickets of one owner (0 is nobody) in one tier."""

    owner_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tier: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(default=0)
