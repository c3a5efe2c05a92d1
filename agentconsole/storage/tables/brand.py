"""Organisations the desk answers for."""

from sqlmodel import Field, SQLModel


class Brand(SQLModel, table=True):
    """Keep one brand and the pack it is under."""

    id: str = Field(primary_key=True)
    name: str
    pack_id: str
