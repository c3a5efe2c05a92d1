"""A desk that `init` puts into PostgreSQL: served, looked after, and told of where it cannot be."""

import os
import shutil
import stat
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.postgres import HOST, Place, cluster

NOWHERE = f"postgresql://nobody@{HOST}:1/desk"


@pytest.fixture(name="place")
def _place() -> Iterator[Place]:
    place = cluster().database()
    yield place
    cluster().drop(place)


@pytest.fixture(name="program")
def _program(tmp_path: Path) -> Program:
    (tmp_path / "answers.toml").write_text('[[brands]]\npack = "ecolab"\n', encoding="utf-8")
    return Program(tmp_path / "home")


def _init(program: Program, *more: str) -> tuple[str, str, int]:
    said = program("init", "--answers", str(program.home.parent / "answers.toml"), *more)
    return said.out, said.err, said.code


def test_a_desk_in_postgresql_is_made_served_and_examined(program: Program, place: Place) -> None:
    out, err, code = _init(program, "--database", place.app, "--database-owner", place.owner)
    try:
        doctor = program("doctor")
        backup = program("backup", "to", str(program.home / "copy"))
    finally:
        program.stop()

    assert (err, code) == ("", 0)
    assert "One role owns the tables" not in out
    assert not (program.home / "desk.sqlite3").exists()
    assert doctor.code == 0, doctor.err
    assert "PostgreSQL 15" in doctor.out
    assert "sqlite" not in doctor.out
    assert backup.code != 0
    assert cluster().ask("SELECT kind FROM event ORDER BY seq LIMIT 1", place.name) == [("desk.founded",)]


def test_what_it_signs_in_with_is_kept_where_nobody_else_reads(program: Program, place: Place) -> None:
    before = os.umask(0)
    try:
        out, _, _ = _init(program, "--database", place.owner)
    finally:
        os.umask(before)

    file = program.home / "database.toml"
    assert "One role owns the tables and uses them" in out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert tomllib.loads(file.read_text("utf-8")) == {"app": place.owner, "owner": place.owner}


def test_a_database_that_has_a_desk_is_not_given_another(tmp_path: Path, program: Program, place: Place) -> None:
    _init(program, "--database", place.owner)
    other = Program(tmp_path / "other")

    _, err, code = _init(other, "--database", place.owner)

    assert (code, (other.home / "database.toml").exists()) == (1, False)
    assert "There is a desk in that database already" in err


def test_a_second_server_works_beside_the_first_and_ends_none_of_its_sessions(
    tmp_path: Path, program: Program, place: Place
) -> None:
    _init(program, "--database", place.owner)
    other = Program(tmp_path / "other")
    shutil.copytree(program.home, other.home)
    try:
        with _serving(program):
            _wait_until(lambda: _servers(place) == 1)
            cluster().ask(f"{_SESSION} (SELECT id FROM server))", place.name)
            with _serving(other):
                _wait_until(lambda: _servers(place) == 2)
                beside = program("status")
            after = cluster().ask("SELECT ended_at FROM session", place.name)
    finally:
        program.stop()

    assert f"{other.home}" in beside.out
    assert after == [(None,)]
    assert (_servers(place), cluster().ask("SELECT end_reason FROM session", place.name)) == (
        0,
        [("the server was stopped",)],
    )
    assert cluster().ask("SELECT count(*) FROM lease WHERE holder <> ''", place.name) == [(0,)]


_SESSION = (
    'INSERT INTO "user" (login, name, role, password_hash, must_change, disabled, created_at, taken) VALUES'
    " ('ana', 'Ana', 'agent', '', false, false, 0, 0); INSERT INTO session (id, user_id, began_at, seen_at, code_at,"
    " end_reason, peer, address, server_id) VALUES ('s', (SELECT max(id) FROM \"user\"), 0, 0, 0, '', 1, '',"
)


def _servers(place: Place) -> int:
    return int(cluster().ask("SELECT count(*) FROM server", place.name)[0][0])


@contextmanager
def _serving(program: Program) -> Iterator[None]:
    command = [sys.executable, "-I", "-m", "agentconsole", "serve"]
    serving = subprocess.Popen(command, env=program.environ, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        serving.terminate()
        serving.wait(30)


def _wait_until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(500):
        if holds():
            return
        pause.wait(0.02)
    raise AssertionError("it never came to that")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (("--database", NOWHERE), "The database cannot be reached"),
        (("--database", "postgresql://desk:tr0ub4dor@db/desk"), "without a password, and change that one"),
        (("--database", "host=db password=tr0ub4dor"), "without a password, and change that one"),
        (("--database", NOWHERE, "--database-owner", "user=a password=tr0ub4dor"), "without a password"),
        (("--database", "desk.sqlite3"), "Name the database as postgresql://ROLE@HOST/NAME"),
        (("--database-owner", NOWHERE), "name it with --database"),
    ],
)
def test_a_database_that_cannot_be_is_refused_and_nothing_is_made(
    program: Program, named: tuple[str, ...], said: str
) -> None:
    out, err, code = _init(program, *named)

    assert (out, code) == ("", 1)
    assert said in err
    assert err.count("\n") == 1
    assert "tr0ub4dor" not in err
    assert not program.home.exists()


def test_a_file_that_names_no_database_is_told_of(program: Program) -> None:
    program.home.mkdir(mode=0o700)
    (program.home / "database.toml").write_text("app = 7\n", "utf-8")

    said = program("serve")

    assert said.code == 1
    assert "must say app =" in said.err


def test_a_server_that_starts_before_its_database_waits_for_it(program: Program, place: Place) -> None:
    """As when the power comes back to both hosts; it says so once, and nobody has to start it again."""
    _init(program, "--database", place.owner)
    said = program.home.parent / "said"
    cluster().stop()
    try:
        with said.open("wb") as err:
            serving = subprocess.Popen(
                [sys.executable, "-I", "-m", "agentconsole", "serve"], env=program.environ, stderr=err
            )
        _wait_until(lambda: "The database cannot be reached" in said.read_text("utf-8"))
    finally:
        cluster().start()
    try:
        _wait_until(lambda: f"serving {program.home}" in said.read_text("utf-8"))
        status = program("status")
    finally:
        serving.terminate()
        serving.wait(30)

    assert status.code == 0
    assert said.read_text("utf-8").count("The database cannot be reached") == 1
    assert "Traceback" not in said.read_text("utf-8")


def test_a_console_does_not_wait_for_a_database_that_is_away(program: Program) -> None:
    program.home.mkdir(mode=0o700)
    (program.home / "database.toml").write_text(f'app = "{NOWHERE}"\n', "utf-8")

    said = program("doctor")

    assert said.code == 1
    assert "The database cannot be reached" in said.err
