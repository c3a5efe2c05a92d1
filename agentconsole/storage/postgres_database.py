"""A desk's database in PostgreSQL, which several servers may share."""

from dataclasses import dataclass
from typing import ClassVar

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import Engine

from agentconsole.domain.errors import Refused
from agentconsole.storage.ear import Ear, Heard
from agentconsole.storage.feed import FEED, PRESENCE
from agentconsole.storage.link import Link
from agentconsole.storage.postgres import migrating_engine, reading_engine, writing_engine
from agentconsole.storage.postgres_link import Reconnecting
from agentconsole.storage.postgres_listening import Listening
from agentconsole.storage.postgres_outage import Outage, Told
from agentconsole.storage.postgres_password import joined, read_password
from agentconsole.storage.postgres_upgrade import holds_desk, schema_of, upgrade


@dataclass(frozen=True, slots=True)
class PostgresDatabase:
    """Name a database by libpq connection strings of the desk's role and, where known, of the owner.

    `direct` is the desk's role past a pool that hands out connections by transaction, where `app` goes through one;
    `password_file` has the password of the desk's role, where libpq is not to find one itself.
    """

    app: str
    owner: str = ""
    direct: str = ""
    password_file: str = ""
    is_shared: ClassVar[bool] = True

    @property
    def listening(self) -> str:
        """Return how a connection is made that stays one's own, as LISTEN needs it; a password may be in it."""
        return self._joined(self.direct or self.app)

    def _as_owner(self) -> str:
        """Return what the owner signs in with; its password is where libpq finds it."""
        return self._joined(self.app) if self.owner in ("", self.app) else self.owner

    def _joined(self, conninfo: str) -> str:
        return joined(conninfo, read_password(self.password_file)) if self.password_file else conninfo

    def check(self) -> None:
        """Refuse connection strings with a password in them, which whoever lists processes or reads files would see."""
        for given in (self.app, self.owner, self.direct):
            try:
                parts = conninfo_to_dict(given)
            except psycopg.Error:
                raise Refused("Name the database as postgresql://ROLE@HOST/NAME, or as service=NAME.") from None
            if "password" in parts or "sslpassword" in parts:
                raise Refused(
                    "Name the database without a password, and change that one: it was seen. One is read from "
                    "~/.pgpass, or from where PGPASSFILE says."
                )

    def holds_something(self) -> bool:
        """Tell whether a desk was founded there already."""
        return holds_desk(self._joined(self.app))

    def schema(self) -> str:
        """Return which schema the database has."""
        return schema_of(self._joined(self.app))

    def upgrade(self, place: str = "") -> str:
        """Bring the schema up to date as its owner; as the desk's own role, refuse an old one."""
        return upgrade(self._joined(self.app), self._as_owner() if self.owner else "", place)

    def writing(self) -> Engine:
        """Return the engine of the one connection that writes."""
        return writing_engine(self._joined(self.app))

    def reading(self) -> Engine:
        """Return the engine of the few connections that only read."""
        return reading_engine(self._joined(self.app))

    def whole(self) -> tuple[Engine, Engine]:
        """Return the engines that read it and write it as a whole, as its owner where that is known."""
        return reading_engine(self._as_owner()), migrating_engine(self._as_owner())

    def link(self, told: Told) -> Link:
        """Return how transactions are run: again where the link was lost."""
        return Reconnecting(Outage(told))

    def listen(self, heard: Heard) -> Ear | None:
        """Listen to what other servers say of the feed and of presence."""
        return Listening(self.listening, (FEED, PRESENCE), heard)
