"""A copy of the database that is whole, taken while the desk works, and what it holds once it was looked through."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from agentconsole.domain.errors import Refused
from agentconsole.storage.database import Database, SqliteFile
from agentconsole.storage.engine import create_private
from agentconsole.storage.events import head, verify
from agentconsole.storage.moving_ends import copy_desk
from agentconsole.storage.row_checks import check_contacts, check_packs
from agentconsole.storage.tables.all import Contact, CryptoKey, Desk, Event, Ticket, User
from agentconsole.storage.upgrade import schema_of
from agentconsole.wire.backups import Manifest

_PIECE = 1024 * 1024
_COUNTED = {"tickets": Ticket, "messages": Contact, "people": User}
_CONTENT = (
    "SELECT sha256 FROM raw_mail UNION SELECT sha256 FROM attachment UNION SELECT raw FROM contact WHERE raw != ''"
    " ORDER BY 1"
)


def take_snapshot(database: Path, target: Path) -> None:
    """Copy a database, which may be at work, into a new file of mode 0600: one instant of it, without erased rows."""
    create_private(target)
    try:
        with closing(
            sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        ) as link:
            link.execute("VACUUM INTO ?", (str(target),))
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def copy_database(database: Database, target: Path) -> None:
    """Copy the rows of a desk, which may be at work, into a new SQLite file: one instant of them, wherever they are."""
    if isinstance(database, SqliteFile):
        take_snapshot(database.path, target)
        return
    create_private(target)
    try:
        copy_desk(database, SqliteFile(target), lambda _table, _rows: None)
        with closing(sqlite3.connect(target)) as link:
            # As a copy of a file has it: all in one file, whoever opens it how.
            link.execute("PRAGMA journal_mode=DELETE").fetchall()
    except BaseException:
        for left in target.parent.glob(f"{target.name}*"):
            left.unlink()
        raise


@contextmanager
def opened(snapshot: Path) -> Iterator[Session]:
    """Read a copy that nobody writes to; refuses a file that is no database."""
    uri = f"{snapshot.absolute().as_uri()}?mode=ro&immutable=1"
    engine = sa.create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(uri, uri=True), poolclass=NullPool, hide_parameters=True
    )
    try:
        with Session(engine) as session:
            yield session
    except sa.exc.DatabaseError as error:
        raise Refused(f"The copy of the database is damaged ({error.orig}).") from error
    finally:
        engine.dispose()


def examine(snapshot: Path, chain_key: bytes) -> Manifest:
    """Say what a copy holds; refuses one that is damaged, or whose log is broken or names other texts."""
    schema = schema_of(snapshot)
    with opened(snapshot) as session:
        answer = session.execute(sa.text("PRAGMA integrity_check(3)")).scalars().all()
        if answer != ["ok"]:
            raise Refused(f"The copy of the database is damaged ({answer[0]}).")
        loose = len(session.execute(sa.text("PRAGMA foreign_key_check")).fetchall())
        if loose:
            raise Refused(f"The copy of the database has {loose} loose references.")
        verdict = verify(session, chain_key)
        if verdict.fault:
            raise Refused(f"The event log is broken after {verdict.events} events: {verdict.fault}.")
        faults = [*check_packs(session), *check_contacts(session)]
        if faults:
            raise Refused(f"{len(faults)} texts are not what the event log says: {faults[0]}.")
        desk, newest = session.get_one(Desk, 1), head(session)
        counts = {
            name: int(session.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
            for name, table in _COUNTED.items()
        }
        contents = sum(1 for _ in content_names(session))
        uid = desk.uid
    size, digest = fingerprint(snapshot)
    return Manifest(
        schema=schema,
        desk=uid,
        events=newest.seq,
        head=newest.hash,
        until=newest.at,
        counts=counts,
        contents=contents,
        database_bytes=size,
        database_sha256=digest,
    )


def content_names(session: Session) -> Iterator[str]:
    """Yield the hash of every stored message and attachment that the rows name, each once."""
    yield from session.execute(sa.text(_CONTENT)).yield_per(1000).scalars()


def foundation_of(snapshot: Path) -> tuple[str, str, bytes, int]:
    """Return a copy's desk id, the id of its data key, that key as it is wrapped, and how many events it has."""
    with opened(snapshot) as session:
        desk, key = session.get(Desk, 1), session.scalars(sa.select(CryptoKey)).first()
        events = int(session.scalar(sa.select(sa.func.max(sa.column("seq"))).select_from(Event)) or 0)
        if desk is None or key is None:
            raise Refused("The copy of the database has no desk in it.")
        return desk.uid, key.kid, key.wrapped, events


def fingerprint(path: Path) -> tuple[int, str]:
    """Return the size of a file and its SHA-256."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()
