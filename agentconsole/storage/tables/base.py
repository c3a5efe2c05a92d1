"""What all tables share: names of constraints, and the column that instants are kept in."""

from typing import Any

from sqlmodel import Field, SQLModel

from agentconsole.storage.types import Instant

# Pydantic's validators are for what comes from outside; rows do not, and building one for each table takes time.
SQLModel.model_config["defer_build"] = True
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def at_column(*, index: bool = False, nullable: bool = False) -> Any:
    """Declare a column that holds an instant (integer microseconds of UTC)."""
    if nullable:
        return Field(default=None, sa_type=Instant, index=index, nullable=True)
    return Field(sa_type=Instant, index=index)
