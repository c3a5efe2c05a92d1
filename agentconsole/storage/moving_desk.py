"""Moving one desk: copied while it works, checked, and in its last part, with nobody at work on it, switched over."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlmodel import Session

from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.domain.text import clean_line
from agentconsole.storage.database import Database, SqliteFile, database_of, keep_name
from agentconsole.storage.events import Verdict, verify
from agentconsole.storage.files import ContentStore
from agentconsole.storage.moving import Moving, Sums, Told
from agentconsole.storage.moving_derived import WordIndex
from agentconsole.storage.moving_ends import End, opened_end, written_end
from agentconsole.storage.moving_note import leave_note
from agentconsole.storage.moving_switch import begin_switch, end_switch, mark, set_aside, switch
from agentconsole.storage.moving_tables import moving_tables
from agentconsole.storage.postgres_database import PostgresDatabase
from agentconsole.storage.postgres_lock import LOCK
from agentconsole.storage.postgres_upgrade import schema_of
from agentconsole.storage.types import micros
from agentconsole.storage.upgrade import MOVED

_MAY_MARK = "SELECT has_table_privilege('alembic_version', 'UPDATE')"
_SERVED = "SELECT id FROM server WHERE seen_at > {} ORDER BY id"
# Names are hashes of our own, in hexadecimal.
_CONTENTS = "SELECT sha256 FROM content WHERE sha256 > '{}' ORDER BY sha256 LIMIT 1000"
_BODY = "SELECT body FROM content WHERE sha256 = '{}'"
_SILENT = timedelta(seconds=60)
"""After so long without its heartbeat a server elsewhere is dead, whatever its clock says."""


class DeskMove:
    """Move a desk into a target. Killed at any moment it can be begun anew, and goes on with what is there."""

    def __init__(self, paths: DeskPaths, target: Database, source: Engine, end: End, told: Told) -> None:
        self._paths = paths
        self._target = target
        self._source = source
        self._end = end
        self._index = WordIndex(end.writing, anew=end.holds_desk(), told=told)
        self._moving = Moving(source, end.reading, end.writing, told)

    def rows(self) -> int:
        """Return about how many rows there are to copy, and texts to index."""
        with self._source.connect() as connection:
            names = [*(table.name for table in moving_tables()), "contact"]
            counts = [connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() for name in names]  # noqa: S608
        return sum(int(count or 0) for count in counts)

    def approach(self) -> int:
        """Copy what differs, and return how many rows that were; the desk may be at work."""
        with self._source.connect() as connection, connection.begin():
            _bring_contents(connection, ContentStore(self._paths.raw))
        written = self._moving.approach()
        self._index.catch_up()
        return written

    def check_log(self, chain_key: bytes) -> Verdict:
        """Walk the event log of the copy, with its seals."""
        with Session(self._end.reading) as session:
            return verify(session, chain_key)

    def finish(self, at: datetime) -> Sums:
        """Copy the rest, hold all of it against the source, and switch over; whoever asks holds the desk's lock.

        Returns what each table adds up to on both sides.
        """
        source = database_of(self._paths)
        with opened_end(source) as old, old.writing.begin() as connection:
            if isinstance(self._target, SqliteFile):
                connection.exec_driver_sql(LOCK)
            refuse_served(connection, self._paths.place, at)
            _bring_contents(connection, ContentStore(self._paths.raw))
            sums = self._moving.settle(self._ready)
            leave_note(self._paths, source, self._target, at)
            begin_switch(self._paths, _keeping(self._target))
            mark(connection)
            # Whoever closes a file last brings all of it into that one file, and the mark is to be in it.
            self._source.dispose()
        switch(self._paths, at)
        end_switch(self._paths, at)
        return sums

    def _ready(self) -> None:
        self._index.catch_up()
        self._end.finish()


def _keeping(target: Database) -> Callable[[DeskPaths], None] | None:
    """Return what writes down the name of a database in PostgreSQL, None for a file, which needs none."""
    if not isinstance(target, PostgresDatabase):
        return None
    return lambda paths: keep_name(paths, target.app, target.owner, target.direct, target.password_file)


def _bring_contents(connection: Connection, files: ContentStore) -> None:
    """Have every content in files here that a server of another host has put into rows."""
    after = ""
    while names := connection.exec_driver_sql(_CONTENTS.format(after)).scalars().all():
        for name in names:
            if not files.has(name):
                files.put(bytes(connection.exec_driver_sql(_BODY.format(name)).scalar_one()))
        after = names[-1]


@contextmanager
def moving_desk(paths: DeskPaths, target: Database, told: Told, at: datetime) -> Iterator[DeskMove]:
    """Open both ends; refuses what could not be finished, and says so when a database gives up in between."""
    with _refusing_trouble():
        _refuse_unmovable(paths, target, at)
        source = database_of(paths).reading()
        try:
            with written_end(target) as end:
                with end.reading.connect() as connection:
                    refuse_served(connection, "", at)
                yield DeskMove(paths, target, source, end, told)
        finally:
            source.dispose()


def _refuse_unmovable(paths: DeskPaths, target: Database, at: datetime) -> None:
    source = database_of(paths)
    if isinstance(source, SqliteFile) == isinstance(target, SqliteFile):
        where = "a file" if isinstance(source, SqliteFile) else "PostgreSQL"
        raise Refused(f"This desk is kept in {where} already: nothing was moved.")
    with opened_end(source) as old, old.reading.connect() as connection:
        refuse_served(connection, paths.place, at)
        if isinstance(source, PostgresDatabase) and not connection.exec_driver_sql(_MAY_MARK).scalar():
            raise Refused(
                'The role that owns this database has to leave it: name it in database.toml (owner = "…"). '
                "Nothing was moved."
            )
    if isinstance(target, SqliteFile):
        set_aside(paths, at)
    elif isinstance(target, PostgresDatabase) and schema_of(target.owner or target.app).startswith(MOVED):
        raise Refused("A desk has left that database, which is kept as it was then: name an empty one.")


def refuse_served(connection: Connection, place: str, at: datetime) -> None:
    """Refuse a database that a server of another `place` works on ("": any)."""
    holders = connection.exec_driver_sql(_SERVED.format(micros(at - _SILENT))).scalars().all()
    others = [holder for holder in holders if not place or not holder.startswith(place)]
    if others:
        raise Refused(
            f"A desk server of another host or folder ({clean_line(others[0], 60)}) works on that database: stop it, "
            "and ask again a minute later. Nothing was moved."
        )


@contextmanager
def _refusing_trouble() -> Iterator[None]:
    try:
        yield
    except (sa.exc.DBAPIError, psycopg.Error, sqlite3.Error) as error:
        said = clean_line(str(getattr(error, "orig", None) or error).partition("\n")[0], 200)
        raise Refused(
            f"A database gave up ({said}): the desk is where it was, and what was copied is kept. "
            "See to it and ask again: it goes on from there."
        ) from error
