"""How the database is opened: every setting asked back, and files that nobody else can read."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from agentconsole.domain.errors import Refused
from agentconsole.storage.engine import create_private, migrating_engine, reading_engine, writing_engine

RECIPE = {
    "journal_mode": "wal",
    "synchronous": 2,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
    "busy_timeout": 5000,
}


def _settings(engine: Engine, *names: str) -> dict[str, object]:
    with engine.connect() as connection:
        found = {name: connection.execute(sa.text(f"PRAGMA {name}")).scalar() for name in names}
    engine.dispose()
    return found


@pytest.mark.parametrize(
    ("open_it", "more"),
    [
        pytest.param(writing_engine, {"foreign_keys": 1, "query_only": 0, "wal_autocheckpoint": 1000}, id="writing"),
        pytest.param(reading_engine, {"foreign_keys": 1, "query_only": 1, "wal_autocheckpoint": 0}, id="reading"),
        pytest.param(migrating_engine, {"foreign_keys": 0, "query_only": 0}, id="migrating"),
    ],
)
def test_every_connection_is_set_as_the_recipe_says(
    tmp_path: Path, open_it: Callable[[Path], Engine], more: dict[str, object]
) -> None:
    """PROMISES section 6, item 3."""
    create_private(tmp_path / "desk.sqlite3")

    found = _settings(open_it(tmp_path / "desk.sqlite3"), *RECIPE, *more)

    assert found == RECIPE | more


def test_a_setting_that_does_not_take_is_refused(tmp_path: Path) -> None:
    """In memory there is no WAL, as on some network shares."""
    engine = writing_engine(Path(":memory:"))

    with pytest.raises(Refused, match="journal_mode=WAL"):
        engine.connect()


def test_a_new_database_and_what_lies_beside_it_is_nobody_else_s_to_read(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    before = os.umask(0o022)
    try:
        create_private(path)
        engine = writing_engine(path)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE t (a)"))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    engine.dispose()

    assert modes == dict.fromkeys(("desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3-shm"), 0o600)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660, 0o606])
def test_a_database_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "desk.sqlite3"
    path.touch()
    path.chmod(mode)

    with pytest.raises(Refused, match="chmod 600"):
        create_private(path)


def test_writing_begins_at_once_and_not_with_the_first_write(tmp_path: Path) -> None:
    """BEGIN IMMEDIATE: who reads first and writes later must not find the database changed in between."""
    create_private(tmp_path / "desk.sqlite3")
    engine, other = (writing_engine(tmp_path / "desk.sqlite3") for _ in range(2))

    with engine.begin() as first, other.connect() as second:
        first.execute(sa.text("SELECT 1"))
        second.connection.dbapi_connection.execute("PRAGMA busy_timeout = 0")  # type: ignore[union-attr]
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            second.execute(sa.text("SELECT 1"))
    engine.dispose()
    other.dispose()


def test_lower_knows_more_than_ascii(tmp_path: Path) -> None:
    create_private(tmp_path / "desk.sqlite3")
    engine = reading_engine(tmp_path / "desk.sqlite3")

    with engine.connect() as connection:
        lowered = connection.execute(sa.text("SELECT lower('ÖZİL Ñ'), lower(7), lower(NULL)")).one()
    engine.dispose()

    assert tuple(lowered) == ("ÖZİL Ñ".lower(), 7, None)


def test_a_statement_that_fails_does_not_say_what_was_to_be_written(tmp_path: Path) -> None:
    """PROMISES 21: the log shows no customer's text."""
    path = tmp_path / "desk.sqlite3"
    create_private(path)
    engine = writing_engine(path)

    with engine.connect() as connection, pytest.raises(sa.exc.OperationalError) as failed:
        connection.execute(sa.text("INSERT INTO nowhere VALUES (:text)"), {"text": "my card is 4111"})

    engine.dispose()
    assert "nowhere" in str(failed.value)
    assert "4111" not in str(failed.value)
