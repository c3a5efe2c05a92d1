"""Bringing the schema up to date: all or nothing, a copy first, and a polite no to a schema from the future."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from agentconsole.domain.errors import Refused
from agentconsole.storage.engine import create_private, migrating_engine

HEAD = "0012"
MOVED = "moved "
"""Stands before the schema's version in a database whose desk was moved to another one; greater than any version."""
SEPARATOR = "\n--\n"
"""Stands between the statements of the newest schema: triggers have semicolons inside."""


def schema_of(path: Path) -> str:
    """Return the schema version of the database file, "" when it has none yet."""
    link = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        row = link.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return ""
        raise
    except sqlite3.DatabaseError as error:
        raise Refused(f"{path} is damaged or no desk's database ({error}): restore a backup.") from error
    finally:
        link.close()
    return "" if row is None else str(row[0])


def upgrade(path: Path) -> str:
    """Create or upgrade the database at `path` and return what its schema was before.

    An existing one is copied beside itself first. Refuses a schema that this program does not know.
    """
    create_private(path)
    before = schema_of(path)
    if before == HEAD:
        return before
    refuse_newer(before)
    if before:
        _copy(path, before)
        migrate(path)
    else:
        create(path)
    return before


def _copy(path: Path, before: str) -> None:
    copy = path.with_name(f"{path.stem}-before-{before}.sqlite3")
    copy.unlink(missing_ok=True)
    create_private(copy)
    link = sqlite3.connect(path)
    try:
        with sqlite3.connect(copy) as target:
            link.backup(target)
        target.close()
    finally:
        link.close()


def create(path: Path) -> None:
    """Create the newest schema in an empty file from the statements that the migrations come to.

    That is what `migrate` makes too (a test compares them), without the half second that Alembic takes to import.
    """
    engine = migrating_engine(path)
    try:
        with engine.begin() as connection:
            for statement in fresh_statements():
                connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


def fresh_statements() -> tuple[str, ...]:
    """Return the statements of the newest schema, in the order they run in."""
    text = (Path(__file__).parent / "migrations" / "fresh.sql").read_text("utf-8")
    return tuple(statement for piece in text.split(SEPARATOR) if (statement := piece.strip()))


def migrate(path: Path) -> None:
    """Run all migrations that the file has not seen, in one transaction; refuses what would leave loose references."""
    engine = migrating_engine(path)
    try:
        with engine.begin() as connection:
            run_migrations(connection)
            faults = connection.execute(sa.text("PRAGMA foreign_key_check")).fetchall()
            if faults:
                raise Refused(
                    f"The upgrade would leave {len(faults)} loose references: nothing was changed, report this."
                )
    finally:
        engine.dispose()


def run_migrations(connection: Connection) -> None:
    """Run all migrations that a database has not seen, in the transaction that the connection is in."""
    from alembic import command  # noqa: PLC0415 - 0.4 s to import, and needed only when the schema is old
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "agentconsole:storage/migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def refuse_newer(before: str) -> None:
    """Refuse a schema that this program does not know yet, and a database that its desk has left."""
    if before.startswith(MOVED):
        raise Refused(
            "The desk has moved to another database, and this one is kept as it was then: start the desk where "
            "`agentconsole database move` was typed."
        )
    if before > HEAD:
        raise Refused(
            f"This desk was last used with a newer agentconsole (its schema is {before}, this program knows {HEAD}): "
            "install that version again, or restore the copy it made before it upgraded."
        )
