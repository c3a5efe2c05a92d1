"""PROMISES 8, U1: an upgrade that dies at any statement leaves the old schema or the new one, and never between."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from agentconsole.storage import postgres, postgres_upgrade, upgrade
from agentconsole.storage.engine import create_private, migrating_engine
from tests import needs
from tests.postgres import APP, Place, cluster
from tests.torture.old_desks import VERSIONS, contents, fill, make_old
from tests.torture.power import Disk, disk

OLDER = VERSIONS[:-1]
Contents = dict[str, list[Any]]


@contextmanager
def _at_each_statement(act: Callable[[int], None]) -> Iterator[None]:
    """Do something before each statement that is run, and before each commit; numbers begin at 1."""
    begun = 0
    acting = False

    def statement(*_: object) -> None:
        nonlocal begun, acting
        if not acting:
            acting, begun = True, begun + 1
            act(begun)
            acting = False

    sa.event.listen(Engine, "before_cursor_execute", statement)
    sa.event.listen(Engine, "commit", statement)
    try:
        yield
    finally:
        sa.event.remove(Engine, "before_cursor_execute", statement)
        sa.event.remove(Engine, "commit", statement)


def _read(engine: Engine) -> Contents:
    try:
        with engine.begin() as connection:
            return contents(connection)
    finally:
        engine.dispose()


def _old_file(path: Path, version: str) -> Path:
    create_private(path)
    engine = migrating_engine(path)
    with engine.begin() as connection:
        make_old(connection, version)
        fill(connection)
    engine.dispose()
    return path


def _file(path: Path) -> Contents:
    return _read(migrating_engine(path))


def _points(most: int, samples: int) -> list[int]:
    return sorted({(at + 1) * most // samples for at in range(samples)}) if samples else [*range(1, most + 1)]


def _die(work: Callable[..., object], arguments: tuple[Any, ...], number: int) -> None:
    """Run something in a process of its own that is killed before its n-th statement."""
    child = multiprocessing.get_context("fork").Process(target=_run_and_die, args=(work, arguments, number))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL, (number, child.exitcode)


def _run_and_die(work: Callable[..., object], arguments: tuple[Any, ...], number: int) -> None:
    def act(at: int) -> None:
        if at == number:
            os.kill(os.getpid(), signal.SIGKILL)

    with _at_each_statement(act):
        work(*arguments)


def _count(work: Callable[[], object]) -> int:
    begun: list[int] = []
    with _at_each_statement(begun.append):
        work()
    return len(begun)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("samples", [2, pytest.param(0, marks=pytest.mark.long)])
@pytest.mark.parametrize("version", OLDER)
def test_u1_an_upgrade_of_a_file_that_is_killed_leaves_the_old_or_the_new(
    tmp_path: Path, version: str, samples: int
) -> None:
    model = _old_file(tmp_path / "model.sqlite3", version)
    old = _file(model)
    whole = Path(shutil.copy(model, tmp_path / "whole.sqlite3"))
    most = _count(lambda: upgrade.upgrade(whole))
    new = _file(whole)
    path = tmp_path / "desk.sqlite3"

    for number in _points(most, samples):
        for left in tmp_path.glob("desk*"):
            left.unlink()
        shutil.copy(model, path)
        _die(upgrade.upgrade, (path,), number)
        assert _file(path) in (old, new), f"statement {number} of {most}"
        upgrade.upgrade(path)
        assert _file(path) == new
        assert _file(tmp_path / f"desk-before-{version}.sqlite3") == old

    assert old != new
    assert most > 5


def _killed_at_write(path: Path, kept: Path, number: int) -> int:
    """Upgrade a file in a process of its own that is killed in its n-th write (0: never); return the writes it made."""
    needs.root("traces an upgrade")
    tracing = [str(needs.program("strace")), "-f", "-qq", "-o", str(kept), "-e", "trace=pwrite64"]
    if number:
        tracing += ["-e", f"inject=pwrite64:signal=KILL:when={number}"]
    program = "import sys; from pathlib import Path; from agentconsole.storage.upgrade import upgrade; "
    program += "upgrade(Path(sys.argv[1]))"
    ended = subprocess.run([*tracing, sys.executable, "-c", program, str(path)], check=False, capture_output=True)
    assert (ended.returncode == 0) == (number == 0), ended
    return kept.read_text().count("pwrite64(")


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("samples", [3, pytest.param(0, marks=pytest.mark.long)])
@pytest.mark.parametrize("version", [OLDER[0], pytest.param(OLDER[-2], marks=pytest.mark.long)])
def test_u1_an_upgrade_that_is_killed_in_the_middle_of_writing_leaves_the_old_or_the_new(
    tmp_path: Path, version: str, samples: int
) -> None:
    model = _old_file(tmp_path / "model.sqlite3", version)
    old = _file(model)
    whole = Path(shutil.copy(model, tmp_path / "whole.sqlite3"))
    most = _killed_at_write(whole, tmp_path / "trace", 0)
    new = _file(whole)
    path = tmp_path / "desk.sqlite3"
    found = []

    for number in _points(most, samples):
        for left in tmp_path.glob("desk*"):
            left.unlink()
        shutil.copy(model, path)
        _killed_at_write(path, tmp_path / "trace", number)
        found.append(_file(path))
        upgrade.upgrade(path)
        assert _file(path) == new

    print(f"{len(found)} kills in {most} writes, {sum(one == new for one in found)} left the new schema")
    assert [one for one in found if one not in (old, new)] == []
    assert old in found
    assert new in found


@pytest.fixture
def drive() -> Iterator[Disk]:
    """Return a disk whose power can be cut."""
    with tempfile.TemporaryDirectory(prefix="power-") as folder, disk(Path(folder), "64M") as made:
        yield made


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("every", [8, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("version", [OLDER[0], *(pytest.param(one, marks=pytest.mark.long) for one in OLDER[1:])])
def test_u1_an_upgrade_whose_power_is_cut_leaves_the_old_or_the_new(
    drive: Disk, tmp_path: Path, version: str, every: int
) -> None:
    model = _old_file(tmp_path / "model.sqlite3", version)
    old = _file(model)
    shutil.copy(model, drive.place / "desk.sqlite3")
    os.sync()
    path = drive.place / "desk.sqlite3"
    found = []

    def look(at: int) -> None:
        if at % every == 0:
            drive.cut()
            with drive.as_cut() as place:
                found.append(_file(place / "desk.sqlite3"))

    with _at_each_statement(look):
        upgrade.upgrade(path)
    look(0)
    new = _file(path)

    print(f"{len(found)} cuts, {sum(one == new for one in found)} saw the new schema")
    assert [one for one in found if one not in (old, new)] == []
    assert found[-1] == new != old, "what was said to be done survives"
    assert old in found


@pytest.fixture
def place() -> Iterator[Place]:
    """Return a database of the cluster."""
    made = cluster().database()
    yield made
    cluster().drop(made)


def _superuser(name: str) -> Engine:
    """Return an engine that no wall stops, to fill a database and to see all of it."""
    conninfo = cluster().conninfo("postgres", name)
    return sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(conninfo), poolclass=NullPool)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("samples", [2, pytest.param(0, marks=pytest.mark.long)])
@pytest.mark.parametrize("version", OLDER)
def test_u1_an_upgrade_in_postgresql_that_is_killed_leaves_the_old_or_the_new(
    place: Place, version: str, samples: int
) -> None:
    engine = postgres.migrating_engine(place.owner)
    with engine.begin() as connection:
        make_old(connection, version)
    engine.dispose()
    with _superuser(place.name).begin() as connection:
        fill(connection)
        connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {APP}")
    old = _read(_superuser(place.name))
    whole = cluster().database(place.name)
    most = _count(lambda: postgres_upgrade.upgrade(whole.app, whole.owner))
    new = _read(_superuser(whole.name))
    cluster().drop(whole)

    for number in _points(most, samples):
        at = cluster().database(place.name)
        _die(postgres_upgrade.upgrade, (at.app, at.owner), number)
        assert _read(_superuser(at.name)) in (old, new), f"statement {number} of {most}"
        postgres_upgrade.upgrade(at.app, at.owner)
        assert _read(_superuser(at.name)) == new
        cluster().drop(at)

    assert old != new
    assert most > 5
