"""`agentconsole database upgrade`: a desk of an older version, in a file and in PostgreSQL, as its owner."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config

from agentconsole.config.paths import desk_paths
from agentconsole.server.main import ServerLock
from agentconsole.storage import engine as sqlite
from agentconsole.storage import postgres, postgres_upgrade
from agentconsole.storage.database import keep_name
from agentconsole.storage.postgres_password import joined
from agentconsole.storage.postgres_wall import build_wall
from agentconsole.storage.upgrade import HEAD, schema_of
from tests.cli.program import Program
from tests.postgres import APP, LOCKED, PASSWORD, Place, cluster

OLD = "0008"
KEPT = ("desk", "crypto_key", "brand", "pack_version", "event")
NOTHING = f"The database has the schema {HEAD}, which is what this program needs: nothing to do.\n"


def _migrated_to_old(connection: Any) -> None:
    config = Config()
    config.set_main_option("script_location", "agentconsole:storage/migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, OLD)


def _copy(rows: dict[str, list[dict[str, Any]]], into: Any, mark: str) -> None:
    """Put rows into tables of the older schema; as texts, which either database reads as what its columns are."""
    for table, found in rows.items():
        for row in found:
            names = ", ".join(row)
            marks = ", ".join([mark] * len(row))
            values = [value if isinstance(value, bytes | None) else str(value) for value in row.values()]
            into.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)


def _taken(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Take the rows of a desk that was founded just now, and its file away."""
    with closing(sqlite3.connect(path)) as link:
        link.row_factory = sqlite3.Row
        rows = {table: [dict(row) for row in link.execute(f"SELECT * FROM {table}")] for table in KEPT}
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()
    # Who put a version into force, the older schema did not keep beside it.
    assert [row.pop("author") for row in rows["pack_version"]] == ["desk"]
    return rows


def _author(desk: Program) -> str:
    """Say who put the one version of the policy into force, as the upgraded desk knows it."""
    (row,) = json.loads(desk("policy", "versions", "ecomstore", "--json").out)["versions"]
    return str(row["author"])


@pytest.fixture(name="old")
def _old(desk: Program) -> Program:
    """Return a desk whose file an older version made."""
    path = desk_paths(desk.environ).database
    rows = _taken(path)
    sqlite.create_private(path)
    engine = sqlite.migrating_engine(path)
    with engine.begin() as connection:
        _migrated_to_old(connection)
        _copy(rows, connection.connection.dbapi_connection, "?")
    engine.dispose()
    return desk


@pytest.fixture(name="place")
def _place() -> Iterator[Place]:
    place = cluster().database()
    cluster().ask(f"ALTER DATABASE {place.name} OWNER TO {LOCKED}")
    yield place
    cluster().drop(place)


@pytest.fixture(name="old_there")
def _old_there(desk: Program, place: Place) -> Program:
    """Return a desk in PostgreSQL of an older version, which knows its own role only; the owner has a password."""
    paths = desk_paths(desk.environ)
    rows = _taken(paths.database)
    engine = postgres.migrating_engine(joined(cluster().conninfo(LOCKED, place.name), PASSWORD))
    with engine.begin() as connection:
        _migrated_to_old(connection)
        build_wall(connection)
        postgres_upgrade._grant(connection, APP)
        _copy(rows, connection.connection.dbapi_connection, "%s")
    engine.dispose()
    keep_name(paths, place.app, "")
    return desk


def test_a_file_of_an_older_version_is_upgraded_once_after_a_copy(old: Program) -> None:
    path = desk_paths(old.environ).database

    first, again = old("database", "upgrade"), old("database", "upgrade")
    doctor, author = old("doctor"), _author(old)

    copy = path.with_name(f"desk-before-{OLD}.sqlite3")
    assert (first.code, first.err) == (0, "")
    assert first.out.splitlines() == [
        f"The database had the schema {OLD} and has {HEAD} now.",
        f"As it was, it is kept in {copy}.",
        "Next: `agentconsole serve`, or open the console, on every host that serves the desk, "
        "with this version of the program.",
    ]
    assert (again.code, again.out) == (0, NOTHING)
    assert (schema_of(path), schema_of(copy), author) == (HEAD, OLD, "desk")
    assert (doctor.code, "event log: All 3 events are whole" in doctor.out) == (0, True), doctor.out


def test_the_owner_upgrades_what_the_server_may_not_and_then_it_serves(
    old_there: Program, place: Place, tmp_path: Path
) -> None:
    given = tmp_path / "given"
    given.write_text(f"{PASSWORD}\n", encoding="utf-8")
    given.chmod(0o600)
    owner = cluster().conninfo(LOCKED, place.name)

    refused = old_there("serve")
    without = old_there("database", "upgrade")
    stranger = old_there("database", "upgrade", "--owner", place.owner)
    left = cluster().ask("SELECT version_num FROM alembic_version", place.name)
    done = old_there("database", "upgrade", "--owner", owner, "--password-file", str(given))
    again = old_there("database", "upgrade")
    doctor, author = old_there("doctor"), _author(old_there)

    assert (refused.code, refused.out) == (1, "")
    assert f"has the schema {OLD}, this program needs {HEAD}" in refused.err
    assert "type `agentconsole database upgrade --owner postgresql://OWNER@HOST/NAME`" in refused.err
    assert (without.code, f"The tables belong to the role {LOCKED}" in without.err) == (1, True), without.err
    assert (stranger.code, f"The tables belong to the role {LOCKED}" in stranger.err) == (1, True), stranger.err
    assert left == [(OLD,)]
    assert (done.code, done.out.splitlines()[0]) == (0, f"The database had the schema {OLD} and has {HEAD} now.")
    assert (again.code, again.out) == (0, NOTHING)
    assert (doctor.code, "All 3 events are whole" in doctor.out, author) == (0, True, "desk"), doctor.out
    for said in (refused, without, stranger, done):
        assert PASSWORD not in said.out + said.err
        assert said.err.count("\n") <= 1


def test_a_desk_that_is_served_here_is_not_upgraded_under_its_server(old: Program) -> None:
    paths = desk_paths(old.environ)
    lock = ServerLock(paths.lock)
    try:
        said = old("database", "upgrade")
    finally:
        lock.release()

    assert (said.code, said.out) == (1, "")
    assert "use it, or stop it first" in said.err
    assert schema_of(paths.database) == OLD


def test_a_file_has_no_owner_to_name(desk: Program) -> None:
    said = desk("database", "upgrade", "--owner", "postgresql://owner@127.0.0.1/desk")

    assert (said.code, "leave the options out" in said.err) == (1, True)


def test_an_owner_that_is_named_with_a_password_is_refused(old_there: Program) -> None:
    said = old_there("database", "upgrade", "--owner", f"host=127.0.0.1 user=a password={PASSWORD}")

    assert (said.code, "without a password, and change that one" in said.err) == (1, True)
    assert PASSWORD not in said.err
