"""The machine's clock was set back: the desk says so, writes nothing, and goes on when somebody accepts the time."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.wire import commands, queries
from agentconsole.wire.frames import Done, SignedIn
from agentconsole.wire.rows import DeskStatus
from tests.desk_bench import PASSWORD, code
from tests.server_bench import Caller, Served, on_a_loop, scalar, serve

YEAR = timedelta(days=365)
WHY = "the battery of the machine's clock was empty"


async def _refused(caller: Caller, body: commands.Command) -> Refused:
    with pytest.raises(Refused) as refused:
        await caller.ask(body)
    return refused.value


def _sign_in(served: Served, login: str) -> commands.SignIn:
    return commands.SignIn(login, PASSWORD, code(served.clock.now()))


async def _status(served: Served) -> DeskStatus:
    answer = await (await served.caller()).ask(queries.ReadStatus())
    status: DeskStatus = answer.status
    return status


@on_a_loop
async def test_a_desk_whose_clock_went_back_starts_says_so_and_goes_on_once_the_host_accepts_it(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await served.sign_in("ana")
        at, paths = served.clock.now(), served.paths
    async with serve(tmp_path, paths=paths, at=at - YEAR) as again:
        host = await again.caller()
        before = await _refused(host, _sign_in(again, "ana"))
        status = await _status(again)
        done = await host.ask(commands.AcceptClock(WHY))
        answer = await host.ask(_sign_in(again, "ana"))
        report = (await (await again.caller()).ask(queries.VerifyAudit())).report
        fine = await _status(again)
        who = await scalar(again, "SELECT actor FROM event WHERE kind = 'clock.accepted'")

    assert before.code == "clock"
    assert "`agentconsole clock accept`" in before.sentence
    assert [(finding.level, finding.subject) for finding in status.findings] == [("bad", "clock")]
    assert isinstance(done, Done)
    assert isinstance(answer, SignedIn)
    assert (report.sound, fine.findings, who) == (True, (), f"uid {os.geteuid()}")


@on_a_loop
async def test_a_supervisor_who_is_signed_in_accepts_with_a_code_and_an_agent_cannot(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ana, sam = await served.sign_in("ana"), await served.sign_in("sam")
        served.clock.move(-YEAR)
        now = code(served.clock.now())
        agent = await _refused(ana, commands.AcceptClock(WHY, now))
        without = await _refused(sam, commands.AcceptClock(WHY))
        wrong = await _refused(sam, commands.AcceptClock(WHY, "000000"))
        done = await sam.ask(commands.AcceptClock(WHY, now))
        again = await _refused(sam, commands.AcceptClock(WHY, now))
        page = await ana.ask(queries.ReadQueue())
        actors = await scalar(served, "SELECT group_concat(actor) FROM event WHERE kind = 'clock.accepted'")

    assert (agent.code, without.code, wrong.code) == ("denied", "sign-in", "sign-in")
    assert "365 days" in done.said.line()
    assert "Nothing to accept" in again.sentence
    assert (page.page.view, actors) == ("mine", "sam")


@on_a_loop
async def test_a_code_stays_spent_whatever_the_clock_says_afterwards(tmp_path: Path) -> None:
    """PROMISES 16: spent in the wrong year, spent by the right clock, and neither works again when its time returns."""
    async with serve(tmp_path) as served:
        host = await served.caller()
        served.clock.move(YEAR)
        ahead = served.clock.now() + timedelta(seconds=30)
        await served.sign_in("ana")
        served.clock.move(-YEAR)
        await host.ask(commands.AcceptClock(WHY))
        right = await host.ask(_sign_in(served, "ana"))
        await host.ask(commands.SignOut())
        used = await _refused(host, _sign_in(served, "ana"))
        served.clock.move(ahead - served.clock.now())
        returned = await _refused(host, _sign_in(served, "ana"))

    assert isinstance(right, SignedIn)
    assert (used.code, returned.code) == ("sign-in", "sign-in")


@on_a_loop
async def test_a2_a_code_cannot_be_used_again_by_a_clock_that_goes_back_a_minute(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await served.sign_in("ana")
        spent = code(served.clock.now())
        await served.sign_in("sam")
        served.clock.move(timedelta(seconds=-60))

        refused = await _refused(await served.caller(), commands.SignIn("ana", PASSWORD, spent))

    assert refused.code == "sign-in"


@on_a_loop
async def test_who_leaves_while_the_clock_is_behind_has_left(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")
        served.clock.move(-YEAR)
        await ana.ask(commands.SignOut())
        ended = await scalar(served, "SELECT end_reason FROM session")

    assert ended == "signed out"
