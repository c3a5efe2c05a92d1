"""Which database a desk has: a file of its own, or one in PostgreSQL that several servers share."""

import json
import logging
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from sqlalchemy.engine import Engine

from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.storage import engine as sqlite
from agentconsole.storage import upgrade as sqlite_upgrade
from agentconsole.storage.ear import Ear, Heard
from agentconsole.storage.link import Direct, Link
from agentconsole.storage.page_sums import PageSums

log = logging.getLogger(__name__)


_KEYS = ("app", "owner", "direct", "password_file")


class Database(Protocol):
    """Open a desk's database; what differs between the two kinds is behind this."""

    @property
    def is_shared(self) -> bool:
        """Tell whether several servers may work on it at once."""

    def holds_something(self) -> bool:
        """Tell whether somebody began to keep a desk there already."""

    def schema(self) -> str:
        """Return which schema it has, "" for none yet."""

    def upgrade(self, place: str = "") -> str:
        """Bring the schema up to date and return what it was; refuses one that this program does not know.

        Servers of `place`, whose lock whoever asks has, are dead; one of another place that is at work is refused.
        """

    def writing(self) -> Engine:
        """Return the engine of the one connection that writes."""

    def reading(self) -> Engine:
        """Return the engine of the few connections that only read."""

    def whole(self) -> tuple[Engine, Engine]:
        """Return the engines that read it and write it as a whole, as its owner where that is known."""

    def link(self, told: Callable[[bool], None]) -> Link:
        """Return how transactions are run there; `told` hears when it is out of reach (True) and back (False)."""

    def listen(self, heard: Heard) -> Ear | None:
        """Listen to what other servers say of the feed and of presence; None where there can be no other."""


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """Name a desk's SQLite file."""

    path: Path
    is_shared: ClassVar[bool] = False

    def holds_something(self) -> bool:
        """Tell whether a schema was made there already."""
        return self.path.exists() and self.path.stat().st_size > 0

    def schema(self) -> str:
        """Return which schema the file has."""
        return sqlite_upgrade.schema_of(self.path)

    def upgrade(self, place: str = "") -> str:
        """Bring the schema up to date, after a copy; no server of another place can be at work on a file."""
        return sqlite_upgrade.upgrade(self.path)

    def writing(self) -> Engine:
        """Return the engine of the one connection that writes and checkpoints."""
        return sqlite.writing_engine(self.path)

    def reading(self) -> Engine:
        """Return the engine of the few connections that only read."""
        return sqlite.reading_engine(self.path)

    def whole(self) -> tuple[Engine, Engine]:
        """Return the engines that read it and write it as a whole, rows before those they refer to."""
        return sqlite.reading_engine(self.path), sqlite.migrating_engine(self.path)

    def link(self, told: Callable[[bool], None]) -> Link:
        """Return how transactions are run: the file does not go away."""
        return Direct()

    def listen(self, heard: Heard) -> Ear | None:
        """Return None: nobody else works on the file."""


def database_of(paths: DeskPaths) -> Database:
    """Return the database of a desk; refuses a `database.toml` that does not name one."""
    file = paths.database_named
    if not file.exists():
        return SqliteFile(paths.database)
    try:
        named = tomllib.loads(file.read_text("utf-8"))
    except (ValueError, OSError) as error:
        raise Refused(f"{file} cannot be read: {error}.") from None
    given = {key: named.get(key, "") for key in _KEYS}
    if not given["app"] or not all(isinstance(value, str) for value in given.values()):
        raise Refused(f'{file} must say app = "service=…" (and may say owner = "…"), as libpq connects.')
    from agentconsole.storage.postgres_database import PostgresDatabase  # noqa: PLC0415 - a file needs no driver

    return PostgresDatabase(**given)


def keep_page_sums(database: Database, engine: Engine) -> PageSums | None:
    """Keep the sums of a file's pages with what its writing engine writes; PostgreSQL keeps its own.

    None also where no file can be written beside it: a desk on a full disk has to start. Nothing may be connected yet.
    """
    if not isinstance(database, SqliteFile):
        return None
    try:
        sums = PageSums(database.path)
    except OSError as error:
        log.warning("the sums of the database's pages cannot be kept: %s", error)
        return None
    sums.follow(engine)
    return sums


def keep_name(paths: DeskPaths, app: str, owner: str, direct: str = "", password_file: str = "") -> None:
    """Write down in a new file which database in PostgreSQL a desk has (0600); it is on the disk when this returns."""
    named = {"app": app, "owner": owner, "direct": direct, "password_file": password_file}
    # JSON's strings are TOML's too.
    written = "".join(f"{key} = {json.dumps(value)}\n" for key, value in named.items() if value)
    with os.fdopen(os.open(paths.database_named, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(written)
        file.flush()
        os.fsync(file.fileno())
