"""PROMISES 10, P1: PostgreSQL restarts under agents at work; nothing is lost or done twice, and the console says so."""

import asyncio
import random
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agentconsole.domain.errors import Refused
from agentconsole.queries.status import examine_rows
from agentconsole.storage.events import verify
from agentconsole.storage.postgres_link import PATIENCE, READING_PATIENCE
from agentconsole.storage.reading import ReadSession
from agentconsole.wire import commands, queries
from tests.desk_bench import BOUNCER, ECOLAB, PASSWORD, POSTGRES, code, make_home
from tests.postgres import bouncer, cluster
from tests.pty import Terminal
from tests.server_bench import Caller, Served, on_a_loop, scalar, serve

SAID_WITHIN = 1.0
BACK_WITHIN = 5.0
HELD = 1.5
"""Seconds for which every fourth restart takes its time, so that the console has something to say."""
TYPED = "The parcel left us on Monday"
RECONNECTING = "reconnecting"


@dataclass
class Work:
    """What agents asked for and what was acknowledged; each text is of one request, asked until it is."""

    pause: float
    over: asyncio.Event = field(default_factory=asyncio.Event)
    acknowledged: list[str] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)

    async def agent(self, caller: Caller, name: str, case: int) -> None:
        """Write notes until it is over, each as a console does that asks again until it is answered."""
        number = 0
        while not self.over.is_set():
            text = f"{name}-{number}"
            number += 1
            while not await self._noted(caller, case, text):
                await asyncio.sleep(self.pause)
            self.acknowledged.append(text)
            await asyncio.sleep(self.pause)

    async def _noted(self, caller: Caller, case: int, text: str) -> bool:
        try:
            await caller.client.ask(commands.AddNote(case, text), request=text)
        except Refused as refused:
            if refused.code != "down":
                raise
            self.refusals.add(refused.sentence)
            return False
        return True


@dataclass
class Pulled:
    """Pull the plug of what an outage is of, and put it back; keeps how long it took until all was well again."""

    served: Served
    work: Work
    console: Terminal
    agents: int
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    said: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)

    async def out(self, stop: Callable[[], None], start: Callable[[], None], seconds: float) -> None:
        """Stop it amid the work, for so long, and wait until every agent works again and the console is as it was."""
        await asyncio.sleep(self.chance.uniform(0, 0.4))
        await asyncio.to_thread(stop)
        gone = time.monotonic()
        if seconds:
            await asyncio.to_thread(self.console.wait_for, RECONNECTING, SAID_WITHIN + 20)
            self.said.append(time.monotonic() - gone)
            await asyncio.sleep(max(0.0, seconds - (time.monotonic() - gone)))
        await asyncio.to_thread(start)
        there, before = time.monotonic(), len(self.work.acknowledged)
        while len(self.work.acknowledged) < before + self.agents:
            assert not self.served.running.done()
            assert time.monotonic() < there + 60, "nobody works any more"
            await asyncio.sleep(0.02)
        await asyncio.to_thread(self.console.wait_for, lambda: RECONNECTING not in self.console.text)
        self.back.append(time.monotonic() - there)


async def _writing(served: Served) -> Terminal:
    """Open a real console and begin an answer."""
    terminal = Terminal(
        [sys.executable, "-m", "agentconsole"], environ={"AGENTCONSOLE_HOME": str(served.paths.home)}, size=(100, 30)
    )
    served.clock.move(timedelta(seconds=30))

    def type_on() -> None:
        terminal.wait_for("Username")
        terminal.feed(f"ana\t{PASSWORD}\t{code(served.clock.now())}\r".encode())
        terminal.wait_for("g o unassigned")
        terminal.feed(b"n")
        terminal.wait_for("case 1-3")
        terminal.feed(b"i" + TYPED.encode())
        terminal.wait_for(TYPED)

    try:
        await asyncio.to_thread(type_on)
    except BaseException:
        terminal.close()
        raise
    return terminal


Pull = Callable[[Pulled], Coroutine[Any, Any, None]]


async def _under_load(folder: Path, database: str, agents: int, pause: float, pull: Pull) -> Pulled:
    """Have agents at work and one who writes an answer at a console, pull plugs, and look at what is left."""
    names = [f"agent{number:02}" for number in range(agents)]
    people = (("ana", "agent"), *((name, "agent") for name in names))
    async with serve(folder, paths=make_home(folder, (ECOLAB,), people, database)) as served:
        cases = [await served.ticket(f"c{number}@example.org", f"case {number}") for number in range(4)]
        with await _writing(served) as console:
            work = Work(pause)
            callers = [await served.sign_in(name) for name in names]
            tasks = [
                asyncio.create_task(work.agent(caller, name, cases[1 + at % 3]))
                for at, (caller, name) in enumerate(zip(callers, names, strict=True))
            ]
            pulled = Pulled(served, work, console, agents)
            await pull(pulled)
            work.over.set()
            await asyncio.wait_for(asyncio.gather(*tasks), 60)
            assert TYPED in console.text
        await _check_all_is_there(served, work)
    return pulled


async def _check_all_is_there(served: Served, work: Work) -> None:
    def read(session: ReadSession) -> tuple[list[str], str, dict[str, str]]:
        notes = session.execute(sa.text("SELECT text FROM contact WHERE kind = 'note' ORDER BY text")).scalars()
        verdict = verify(session, served.desk.context.audit_key)
        levels = {one.subject: one.level for one in examine_rows(session, served.clock.now())}
        return sorted(notes), verdict.fault, levels

    notes, fault, levels = await asyncio.to_thread(served.desk.reader.run, read)
    assert notes == sorted(work.acknowledged)
    assert await scalar(served, "SELECT count(*) FROM event WHERE kind = 'ticket.note'") == len(notes)
    assert (fault, levels["counters"]) == ("", "ok")


def _check_times(pulled: Pulled, caplog: pytest.LogCaptureFixture) -> None:
    print(f"said within {max(pulled.said):.2f} s, back within {max(pulled.back):.2f} s,", end=" ")
    print(f"{len(pulled.back)} times, {len(pulled.work.acknowledged)} notes")
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    assert max(pulled.said) <= SAID_WITHIN
    assert max(pulled.back) <= BACK_WITHIN


@pytest.mark.parametrize(
    ("restarts", "agents", "pause"),
    [
        pytest.param(20, 6, 0.15, id="short"),
        pytest.param(200, 32, 0.5, id="full", marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
    ],
)
@on_a_loop
async def test_restarts_lose_and_double_nothing_and_the_console_says_reconnecting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, restarts: int, agents: int, pause: float
) -> None:
    async def pull(pulled: Pulled) -> None:
        for number in range(restarts):
            how = (signal.SIGINT, signal.SIGQUIT)[number % 2]
            await pulled.out(lambda how=how: cluster().stop(how), cluster().start, HELD if number % 4 == 3 else 0)  # type: ignore[misc]

    pulled = await _under_load(tmp_path, POSTGRES, agents, pause, pull)

    assert len(pulled.back) == restarts
    _check_times(pulled, caplog)


@pytest.mark.parametrize(
    ("seconds", "agents"),
    [
        pytest.param(5.0, 4, id="short"),
        pytest.param(30.0, 32, id="full", marks=[pytest.mark.long, pytest.mark.timeout(600)]),
    ],
)
@on_a_loop
async def test_a_long_outage_is_told_in_a_sentence_and_survived(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, seconds: float, agents: int
) -> None:
    """Who only reads hears it soon; who wants something done is waited for, and told where it lasts too long."""
    took: list[float] = []

    async def pull(pulled: Pulled) -> None:
        reader = await pulled.served.sign_in("ana")

        async def read() -> None:
            await asyncio.sleep(0.5)
            for _ in range(3):
                began = time.monotonic()
                with pytest.raises(Refused, match="reconnecting to its database"):
                    await reader.ask(queries.ReadQueue("team"))
                took.append(time.monotonic() - began)

        reading = asyncio.create_task(read())
        await pulled.out(cluster().stop, cluster().start, seconds)
        await reading

    pulled = await _under_load(tmp_path, POSTGRES, agents, 0.3, pull)

    assert max(took) < READING_PATIENCE + 1
    assert took[-1] < 1
    assert all("nothing was done" in sentence for sentence in pulled.work.refusals)
    assert bool(pulled.work.refusals) == (seconds > PATIENCE)
    _check_times(pulled, caplog)


@pytest.mark.parametrize(
    ("rounds", "agents"),
    [
        pytest.param(3, 4, id="short"),
        pytest.param(50, 32, id="full", marks=[pytest.mark.long, pytest.mark.timeout(1800)]),
    ],
)
@on_a_loop
async def test_a_pool_in_between_and_what_is_behind_it_may_restart(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, rounds: int, agents: int
) -> None:
    async def pull(pulled: Pulled) -> None:
        for _ in range(rounds):
            await pulled.out(bouncer().stop, bouncer().start, HELD)
            await pulled.out(cluster().stop, cluster().start, 0)

    pulled = await _under_load(tmp_path, BOUNCER, agents, 0.3, pull)

    assert len(pulled.back) == 2 * rounds
    _check_times(pulled, caplog)
