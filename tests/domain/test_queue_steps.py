"""The answer to "why here, and why this colour?" in lines that fit the screen."""

from datetime import datetime, timedelta

import pytest

from agentconsole.domain.cells import width
from agentconsole.domain.policy import Business, Elapsed, Pack
from agentconsole.domain.queue import placing
from agentconsole.domain.queue_steps import order_steps
from agentconsole.domain.terms import ClockKind, Status
from tests.domain.desk import Ticket, applied, at, pack, standard

HOUR = timedelta(hours=1)
START = at("Mon 09:00")
DAY = pack(standard(Elapsed(24 * HOUR)))
SHORT = pack(standard(Elapsed(15 * timedelta(minutes=1))))
OPEN = pack(standard(Business(2 * HOUR, "hours"), pauses=(Status.WAITING,)))
TWO = pack(standard(Elapsed(24 * HOUR)), standard(Elapsed(48 * HOUR), clock=ClockKind.RESOLUTION, id="resolve"))


def why(rules: Pack, now: datetime, *, late_first: bool = False) -> str:
    story = Ticket(applied(rules)).asked(START)
    clocks = story.every_clock(now)
    placed = placing(clocks, story.situation, now, complaint=False, vip=False, opened_at=START, late_first=late_first)
    lines = order_steps(placed, clocks, now, late_first=late_first)
    assert [line for line in lines if width(line) > 78] == []
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize(
    ("rules", "now", "said"),
    [
        (DAY, "Mon 10:00", "group 5 of 7, ok (groups: LIVE DUE LATE SOON ok SHUT WAIT) in it by due instant"),
        (DAY, "Mon 10:00", "colour ok by what is left: SOON from 6h00 left, DUE from 2h24 left, LATE from 0:00 left"),
        (DAY, "Mon 10:00", "holds until Tue 24 Nov 03:00, if nothing happens here"),
        (DAY, "Tue 08:00", "group 2 of 7, DUE"),
        (DAY, "Tue 10:00", "group 3 of 7, LATE"),
        (DAY, "Tue 10:00", "colour LATE since the due instant"),
        (DAY, "Wed 10:00", "late by more than twice its target, so on top of DUE"),
        (SHORT, "Mon 09:01", "what is left: DUE from 10m left, LATE"),
        (OPEN, "Mon 20:00", "colour LATE since the due instant"),
        (TWO, "Mon 10:00", "beside resolve ok 1d23"),
    ],
)
def test_a_place_and_a_colour_explain_themselves(rules: Pack, now: str, said: str) -> None:
    assert said in why(rules, at(now))


def test_a_desk_that_takes_what_is_late_first_says_so() -> None:
    assert "this desk takes what is late first: in DUE" in why(DAY, at("Tue 10:00"), late_first=True)


def test_a_case_that_waits_or_whose_desk_is_shut_says_what_stands_still() -> None:
    shut = Ticket(applied(OPEN)).asked(at("Mon 03:00"))
    now = at("Mon 04:00")
    placed = placing(shut.every_clock(now), shut.situation, now, complaint=False, vip=False, opened_at=START)

    lines = " ".join(" ".join(order_steps(placed, shut.every_clock(now), now)).split())

    assert "SHUT: it counts open hours, and the desk is closed" in lines
    assert "by when the desk opens for it" in lines


def test_a_case_without_a_clock_says_that_none_runs() -> None:
    story = Ticket(applied(pack()))
    placed = placing((), story.situation, START, complaint=False, vip=False, opened_at=START)

    lines = " ".join(" ".join(order_steps(placed, (), START)).split())

    assert "colour none: no clock with a number runs here" in lines
