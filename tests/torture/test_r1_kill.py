"""PROMISES 1, R1: what was acknowledged is there after a kill -9, wherever it struck."""

import asyncio
import contextlib
import multiprocessing
import os
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from agentconsole.config.clock import SetClock
from agentconsole.config.paths import DeskPaths, desk_paths
from agentconsole.queries.status import examine_rows
from agentconsole.security.masterkey import MasterKey
from agentconsole.server.desk import open_desk
from agentconsole.server.main import Server, ServerOptions
from agentconsole.storage.events import verify
from agentconsole.wire.client import Client, LinkLost
from agentconsole.wire.commands import AddNote, SetPriority, SignIn, Tag
from tests.desk_bench import MONDAY, PASSWORD, code, master, open_bench
from tests.needs import is_ci

PEOPLE = ("ana", "bo", "sam")
CASES = 6


def _serve(home: str, key: str, at: datetime) -> None:
    """Be a desk server in a process of its own, until it is killed."""
    clock = SetClock(at)
    options = ServerOptions(clock=clock, wall=clock, master=MasterKey.of_text(key, "test"))
    asyncio.run(Server(desk_paths(os.environ, Path(home)), os.environ, options).run())


async def _connect(paths: DeskPaths) -> Client:
    for _ in range(2000):
        with contextlib.suppress(OSError, LinkLost):
            return await Client.connect(paths.socket)
        await asyncio.sleep(0.01)
    raise AssertionError("the server never answered")


async def _work(paths: DeskPaths, login: str, at: datetime, cycle: int, acknowledged: set[str]) -> None:
    """Work as fast as one can until the link is lost; every note that was acknowledged goes into the set."""
    client = await _connect(paths)
    chance = random.Random(f"{login} {cycle}")
    with contextlib.suppress(LinkLost):
        await client.ask(SignIn(login, PASSWORD, code(at)))
        for number in range(100_000):
            text = f"{login} {cycle} {number}"
            case = chance.randint(1, CASES)
            await client.ask(AddNote(case, text))
            acknowledged.add(text)
            await client.ask(Tag(case, (f"t{number % 9}",), (f"t{(number + 5) % 9}",)))
            with contextlib.suppress(Exception):
                await client.ask(SetPriority(case, 1 << 40, chance.choice(("low", "high"))))
    await client.close()


async def _cycle(paths: DeskPaths, at: datetime, cycle: int, acknowledged: set[str]) -> None:
    spawn = multiprocessing.get_context("forkserver")
    server = spawn.Process(target=_serve, args=(str(paths.home), master().text(), at))
    server.start()
    try:
        before = len(acknowledged)
        working = [asyncio.create_task(_work(paths, login, at, cycle, acknowledged)) for login in PEOPLE]
        while len(acknowledged) == before:
            await asyncio.sleep(0.005)
        await asyncio.sleep(random.Random(cycle).uniform(0, 0.15))
    finally:
        server.kill()
    await asyncio.gather(*working)
    server.join()


@pytest.mark.timeout(36_000)
@pytest.mark.parametrize("cycles", [60 if is_ci() else 20, pytest.param(10_000, marks=pytest.mark.long)])
def test_no_acknowledged_command_is_lost_when_a_server_under_load_is_killed(tmp_path: Path, cycles: int) -> None:
    multiprocessing.set_forkserver_preload(["agentconsole.server.main", "tests.desk_bench"])
    with open_bench(tmp_path) as bench:
        bench.user("bo")
        for number in range(CASES):
            bench.ticket(f"c{number}@example.org", f"case {number}")
        paths = bench.desk.paths
    acknowledged: set[str] = set()
    at = MONDAY

    for cycle in range(cycles):
        at += timedelta(minutes=1)
        asyncio.run(_cycle(paths, at, cycle, acknowledged))

    desk = open_desk(paths, os.environ, committed=lambda _: None, clock=SetClock(at), master=master())
    try:
        notes = desk.reader.run(
            lambda s: set(s.execute(sa.text("SELECT text FROM contact WHERE kind = 'note'")).scalars())
        )
        findings = {one.subject: one.level for one in desk.reader.run(lambda s: examine_rows(s, at))}
        verdict = desk.reader.run(lambda s: verify(s, desk.context.audit_key))
        events = desk.reader.run(
            lambda s: s.execute(sa.text("SELECT count(*) FROM event WHERE kind = 'ticket.note'")).scalar()
        )
    finally:
        desk.close()
    assert acknowledged - notes == set()
    assert len(acknowledged) >= cycles
    assert (findings["database"], findings["counters"], verdict.fault) == ("ok", "ok", "")
    assert events == len(notes)
