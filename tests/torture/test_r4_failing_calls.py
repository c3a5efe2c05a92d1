"""PROMISES 1, R4: any system call fails in the middle of a reply; it is done and said, or not done and said."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import sqlalchemy as sa

from agentconsole.config.clock import SetClock
from agentconsole.config.paths import DeskPaths, desk_paths
from agentconsole.domain.errors import Refused
from agentconsole.server.desk import open_desk
from agentconsole.server.health import read_status
from agentconsole.wire.client import Client, LinkLost
from agentconsole.wire.commands import ImportMail, Reply, Resolve, SaveDraft, SignIn
from tests.desk_bench import MONDAY, PASSWORD, code, master, raw_mail
from tests.torture.at_work import CASES, connect, make_busy_home, start_server
from tests.torture.failing_calls import CALLS, ERRORS, Trace, traced

REPLIES = """
SELECT c.text, (SELECT count(*) FROM outbox o WHERE o.contact_id = c.id)
FROM contact c WHERE c.text LIKE 'Dear %'
"""
CASES_NOW = "SELECT id, status FROM ticket"


class Served:
    """Hold a server in a process of its own, which is started again when it died."""

    def __init__(self, paths: DeskPaths) -> None:
        self.paths = paths
        self.at = MONDAY
        self.deaths = -1
        self.server: BaseProcess | None = None
        self._clients: list[Client] = []

    async def callers(self) -> tuple[Client, Client]:
        """Return the host's account and somebody who is signed in; the server is revived if it has to be."""
        if self.server is None or not self.server.is_alive():
            await self.hang_up()
            self.at += timedelta(minutes=1)
            self.server = start_server(self.paths.home, self.at)
            self.deaths += 1
            self._clients = [await connect(self.paths), await connect(self.paths)]
            await self._clients[1].ask(SignIn("ana", PASSWORD, code(self.at)))
        host, ana = self._clients
        return host, ana

    async def hang_up(self) -> None:
        """Close the clients."""
        for client in self._clients:
            await client.close()

    def end(self) -> None:
        """Kill the server."""
        if self.server is not None:
            self.server.kill()
            self.server.join()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Return a desk that nobody serves yet."""
    made = Served(desk_paths(os.environ, make_busy_home(tmp_path)))
    yield made
    made.end()


async def _told(client: Client, body: object) -> tuple[str, object]:
    """Ask, and return what was said: done, told that it was not, or nothing because the server is gone."""
    try:
        return "done", await asyncio.wait_for(client.ask(body), 15)
    except Refused as refused:
        return f"told {refused.code}", None
    except LinkLost:
        return "lost", None


async def _mail_reply_and_close(served: Served, name: str, numbers: dict[str, int]) -> dict[str, str]:
    """Take a mail, answer it and close its case, with a draft on the way; returns what was said of each."""
    host, ana = await served.callers()
    raw = raw_mail("rosa@example.org", f"mail {name}", "Where is it?", message_id=f"<{name.replace(' ', '.')}@c.test>")
    outcomes = {}
    outcomes["mail"], done = await _told(host, ImportMail("x.eml", raw))
    if done is None:
        return outcomes
    number = numbers[name] = done.ticket  # type: ignore[attr-defined]
    outcomes["draft"], _ = await _told(ana, SaveDraft(number, "reply", "Dear"))
    outcomes["reply"], _ = await _told(ana, Reply(number, 1 << 40, f"Dear {name}"))
    outcomes["close"], _ = await _told(ana, Resolve(number, 1 << 40, "answered"))
    return outcomes


def _look_through(served: Served) -> tuple[dict[str, int], dict[int, str], list[str]]:
    """Open the desk after it all; return mails of each reply, the status of each case, and what doctor calls bad."""
    clock = SetClock(served.at + timedelta(minutes=1))
    desk = open_desk(
        served.paths, os.environ, committed=lambda _: None, clock=clock, wall=clock, master=master()
    )  # fmt: skip
    try:
        replies, cases = (
            dict(desk.reader.run(lambda s, sql=sql: [tuple(row) for row in s.execute(sa.text(sql))]))  # type: ignore[misc]
            for sql in (REPLIES, CASES_NOW)
        )
        status = desk.reader.run(lambda s: read_status(s, desk, clock.now(), 0, doctor=True))
    finally:
        desk.close()
    bad = [one.sentence.line() for one in status.findings if one.level == "bad" and one.subject != "disk"]
    return replies, cases, bad


def _numbers(most: int, samples: int) -> list[int]:
    """Return which of so many calls fail: all of them, or some that lie evenly."""
    return sorted({1 + at * most // samples for at in range(samples)}) if samples else [*range(1, most + 1)]


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("samples", [len(ERRORS), pytest.param(0, marks=pytest.mark.long)])
def test_r4_whatever_call_fails_a_reply_is_done_and_said_or_not_done_and_said(
    served: Served, tmp_path: Path, samples: int
) -> None:
    said: dict[str, dict[str, str]] = {}
    numbers: dict[str, int] = {}
    failed: Counter[str] = Counter()
    kept = tmp_path / "trace"

    async def one(name: str, **inject: object) -> Trace:
        await served.callers()
        assert served.server is not None
        with traced(served.server.pid or 0, kept, **inject) as trace:  # type: ignore[arg-type]
            said[name] = await _mail_reply_and_close(served, name, numbers)
        return trace

    async def all_of_them() -> None:
        await one("to warm up")
        most = (await one("unharmed")).most()
        for call in CALLS:
            for at, error in enumerate(ERRORS):
                for number in _numbers(most[call], samples)[at :: len(ERRORS) if samples else 1]:
                    trace = await one(f"{call} {error} {number}", call=call, error=error, number=number)
                    failed[call] += trace.injected()
        await one("at the end")
        await served.hang_up()

    asyncio.run(all_of_them())
    served.end()
    replies, cases, bad = _look_through(served)

    outcomes = Counter(f"{ask} {outcome}" for asked in said.values() for ask, outcome in asked.items())
    print(f"{len(said)} rounds, {sum(failed.values())} calls failed {dict(failed)}, {served.deaths} deaths: {outcomes}")
    assert bad == []
    assert {call for call in CALLS if not failed[call]} == set()
    assert set(replies.values()) == {1}, "no reply without its mail"
    for name, asked in said.items():
        there = {
            "mail": cases.pop(numbers.get(name, 0), ""),
            "reply": f"Dear {name}" in replies,
        }
        there["close"] = there["mail"] == "resolved"
        for ask, is_there in there.items():
            assert asked.get(ask) == "lost" or bool(is_there) == (asked.get(ask) == "done"), (name, asked)
    # A mail whose acknowledgement was lost has a case that nobody was told of; no other has.
    assert len(cases) <= CASES + outcomes["mail lost"]
    assert set(said["at the end"].values()) == {"done"}
