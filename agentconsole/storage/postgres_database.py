"""A desk's database in PostgreSQL, which several servers may share."""

from dataclasses import dataclass

from sqlalchemy.engine import Engine

from agentconsole.storage.link import Link
from agentconsole.storage.postgres import reading_engine, writing_engine
from agentconsole.storage.postgres_link import Reconnecting
from agentconsole.storage.postgres_upgrade import schema_of, upgrade


@dataclass(frozen=True, slots=True)
class PostgresDatabase:
    """Name a database by libpq connection strings of the desk's role and, where known, of the owner."""

    app: str
    owner: str = ""

    def holds_something(self) -> bool:
        """Tell whether a schema was made there already."""
        return bool(schema_of(self.owner or self.app))

    def upgrade(self) -> str:
        """Bring the schema up to date as its owner; as the desk's own role, refuse an old one."""
        return upgrade(self.app, self.owner)

    def writing(self) -> Engine:
        """Return the engine of the one connection that writes."""
        return writing_engine(self.app)

    def reading(self) -> Engine:
        """Return the engine of the few connections that only read."""
        return reading_engine(self.app)

    def link(self) -> Link:
        """Return how transactions are run: again where the link was lost."""
        return Reconnecting()
