"""The moment of a move: the old database is marked, and the one setting that says where the desk is changes, at once.

Killed before that moment the desk is where it was, and its next server takes the mark back; killed after it, the desk
is where it was moved to. The mark is in the place of the schema's version, so that no program of any version opens it.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Connection

from agentconsole.config.paths import DeskPaths
from agentconsole.storage.database import database_of
from agentconsole.storage.moving_ends import opened_end
from agentconsole.storage.upgrade import MOVED, schema_of

_IS_MARKED = f"substr(version_num, 1, {len(MOVED)}) = '{MOVED}'"
_MARK = f"UPDATE alembic_version SET version_num = '{MOVED}' || version_num WHERE NOT {_IS_MARKED}"  # noqa: S608
_UNMARK = f"UPDATE alembic_version SET version_num = substr(version_num, {len(MOVED) + 1}) WHERE {_IS_MARKED}"  # noqa: S608


def begin_switch(paths: DeskPaths, keep: Callable[[DeskPaths], None] | None) -> None:
    """Write down what the setting is to be, as `keep` does it (None: a file), before the old database is marked."""
    folder = paths.moving
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    if keep is not None:
        staged = replace(paths, home=folder)
        keep(staged)
        _sync(staged.database_named)
    _sync(folder)
    _sync(paths.home)


def mark(connection: Connection) -> None:
    """Mark a database as the old one, in the transaction that the connection is in; its owner does it."""
    connection.exec_driver_sql(_MARK)


def switch(paths: DeskPaths, at: datetime) -> None:
    """Change where the desk is: one rename, and it is on the disk when this returns."""
    staged = replace(paths, home=paths.moving).database_named
    if staged.exists():
        staged.rename(paths.database_named)
    else:
        paths.database_named.rename(paths.home / f"database-before-move-{at:%Y%m%dT%H%M%SZ}.toml")
    _sync(paths.home)


def end_switch(paths: DeskPaths, at: datetime) -> None:
    """Put an old file aside and take away what the switch needed; may be done again, also for one that was killed."""
    if paths.database_named.exists():
        set_aside(paths, at)
    shutil.rmtree(paths.moving, ignore_errors=True)
    _sync(paths.home)


def set_aside(paths: DeskPaths, at: datetime) -> None:
    """Rename a marked file of this desk, so that another may be made in its place."""
    if not paths.database.exists() or not schema_of(paths.database).startswith(MOVED):
        return
    aside = paths.home / f"{paths.database.stem}-before-move-{at:%Y%m%dT%H%M%SZ}.sqlite3"
    for part in ("-wal", "-sums", ""):
        if (there := Path(f"{paths.database}{part}")).exists():
            there.rename(f"{aside}{part}")
    Path(f"{paths.database}-shm").unlink(missing_ok=True)


def recover(paths: DeskPaths, at: datetime) -> None:
    """Take back what a move that was killed has begun; the desk is where its setting says, whichever moment that was.

    For the one server of a desk, before it opens the database.
    """
    if not paths.moving.exists():
        return
    with opened_end(database_of(paths)) as end, end.writing.begin() as connection:
        connection.exec_driver_sql(_UNMARK)
    end_switch(paths, at)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
