"""Bringing the schema up to date: all of it or nothing, wherever it fails (PROMISES 8)."""

import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from agentconsole.domain.errors import Refused
from agentconsole.storage.upgrade import HEAD, migrate, schema_of, upgrade


@contextmanager
def _failing_at(number: int) -> Iterator[list[str]]:
    """Fail at the statement of that number, as a full disk would; yields the statements that were begun."""
    begun: list[str] = []

    def before(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        begun.append(statement)
        if len(begun) == number:
            raise sqlite3.OperationalError("database or disk is full")

    sa.event.listen(Engine, "before_cursor_execute", before)
    try:
        yield begun
    finally:
        sa.event.remove(Engine, "before_cursor_execute", before)


def _schema(path: Path) -> list[str]:
    link = sqlite3.connect(path)
    names = [row[0] for row in link.execute("SELECT name FROM sqlite_master ORDER BY name")]
    link.close()
    return names


def _statements(path: Path, make: Callable[[Path], object]) -> int:
    with _failing_at(0) as begun:
        make(path)
    return len(begun)


def _written_by(path: Path, version: str) -> None:
    upgrade(path)
    link = sqlite3.connect(path)
    with link:
        link.execute("UPDATE alembic_version SET version_num = ?", (version,))
    link.close()


def test_a_new_database_has_the_newest_schema_and_a_second_upgrade_changes_nothing(tmp_path: Path) -> None:
    first, again = upgrade(tmp_path / "desk.sqlite3"), upgrade(tmp_path / "desk.sqlite3")

    assert (first, again, schema_of(tmp_path / "desk.sqlite3")) == ("", HEAD, HEAD)


@pytest.mark.parametrize("make", [upgrade, migrate], ids=["new", "migrated"])
def test_an_upgrade_that_fails_at_any_statement_leaves_nothing_behind_and_can_be_repeated(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    total = _statements(tmp_path / "whole.sqlite3", make)
    whole = _schema(tmp_path / "whole.sqlite3")
    path = tmp_path / "desk.sqlite3"

    for number in range(1, total + 1):
        with _failing_at(number), pytest.raises((sqlite3.OperationalError, sa.exc.OperationalError)):
            make(path)
        assert _schema(path) == [], f"statement {number} of {total}"

    make(path)
    assert _schema(path) == whole
    assert total > 40


def test_u1_a_newer_schema_is_refused_politely_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    _written_by(path, "9999")
    before = path.read_bytes()

    with pytest.raises(Refused) as refused:
        upgrade(path)

    assert f"newer agentconsole (its schema is 9999, this program knows {HEAD})" in refused.value.sentence
    assert path.read_bytes() == before


def test_an_old_database_is_copied_before_it_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    _written_by(path, "0000")
    before = _schema(path)

    with pytest.raises(Exception, match="0000"):
        upgrade(path)

    copy = tmp_path / "desk-before-0000.sqlite3"
    assert (_schema(path), schema_of(path)) == (before, "0000")
    assert (_schema(copy), schema_of(copy)) == (before, "0000")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_file_that_is_no_database_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    path.write_bytes(b"no database at all " * 100)
    path.chmod(0o600)

    with pytest.raises(Refused, match="damaged or no desk's database"):
        upgrade(path)
