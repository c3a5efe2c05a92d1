"""A server's life: one a desk, a clean stop, and a start that nothing left over stands in the way of."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.config.clock import SystemClock
from agentconsole.config.paths import DeskPaths, desk_paths
from agentconsole.domain.errors import Refused
from agentconsole.server.desk import NewDesk, complete_founding, found_desk, open_desk
from agentconsole.server.intake import CUSTOMER
from agentconsole.server.main import Server, ServerLock, ServerOptions
from agentconsole.services import intake
from agentconsole.storage.transaction import DESK
from agentconsole.storage.types import micros
from agentconsole.storage.upgrade import upgrade
from agentconsole.wire import commands, queries
from agentconsole.wire.client import Client, LinkLost
from tests.desk_bench import ECOLAB, MONDAY, SHOP, Letterbox, make_home, master, raw_mail
from tests.queries.many_tickets import fill
from tests.server_bench import Caller, Served, on_a_loop, scalar, serve, until

REAL_SECONDS = 30.0


def _home(folder: Path) -> tuple[DeskPaths, dict[str, str]]:
    """Found a desk whose master key lies in a file, for servers in processes of their own."""
    environ = {**os.environ, "AGENTCONSOLE_MASTER_KEY_FILE": str(folder / "master.key")}
    paths = desk_paths(environ, folder / "home")
    new = NewDesk("Test desk", "Europe/London", (ECOLAB,))
    found_desk(paths, new, environ, wall=SystemClock())
    desk = open_desk(paths, environ, committed=lambda _: None)
    complete_founding(desk, new)
    desk.close()
    return paths, {**environ, "AGENTCONSOLE_HOME": str(paths.home)}


DUE = 3_000


@asynccontextmanager
async def _process(
    paths: DeskPaths, environ: dict[str, str], *more: str
) -> AsyncIterator["asyncio.subprocess.Process"]:
    """Run `agentconsole serve` as people do, until it answers."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        "agentconsole",
        "serve",
        *more,
        env=environ,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _answering(paths: DeskPaths) -> Client:
    deadline = asyncio.get_running_loop().time() + REAL_SECONDS
    while True:
        try:
            return await Client.connect(paths.socket)
        except (OSError, LinkLost):
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.02)


@on_a_loop
async def test_a_second_server_on_the_same_desk_is_refused_in_a_sentence(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        with pytest.raises(Refused) as refused:
            await Server(served.paths, os.environ, ServerOptions(master=master())).run()
        still = await (await served.caller()).ask(queries.ReadStatus())

    assert refused.value.code == "running"
    assert refused.value.sentence == (
        f"A desk server runs on {served.paths.home} already (process {os.getpid()}): use it, or stop it first."
    )
    assert still.status.pid == os.getpid()


@on_a_loop
async def test_where_there_is_no_desk_a_server_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="`agentconsole init` makes one"):
        await Server(desk_paths(os.environ, tmp_path / "none"), os.environ, ServerOptions()).run()


@on_a_loop
async def test_a_desk_whose_founding_was_cut_short_is_refused_in_a_sentence(tmp_path: Path) -> None:
    paths = desk_paths(os.environ, tmp_path / "half")
    paths.make()
    upgrade(paths.database)

    with pytest.raises(Refused, match="was never completed"):
        await Server(paths, os.environ, ServerOptions(master=master())).run()


def test_brands_may_share_a_pack(tmp_path: Path) -> None:
    paths = make_home(tmp_path, (ECOLAB, ("second", "Second Brand", "ecolab"), SHOP))
    desk = open_desk(paths, os.environ, committed=lambda _: None, master=master())

    assert [pack.version for pack in desk.context.shelf.packs] == [1, 1]
    assert [brand.id for brand in desk.context.shelf.brands] == ["ecolab", "second", "shop"]
    desk.close()


@pytest.mark.parametrize(
    ("said", "began", "is_meant"),
    [
        pytest.param("7 stopped", -5.0, True, id="stopped while this one began"),
        pytest.param("7 stopped", 5.0, False, id="stopped before"),
        pytest.param("7 private", -5.0, False, id="killed, not stopped"),
        pytest.param("7 stopped", None, False, id="started by hand"),
    ],
)
def test_a_stop_is_meant_for_a_server_that_a_console_is_starting_too(
    tmp_path: Path, said: str, began: float | None, is_meant: bool
) -> None:
    lock = tmp_path / "server.lock"
    lock.write_text(said)
    at = lock.stat().st_mtime
    refused = pytest.raises(Refused, match="was stopped while") if is_meant else nullcontext()

    with refused:
        ServerLock(lock, private=True, began=None if began is None else at + began).release()

    assert ("stopped" in lock.read_text()) is is_meant


def test_a_stop_from_a_later_time_of_a_clock_that_was_wrong_keeps_nobody_from_starting(tmp_path: Path) -> None:
    lock = tmp_path / "server.lock"
    lock.write_text("7 stopped")
    now = lock.stat().st_mtime
    os.utime(lock, (now + 3600, now + 3600))

    ServerLock(lock, private=True, began=now - 5).release()


def test_the_lock_is_free_again_when_its_server_is_gone(tmp_path: Path) -> None:
    ServerLock(tmp_path / "server.lock").release()

    ServerLock(tmp_path / "server.lock").release()


@on_a_loop
async def test_a_stopped_server_leaves_no_socket_and_finishes_what_it_was_asked(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")
        asked = [asyncio.create_task(ana.ask(commands.AddNote(number, f"note {n}"))) for n in range(20)]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        served.server.stop()
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        await asyncio.wait_for(served.running, 15)
    acknowledged = sum(not isinstance(outcome, BaseException) for outcome in outcomes)
    async with serve(tmp_path, paths=served.paths, at=served.clock.now()) as again:
        kept = await scalar(again, "SELECT count(*) FROM contact WHERE kind = 'note'")

    assert {type(outcome) for outcome in outcomes if isinstance(outcome, BaseException)} <= {LinkLost}
    assert acknowledged >= 1
    assert kept >= acknowledged


class _SlowLetterbox(Letterbox):
    """Take a mail only after the server was told to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()

    def carry(self, *arguments: object) -> object:  # type: ignore[override]
        self.begun.set()
        assert self.go_on.wait(20)
        return super().carry(*arguments)  # type: ignore[arg-type]


@on_a_loop
async def test_a_mail_that_is_being_handed_over_when_the_server_stops_is_noted_as_sent(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")
        slow = _SlowLetterbox()
        served.post.carry = slow.carry  # type: ignore[method-assign]
        await ana.ask(commands.Reply(number, 99, "Dear Rosa"))
        served.clock.move(timedelta(seconds=11))
        await asyncio.to_thread(slow.begun.wait, 10)
        served.server.stop()
        asyncio.get_running_loop().call_later(0.3, slow.go_on.set)
        await asyncio.wait_for(served.running, 15)
    async with serve(tmp_path, paths=served.paths, at=served.clock.now()) as again:
        state = await scalar(again, "SELECT state FROM outbox")

    assert (state, len(slow.mails)) == ("sent", 1)


@on_a_loop
async def test_shutting_down_over_the_socket_answers_first(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        host = await served.caller()

        answer = await host.ask(commands.Shutdown())
        await asyncio.wait_for(served.running, 15)

    assert answer.said.line() == "The desk server stops."
    assert not served.paths.socket.exists()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@on_a_loop
async def test_a_signal_stops_the_server_cleanly(tmp_path: Path, name: signal.Signals) -> None:
    async with serve(tmp_path) as served:
        os.kill(os.getpid(), name)
        await asyncio.wait_for(served.running, 15)

    assert not served.paths.socket.exists()


@on_a_loop
async def test_a_killed_server_stands_in_nobody_s_way(tmp_path: Path) -> None:
    """A stale socket, a lock file with a dead process in it, sessions left open, mail half sent."""
    paths, environ = await asyncio.to_thread(_home, tmp_path)
    async with _process(paths, environ) as first:
        client = await _answering(paths)
        raw = raw_mail("rosa@example.org", "Order", "Where?")
        done = await client.ask(commands.ImportMail("x.eml", raw))
        first.kill()
        await first.wait()
        await client.close()
        left_over = paths.socket.exists()
        async with _process(paths, environ) as second:
            client = await _answering(paths)
            status = await client.ask(queries.ReadStatus(doctor=True))
            await client.close()
            second.terminate()
            code = await asyncio.wait_for(second.wait(), REAL_SECONDS)

    assert left_over
    assert done.ticket == 1
    assert status.status.tickets_live == 1
    assert [finding for finding in status.status.findings if finding.level == "bad"] == []
    assert code == 0
    assert not paths.socket.exists()


@on_a_loop
async def test_a_private_server_ends_when_its_last_caller_has_left(tmp_path: Path) -> None:
    async with serve(tmp_path, private=True) as served:
        caller = await served.caller()
        await caller.ask(queries.ReadStatus())

        await caller.client.close()
        await asyncio.wait_for(asyncio.shield(served.running), 20)

    assert served.running.done()


@on_a_loop
async def test_a_private_server_waits_for_mail_that_is_on_its_way(tmp_path: Path) -> None:
    async with serve(tmp_path, private=True) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")
        await ana.ask(commands.Reply(number, 99, "Dear Rosa"))
        for caller in served.callers:
            await caller.client.close()
        await until(lambda: not served.server.sessions.live)
        ended = asyncio.create_task(asyncio.wait_for(asyncio.shield(served.running), 20))
        await asyncio.wait([ended], timeout=7.5)
        waited = not served.running.done()
        served.clock.move(timedelta(seconds=11))
        await ended

    assert waited
    assert len(served.post.mails) == 1


@on_a_loop
async def test_what_was_kept_and_not_filed_is_filed_at_the_start(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        name = served.desk.context.store.put(raw_mail("rosa@example.org", "Order", "Where?"))
        await asyncio.wrap_future(
            served.desk.writer.submit(
                CUSTOMER,
                lambda tx: intake.keep(tx, source="imap:1", sha256=name, brand="ecolab", received_at=MONDAY),
            )
        )
    async with serve(tmp_path, paths=served.paths, at=served.clock.now()) as again:
        host = await again.caller()
        await until_asked(host, 1)

    assert again.running.done()


@on_a_loop
async def test_what_could_not_be_filed_is_filed_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agentconsole.server.main.SETTLE_SECONDS", 1.0)
    monkeypatch.setattr("agentconsole.server.main.FINISH_ROUNDS", 1)
    async with serve(tmp_path) as served:
        host = await served.caller()
        name = served.desk.context.store.put(raw_mail("rosa@example.org", "Order", "Where?"))
        await asyncio.wrap_future(
            served.desk.writer.submit(
                CUSTOMER,
                lambda tx: intake.keep(tx, source="imap:1", sha256=name, brand="ecolab", received_at=MONDAY),
            )
        )

        await until_asked(host, 1)


async def until_asked(host: Caller, live: int) -> None:
    """Wait until the desk says that so many cases are live."""
    for _ in range(500):
        status = (await host.ask(queries.ReadStatus())).status
        if status.tickets_live == live:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never {live} live cases")


@on_a_loop
async def test_a_stop_does_not_wait_until_all_that_is_due_is_looked_after(tmp_path: Path) -> None:
    """After a long time away thousands of cases are due at once, and who stops the server must not wait for them."""
    async with serve(tmp_path) as served:
        await asyncio.to_thread(served.desk.writer.run, DESK, lambda tx: fill(tx, DUE, live=10))
        served.clock.move(timedelta(days=12))
        await until(lambda: _due(served) < DUE)

        await served.stop()

        assert _due(served) > 0


def _due(served: Served) -> int:
    with contextlib.closing(sqlite3.connect(served.paths.database)) as link:
        now = micros(served.clock.now())
        (left,) = link.execute("SELECT count(*) FROM ticket WHERE live = 1 AND until <= ?", (now,)).fetchone()
        return int(left)
