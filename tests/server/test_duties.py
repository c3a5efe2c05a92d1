"""Duties over the socket: the server asks for them and records what was missed, and every session hears of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.wire.duties import DUTIES, ExplainDuty, ReadDuties, SignOffDuty
from agentconsole.wire.frames import Changed
from agentconsole.wire.windows import ReadWindow
from tests.server_bench import Served, on_a_loop, scalar, serve

OPENING = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
CHECK = "ecolab/voicemail-check"


async def asked_for(served: Served) -> None:
    """Wait until the server has begun to ask for the duties."""
    while await scalar(served, "SELECT count(*) FROM duty_round") < 3:
        pass


@on_a_loop
async def test_a_server_asks_for_the_duties_and_records_what_was_missed_while_none_ran(tmp_path: Path) -> None:
    async with serve(tmp_path, at=OPENING - timedelta(hours=1)) as first:
        await asked_for(first)
        paths = first.paths

    async with serve(tmp_path, paths=paths, at=OPENING + timedelta(hours=5)) as second:
        while await scalar(second, "SELECT count(*) FROM event WHERE kind = 'duty.missed'") < 2:
            pass
        ana = await second.sign_in("ana")
        check = (await ana.ask(ReadDuties())).rows[0]

    assert (check.duty, check.mine, check.missed) == (CHECK, True, 2)
    assert check.begins == OPENING + timedelta(hours=4)


@on_a_loop
async def test_who_signs_off_is_told_to_all_and_the_rule_is_explained(tmp_path: Path) -> None:
    async with serve(tmp_path, at=OPENING - timedelta(hours=1)) as served:
        await asked_for(served)
        served.clock.move(timedelta(hours=1, minutes=5))
        ana, sam = await served.sign_in("ana"), await served.sign_in("sam")

        done = await ana.ask(SignOffDuty(CHECK, "all quiet"))
        changed = await sam.hears(Changed)
        why = (await sam.ask(ExplainDuty("voicemail-check"))).why

    assert done.said.line().startswith("Signed off: check the voicemails")
    assert DUTIES in changed.tickets
    assert why.title == CHECK
    assert any(line.line().startswith("done") and line.line().endswith("by ana") for line in why.lines)


@on_a_loop
async def test_the_host_signs_off_without_a_session_and_stands_in_the_log_by_its_number(tmp_path: Path) -> None:
    async with serve(tmp_path, at=OPENING - timedelta(hours=1)) as served:
        await asked_for(served)
        served.clock.move(timedelta(hours=1))
        host = await served.caller()

        await host.ask(SignOffDuty(CHECK))
        actor = await scalar(served, "SELECT actor FROM event WHERE kind = 'duty.done'")

    assert actor.startswith("uid ")


@on_a_loop
async def test_a_window_is_held_against_the_hours_in_force_here(tmp_path: Path) -> None:
    async with serve(tmp_path, at=OPENING) as served:
        host = await served.caller()

        why = (await host.ask(ReadWindow("ecolab", "phone", "Asia/Kolkata", "9:00", "12:00"))).why
        with pytest.raises(Refused, match="No brand here is under a policy of that name; there is ecolab"):
            await host.ask(ReadWindow("ecomstore", "phone", "Asia/Kolkata", "9:00", "12:00"))

    assert why.lines[0].line().startswith("They never meet in the next 14 days: nearest ")
    assert "in New York is" in why.lines[0].line()
