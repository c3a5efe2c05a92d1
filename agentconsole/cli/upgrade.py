"""`agentconsole database upgrade`: the schema this program needs, made by the role that owns the tables."""

import argparse
from dataclasses import replace

from agentconsole.cli.ask import require_desk, the_desk
from agentconsole.cli.database import owner_of
from agentconsole.cli.say import tell
from agentconsole.config.clock import SystemClock
from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.security.hardening import harden_process
from agentconsole.server.main import ServerLock
from agentconsole.storage.database import Database, SqliteFile, database_of
from agentconsole.storage.moving_switch import recover
from agentconsole.storage.postgres_database import PostgresDatabase
from agentconsole.storage.upgrade import HEAD


def upgrade(line: argparse.Namespace) -> int:
    """Upgrade the desk's database while no server of the desk runs; one that needs nothing is left as it is."""
    harden_process()
    paths = the_desk()
    require_desk(paths)
    database = database_of(paths)
    if isinstance(database, SqliteFile) and (line.owner or line.password_file):
        raise Refused("This desk is kept in a file, which has no owner but its account: leave the options out.")
    if database.schema() == HEAD:
        tell(f"The database has the schema {HEAD}, which is what this program needs: nothing to do.")
        return 0
    lock = ServerLock(paths.lock)
    try:
        recover(paths, SystemClock().now())
        before = _as_owner(database, line).upgrade(paths.place)
    finally:
        lock.release()
    tell("\n".join(_lines(before, paths, database)))
    return 0


def _as_owner(database: Database, line: argparse.Namespace) -> Database:
    """Return the database as the one that may change its tables signs in to it."""
    if not isinstance(database, PostgresDatabase):
        return database
    owner = line.owner or database.owner or database.app
    return replace(database, owner=owner_of(owner, line.password_file, database))


def _lines(before: str, paths: DeskPaths, database: Database) -> list[str]:
    lines = [f"The database had the schema {before} and has {HEAD} now."]
    if isinstance(database, SqliteFile):
        lines.append(
            f"As it was, it is kept in {paths.database.with_name(f'{paths.database.stem}-before-{before}.sqlite3')}."
        )
    start = "`systemctl start agentconsole`" if paths.team else "`agentconsole serve`, or open the console"
    return [*lines, f"Next: {start}, on every host that serves the desk, with this version of the program."]
