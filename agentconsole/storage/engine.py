"""Opening SQLite the one safe way, and asserting that it was opened so."""

import os
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool, QueuePool

from agentconsole.domain.errors import Refused

BUSY_MS = 5000
READERS = 2
SQLITE_VERSION = sqlite3.sqlite_version_info

# What every connection is set to, and what `PRAGMA name` must answer afterwards.
_RECIPE = (
    ("busy_timeout", BUSY_MS, BUSY_MS),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("mmap_size", 0, 0),
)


def create_private(path: Path) -> None:
    """Create an empty database file with mode 0600, unless it is there; refuse one that others can read."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            raise Refused(f"{path} can be read by other accounts: run `chmod 600 {path}` and start again") from None


def _prepare(link: sqlite3.Connection, *, foreign_keys: bool, read_only: bool) -> None:
    # SQLAlchemy must not open transactions behind our back: its default leaves half a migration behind.
    link.isolation_level = None
    for name, value, expected in _RECIPE:
        wanted = ("OFF", 0) if name == "foreign_keys" and not foreign_keys else (value, expected)
        link.execute(f"PRAGMA {name}={wanted[0]}").fetchall()
        answer = link.execute(f"PRAGMA {name}").fetchone()
        if answer is not None and answer[0] != wanted[1]:
            raise Refused(
                f"the database refuses {name}={wanted[0]} (it says {answer[0]}): is the disk a network share?"
            )
    # SQLite's own knows ASCII only, and a customer called Özil is looked for as "özil".
    link.create_function("lower", 1, lambda text: text.lower() if isinstance(text, str) else text, deterministic=True)
    if read_only:
        # Only the writer checkpoints: SQLite before 3.51.3 can lose a WAL that two connections reset at once.
        link.execute("PRAGMA wal_autocheckpoint=0").fetchall()
        link.execute("PRAGMA query_only=ON").fetchall()


def _engine(path: Path, *, begin: str, foreign_keys: bool = True, read_only: bool = False, pool: int = 1) -> Engine:
    pooling: dict[str, Any] = (
        {"poolclass": QueuePool, "pool_size": pool, "max_overflow": 0} if pool else {"poolclass": NullPool}
    )
    engine = sa.create_engine(
        f"sqlite:///{path}",
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
        # A failed statement goes into the log, which must not show what a customer wrote.
        hide_parameters=True,
        **pooling,
    )

    @event.listens_for(engine, "connect")
    def _connected(link: sqlite3.Connection, _record: object) -> None:
        _prepare(link, foreign_keys=foreign_keys, read_only=read_only)

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def writing_engine(path: Path) -> Engine:
    """Return the engine of the one connection that writes and checkpoints; its transactions begin IMMEDIATE."""
    return _engine(path, begin="BEGIN IMMEDIATE")


def reading_engine(path: Path) -> Engine:
    """Return the engine of the few connections that only read."""
    return _engine(path, begin="BEGIN DEFERRED", read_only=True, pool=READERS)


def migrating_engine(path: Path) -> Engine:
    """Return the engine that changes the schema: without foreign keys, or a rebuilt table loses its children."""
    return _engine(path, begin="BEGIN IMMEDIATE", foreign_keys=False, pool=0)
