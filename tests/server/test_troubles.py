"""What goes wrong again and again: said once a cause, then seldom, and once when it is over."""

import asyncio
import contextlib
import errno
import logging
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.server.troubles import Troubles
from agentconsole.wire import commands
from tests import needs
from tests.desk_bench import make_home
from tests.server_bench import PEOPLE, Caller, Served, on_a_loop, scalar, serve, until

SECONDS = 5.0


class _Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def _full() -> OSError:
    return OSError(errno.ENOSPC, "No space left on device")


def test_one_cause_is_said_once_and_then_at_growing_intervals(caplog: pytest.LogCaptureFixture) -> None:
    clock = _Hand()
    troubles = Troubles(clock)
    said_at = []

    for second in range(600):
        clock.at = float(second)
        before = len(caplog.records)
        troubles.failed("sweep", _full())
        said_at += [second] * (len(caplog.records) - before)

    assert said_at == [0, 30, 90, 210, 450]
    assert caplog.records[0].getMessage() == "sweep: The desk's disk is full: make room. It is tried again."
    assert {record.exc_info for record in caplog.records} == {None}


@pytest.mark.parametrize(
    ("error", "says", "traced"),
    [
        (_full(), "The desk's disk is full", False),
        (RuntimeError("(sqlite3.OperationalError) database or disk is full"), "The desk's disk is full", False),
        (RuntimeError("(sqlite3.OperationalError) disk I/O error"), "The desk's disk fails", False),
        (OSError(errno.EIO, "Input/output error"), "The desk's disk fails", False),
        (Refused("Only so much."), "Only so much.", False),
        (KeyError("x"), "KeyError: 'x'.", True),
    ],
    ids=["full", "SQLite is full", "SQLite fails", "failing", "refused", "fault"],
)
def test_only_a_fault_of_ours_has_a_traceback(
    caplog: pytest.LogCaptureFixture, error: Exception, says: str, traced: bool
) -> None:
    Troubles(_Hand()).failed("sweep", error)

    assert says in caplog.text
    assert (caplog.records[0].exc_info is not None) is traced


def test_another_cause_is_said_at_once_and_the_end_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    troubles = Troubles(_Hand())

    for error in (_full(), _full(), KeyError("x")):
        troubles.failed("sweep", error)
    troubles.worked("sweep")
    troubles.worked("sweep")

    assert [record.getMessage().split(".")[0] for record in caplog.records] == [
        "sweep: The desk's disk is full: make room",
        "sweep: KeyError: 'x'",
        "sweep: works again, after it failed 1 times",
    ]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of a few megabytes."""
    needs.root("mounts a small disk to fill it")
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)
    return filler


async def _until_full(ana: Caller, number: int) -> Refused:
    """Write until the database has used up what space it had left for itself."""
    for _ in range(2000):
        try:
            await ana.ask(commands.AddNote(number, "x" * 50_000))
        except Refused as refused:
            return refused
    raise AssertionError("the disk never was full")


async def _breached(served: Served) -> None:
    """Wait until the sweep has recorded what fell due while the disk was full."""
    while await scalar(served, "SELECT count(*) FROM event WHERE kind = 'clock.breached'") == 0:
        await asyncio.sleep(0.05)


@on_a_loop
async def test_on_a_full_disk_a_writer_is_told_the_log_is_short_and_all_goes_on_when_there_is_room(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """PROMISES R3."""
    caplog.set_level(logging.INFO)
    paths = make_home(small_disk, people=PEOPLE)
    async with serve(small_disk, paths=paths) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")
        filler = _fill(small_disk)
        refused = await _until_full(ana, number)
        served.clock.move(timedelta(days=20))
        await asyncio.sleep(4)
        noisy = [record for record in caplog.records if record.levelno >= logging.WARNING]
        breached = await scalar(served, "SELECT count(*) FROM event WHERE kind = 'clock.breached'")

        filler.unlink()
        began = asyncio.get_running_loop().time()
        await ana.ask(commands.AddNote(number, "There is room."))
        await until(lambda: "sweep: works again" in caplog.text, within=SECONDS)
        took = asyncio.get_running_loop().time() - began
        await asyncio.wait_for(_breached(served), SECONDS)
        sound = await scalar(served, "PRAGMA integrity_check")

    assert refused.code == "full"
    assert "The desk's disk is full" in refused.sentence
    assert 1 <= len(noisy) <= 4, [record.getMessage() for record in noisy]
    assert {record.exc_info for record in noisy} == {None}
    assert (breached, sound) == (0, "ok")
    assert took < SECONDS
