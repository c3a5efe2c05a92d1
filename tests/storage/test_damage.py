"""What is said of a database that cannot be read: only damage sends somebody back to a backup, and what came since."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from agentconsole.domain.errors import Refused
from agentconsole.storage.damage import refusing_damage

PAGE = 4096


def _write_what_another_program_writes(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        engine = sa.create_engine(f"sqlite:///{file}", connect_args={"timeout": 0}, poolclass=sa.pool.NullPool)
        with engine.begin() as link:
            link.execute(sa.text("UPDATE desk SET name = 'mine'"))


def _read_from_nowhere(file: Path) -> None:
    sqlite3.connect(f"{file.parent.as_uri()}/nowhere/desk.sqlite3?mode=ro", uri=True)


def _write_what_may_only_be_read(file: Path) -> None:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as link:
        link.execute("UPDATE desk SET name = 'mine'")


def _read_what_is_no_database(file: Path) -> None:
    file.write_bytes(b"x" * PAGE)
    with closing(sqlite3.connect(file)) as link:
        link.execute("SELECT * FROM desk")


def _read_a_page_that_was_overwritten(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:PAGE] + b"x" * PAGE)
    with closing(sqlite3.connect(file)) as link:
        link.execute("SELECT * FROM desk").fetchall()


def _read_a_table_that_was_taken_out(file: Path) -> None:
    with closing(sqlite3.connect(file)) as link:
        link.execute("SELECT * FROM ticket")


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (
            _write_what_another_program_writes,
            "Another program holds the database (database is locked): end it, or wait",
        ),
        (_read_from_nowhere, "This machine does not give the desk its database (unable to open database file): see to"),
        (_write_what_may_only_be_read, "This machine does not give the desk its database (attempt to write a readonly"),
        (_read_what_is_no_database, "The database cannot be read as it should (file is not a database): restore a b"),
        (
            _read_a_page_that_was_overwritten,
            "The database cannot be read as it should (database disk image is malformed",
        ),
        (_read_a_table_that_was_taken_out, "The database cannot be read as it should (no such table: ticket): restore"),
    ],
)
def test_only_damage_asks_for_a_backup(tmp_path: Path, read: Callable[[Path], None], said: str) -> None:
    file = tmp_path / "desk.sqlite3"
    with closing(sqlite3.connect(file)) as link:
        link.execute("CREATE TABLE desk (name)")

    with pytest.raises(Refused) as refused, refusing_damage():
        read(file)

    assert refused.value.sentence.startswith(said)
