"""PROMISES 3, C2: many agents at the same cases, through kills: one chain of versions a case, every conflict told."""

import asyncio
import contextlib
import json
import multiprocessing
import os
import random
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from agentconsole.config.clock import SetClock
from agentconsole.config.paths import DeskPaths, desk_paths
from agentconsole.domain.errors import Refused, Stale
from agentconsole.security.masterkey import MasterKey
from agentconsole.server.desk import open_desk
from agentconsole.server.main import Server, ServerOptions
from agentconsole.wire import commands, queries
from agentconsole.wire.client import Client, LinkLost
from agentconsole.wire.frames import Case, Done
from tests.desk_bench import MONDAY, PASSWORD, code, master, open_bench
from tests.torture.history import Change, Deed, faults

CASES = 8
AGENTS = 32
Log = dict[int, list[Change]]


def _serve(home: str, key: str, at: datetime) -> None:
    """Be a desk server in a process of its own, until it is killed."""
    clock = SetClock(at)
    options = ServerOptions(clock=clock, wall=clock, master=MasterKey.of_text(key, "test"))
    asyncio.run(Server(desk_paths(os.environ, Path(home)), os.environ, options).run())


@dataclass
class Agent:
    """Do at random what agents do; what was asked when the link was lost is asked again under its own id."""

    login: str
    chance: random.Random
    known: dict[int, int] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)
    open: tuple[commands.Command, str, float] | None = None

    async def work(self, paths: DeskPaths, at: datetime, enough: Callable[[], bool]) -> None:
        """Work until it is enough or the link is lost."""
        client = await _connect(paths)
        with contextlib.suppress(LinkLost):
            await client.ask(commands.SignIn(self.login, PASSWORD, code(at)))
            while self.open is not None or not enough():
                if self.open is None:
                    self.open = (await self._choose(client), secrets.token_hex(8), time.monotonic())
                await self._do(client, *self.open)
                self.open = None
        await client.close()

    async def _choose(self, client: Client) -> commands.Command:
        ticket = self.chance.randint(1, CASES)
        if ticket not in self.known or self.chance.random() < 0.5:
            answer = await client.ask(queries.ReadCase(ticket))
            assert isinstance(answer, Case)
            self.known[ticket] = answer.case.version
        seen = self.known[ticket]
        other = f"agent{self.chance.randrange(AGENTS):02}"
        return self.chance.choice(
            (
                commands.Take(ticket, seen),
                commands.GiveBack(ticket, seen),
                commands.Assign(ticket, seen, other),
                commands.Reply(ticket, seen, "Dear Rosa", self.chance.choice(("open", "resolve"))),
                commands.Resolve(ticket, seen),
                commands.Reopen(ticket, seen),
                commands.SetPriority(ticket, seen, self.chance.choice(("low", "normal", "high", "urgent"))),
                commands.SetPriority(ticket, seen, self.chance.choice(("low", "normal", "high", "urgent"))),
                commands.AddNote(ticket, "She called."),
            )
        )

    async def _do(self, client: Client, body: commands.Command, request: str, asked: float) -> None:
        version, told = None, None
        try:
            answer = await client.ask(body, request=request)  # type: ignore[arg-type]
            assert isinstance(answer, Done)
            version = answer.version
        except Stale as stale:
            told = len(stale.changes)
        except Refused:
            pass
        ticket, name = body.ticket, type(body).__name__  # type: ignore[attr-defined]
        if version is not None:
            self.known[ticket] = version
        elif told is not None:
            del self.known[ticket]
        seen = getattr(body, "seen", None)
        deed = Deed(self.login, ticket, name, asked, time.monotonic(), seen, version, told is not None, told or 0)
        self.deeds.append(deed)


async def _connect(paths: DeskPaths) -> Client:
    for _ in range(6000):
        with contextlib.suppress(OSError, LinkLost):
            return await Client.connect(paths.socket)
        await asyncio.sleep(0.01)
    raise AssertionError("the server never answered")


async def _round(paths: DeskPaths, at: datetime, agents: Sequence[Agent], deeds: int, *, last: bool) -> None:
    """Run a server until so much was done, then kill it in the middle of it; the last one ends what is open."""
    process = multiprocessing.get_context("forkserver").Process(
        target=_serve, args=(str(paths.home), master().text(), at)
    )
    process.start()
    try:
        before = _done(agents)

        def enough() -> bool:
            return last or _done(agents) >= before + deeds

        working = [asyncio.create_task(agent.work(paths, at, lambda: last)) for agent in agents]
        while not enough() and not all(task.done() for task in working):
            await asyncio.sleep(0.002)
        if last:
            await asyncio.gather(*working)
    finally:
        process.kill()
    await asyncio.gather(*working)
    process.join()


def _done(agents: Sequence[Agent]) -> int:
    return sum(len(agent.deeds) for agent in agents)


def _logged(paths: DeskPaths, at: datetime) -> tuple[Log, dict[int, int]]:
    """Read what the log has of each case, and where each case is."""
    desk = open_desk(paths, os.environ, committed=lambda _: None, clock=SetClock(at), master=master())
    try:
        rows = desk.reader.run(
            lambda s: s.execute(sa.text("SELECT ticket, actor, kind, body FROM event WHERE ticket > 0 ORDER BY seq"))
        ).all()
        now = dict(desk.reader.run(lambda s: s.execute(sa.text("SELECT id, version FROM ticket")).all()))
    finally:
        desk.close()
    log: Log = {}
    for ticket, actor, kind, body in rows:
        version = json.loads(body).get("version")
        if version is not None:
            log.setdefault(ticket, []).append(Change(version, actor, kind.removeprefix("ticket.")))
    return log, now


@pytest.mark.parametrize(
    ("deeds", "kills"), [(600, 2), pytest.param(200_000, 40, marks=[pytest.mark.long, pytest.mark.timeout(7200)])]
)
def test_each_case_has_one_chain_of_versions_and_every_conflict_is_told(tmp_path: Path, deeds: int, kills: int) -> None:
    multiprocessing.set_forkserver_preload(["agentconsole.server.main", "tests.desk_bench"])
    with open_bench(tmp_path) as bench:
        for number in range(AGENTS):
            bench.user(f"agent{number:02}")
        for number in range(CASES):
            bench.ticket(f"c{number}@example.org", f"case {number}")
        paths = bench.desk.paths
    agents = [Agent(f"agent{number:02}", random.Random(number)) for number in range(AGENTS)]
    at = MONDAY

    for kill in range(kills + 1):
        at += timedelta(minutes=1)
        asyncio.run(_round(paths, at, agents, deeds // kills, last=kill == kills))
    log, now = _logged(paths, at)
    history = [deed for agent in agents for deed in agent.deeds]

    assert faults(history, log, now) == []
    assert len(history) >= deeds
    assert sum(deed.version is not None for deed in history) > deeds / 10
    assert any(deed.stale for deed in history)


ANA = Deed("ana", 1, "SetPriority", 1.0, 2.0, 1, 2)
BO = Deed("bo", 1, "SetPriority", 3.0, 4.0, 2, 3)
LOG = (Change(1, "customer", "opened"), Change(2, "ana", "priority"), Change(3, "bo", "priority"))


def test_a_right_history_has_no_fault() -> None:
    late = replace(ANA, seen=1, version=None, stale=True, told=1)

    assert faults([ANA, BO, late], {1: LOG}, {1: 3}) == []


@pytest.mark.parametrize(
    ("situation", "deeds", "log", "now"),
    [
        ("a gap", [ANA, replace(BO, version=4)], (*LOG[:2], replace(LOG[2], version=4)), 4),
        ("a fork in the log", [ANA, BO], (*LOG, replace(LOG[2], actor="chen")), 3),
        ("an update that is lost", [ANA, BO], LOG[:2], 2),
        ("an update done twice", [ANA], (*LOG[:2], Change(3, "ana", "priority")), 3),
        ("a version that two were told", [ANA, replace(BO, version=2)], LOG, 3),
        ("a case behind its log", [ANA, BO], LOG, 2),
        ("an answer that goes back in time", [replace(ANA, asked=5.0, answered=6.0), BO], LOG, 3),
        ("a conflict that nobody was told of", [ANA, replace(BO, seen=1)], LOG, 3),
        ("a stop without a reason", [ANA, BO, replace(ANA, version=None, stale=True)], LOG, 3),
    ],
)
def test_the_checker_finds(situation: str, deeds: Sequence[Deed], log: Sequence[Change], now: int) -> None:
    whole: Mapping[int, Sequence[Change]] = {1: log}

    assert faults(deeds, whole, {1: now}) != [], situation
