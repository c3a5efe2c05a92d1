"""PROMISES 1, R3: no room, no inodes or a file too large; who writes is told, nothing breaks, and all goes on after."""

import asyncio
import contextlib
import resource
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.storage.events import verify
from agentconsole.wire import commands
from agentconsole.wire.frames import Copied, Done
from tests import needs
from tests.desk_bench import make_home, raw_mail
from tests.server_bench import PEOPLE, Caller, Served, on_a_loop, scalar, serve

SECONDS = 5.0
LARGE = "x" * 40_000
WHY = "mounts a small disk to fill it"
TOLD = frozenset({"full", "disk"})


@contextmanager
def _mounted(folder: Path, options: str) -> Iterator[Path]:
    needs.root(WHY)
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"{options},mode=700", "tmpfs", str(disk)], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@contextmanager
def _no_space(disk: Path) -> Iterator[None]:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)
    yield
    filler.unlink()


@contextmanager
def _no_inodes(disk: Path) -> Iterator[None]:
    made = []
    with contextlib.suppress(OSError):
        while True:
            place = disk / f"filler{len(made)}"
            place.touch()
            made.append(place)
    yield
    for place in made:
        place.unlink()


@contextmanager
def _no_larger_file(disk: Path) -> Iterator[None]:
    """Let no file grow beyond what the desk's largest has now; Python ignores the signal and sees EFBIG."""
    largest = max(path.stat().st_size for path in disk.rglob("*") if path.is_file())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


KINDS: dict[str, tuple[str, Callable[[Path], contextlib.AbstractContextManager[None]]]] = {
    "no space": ("size=12m", _no_space),
    "no inodes": ("size=64m,nr_inodes=200", _no_inodes),
    "no larger file": ("size=64m", _no_larger_file),
}


def _paths_of_writing(number: int) -> dict[str, object]:
    """Name each way in which something is written, and what is asked for it."""
    return {
        "note": commands.AddNote(number, f"note {LARGE}"),
        "reply": commands.Reply(number, 1 << 40, f"Dear Rosa {LARGE}"),
        "draft": commands.SaveDraft(number, "note", LARGE),
        "tag": commands.Tag(number, ("full",)),
        "take": commands.Take(number, 1 << 40),
        "escalate": commands.Escalate(number, 1 << 40, LARGE),
        "priority": commands.SetPriority(number, 1 << 40, "high"),
        "lock": commands.Lock(),
        "unlock": commands.Unlock("wrong"),
    }


def _paths_of_the_host() -> dict[str, object]:
    return {
        "mail": commands.ImportMail("x.eml", raw_mail("eve@example.org", "Full", LARGE, message_id="<full@c.test>")),
        "user": commands.AddUser("bo", "Bo", "agent", "a quiet horse on a hill"),
        "mailbox": commands.SetMailbox(
            "", "care@desk.test", "127.0.0.1", 1, "plain", "127.0.0.1", 1, "plain", "care", LARGE
        ),
        "backup": commands.BeginBackup(),
    }


async def _outcome(caller: Caller, body: object) -> str:
    try:
        answer = await caller.ask(body)
    except Refused as refused:
        return refused.code
    assert isinstance(answer, Done | Copied)
    return "done"


async def _fill_up(ana: Caller, number: int) -> int:
    """Write notes until one is refused; returns how many were taken."""
    for taken in range(3000):
        outcome = await _outcome(ana, commands.AddNote(number, f"filling {taken} {LARGE}"))
        if outcome != "done":
            assert outcome in TOLD
            return taken
    raise AssertionError("the disk never was full")


async def _write_all(served: Served, ana: Caller, number: int) -> dict[str, str]:
    host = await served.caller()
    outcomes = {name: await _outcome(ana, ask) for name, ask in _paths_of_writing(number).items()}
    return outcomes | {name: await _outcome(host, ask) for name, ask in _paths_of_the_host().items()}


@contextlib.asynccontextmanager
async def _desk(disk: Path) -> AsyncIterator[tuple[Served, Caller, int]]:
    async with serve(disk, paths=make_home(disk, people=PEOPLE)) as served:
        number = await served.ticket()
        yield served, await served.sign_in("ana"), number


@pytest.mark.parametrize("kind", list(KINDS))
@on_a_loop
async def test_r3_who_writes_is_told_nothing_breaks_and_all_goes_on_when_there_is_room(
    tmp_path: Path, kind: str
) -> None:
    options, full = KINDS[kind]
    with _mounted(tmp_path, options) as disk:
        async with _desk(disk) as (served, ana, number):
            with full(disk):
                # Without inodes the database goes on: its files are there, and only new ones are refused.
                filled = 0 if kind == "no inodes" else await _fill_up(ana, number)
                outcomes = await _write_all(served, ana, number)
            began = asyncio.get_running_loop().time()
            await ana.ask(commands.Unlock("a quiet horse on a hill"))
            await ana.ask(commands.AddNote(number, "There is room."))
            host = await served.caller()
            mail = await host.ask(_paths_of_the_host()["mail"])
            took = asyncio.get_running_loop().time() - began
            notes = await scalar(served, "SELECT count(*) FROM contact WHERE text LIKE 'filling%'")
            sound = await scalar(served, "PRAGMA integrity_check")
            key = served.desk.context.audit_key
            verdict = await asyncio.wrap_future(served.desk.reader.submit(lambda session: verify(session, key)))

    print(f"{kind}: {filled} notes until it was full, then {outcomes}; room again in {took:.2f} s")
    assert set(outcomes.values()) <= {"done", "locked", "sign-in", "refused", "stale", "unlock", *TOLD}, outcomes
    assert (outcomes["mail"], outcomes["backup"]) != ("done", "done"), "else nothing was full"
    assert (notes, sound, verdict.fault, mail.ticket is not None) == (filled, "ok", "", True)
    assert took < SECONDS
