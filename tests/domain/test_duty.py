"""When a recurring duty is to be done next."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentconsole.domain.calendar import Calendar, Window, always
from agentconsole.domain.duty import next_check
from agentconsole.domain.policy import Duty
from agentconsole.domain.terms import Role

HOUR = timedelta(hours=1)
LONDON = ZoneInfo("Europe/London")
DESK = Calendar("desk", LONDON, ((Window(9 * 60, 17 * 60),),) * 5 + ((), ()), {date(2026, 12, 25): ()})
SHORT = Calendar("desk", LONDON, ((Window(9 * 60, 12 * 60 + 30), Window(13 * 60, 17 * 60)),) * 7, {})
NIGHT = Calendar("desk", LONDON, ((Window(22 * 60, 6 * 60),),) * 7, {})
OVER = Calendar("desk", LONDON, ((),) * 7, {date(2026, 11, 23): (Window(540, 1020),)})


def every(amount: timedelta | None) -> Duty:
    return Duty("check", "2", "check the voicemails", Role.AGENT, amount, "" if amount else "weekly", "desk")


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("situation", "calendar", "hours", "at", "check"),
    [
        ("between two checks (000-21)", DESK, 2, "2026-11-23T10:00", "2026-11-23T11:00"),
        ("at a check", DESK, 2, "2026-11-23T11:00", "2026-11-23T11:00"),
        ("just after one", DESK, 2, "2026-11-23T11:00:00.000001", "2026-11-23T13:00"),
        ("the opening is one", DESK, 2, "2026-11-23T08:00", "2026-11-23T09:00"),
        ("closing time is one", DESK, 2, "2026-11-23T16:30", "2026-11-23T17:00"),
        ("after hours", DESK, 2, "2026-11-27T18:00", "2026-11-30T09:00"),
        ("over a holiday and a weekend", DESK, 2, "2026-12-24T17:01", "2026-12-28T09:00"),
        ("no check falls into a lunch break", SHORT, 2, "2026-11-23T11:30", "2026-11-23T13:00"),
        ("over midnight", NIGHT, 2, "2026-11-23T23:30", "2026-11-24T00:00"),
        ("after midnight the hours are the same", NIGHT, 5, "2026-11-23T22:30", "2026-11-24T00:00"),
        ("round the clock", always(zone="Europe/London"), 5, "2026-11-23T21:00", "2026-11-24T00:00"),
        ("round the clock, by day", always(zone="Europe/London"), 5, "2026-11-23T11:00", "2026-11-23T15:00"),
        ("as the clocks go back", always(zone="Europe/London"), 2, "2026-10-25T02:30", "2026-10-25T03:00"),
    ],
)
def test_the_next_check_is_at_an_opening_or_so_long_after_one(
    situation: str, calendar: Calendar, hours: int, at: str, check: str
) -> None:
    found = next_check(every(hours * HOUR), calendar, london(at))

    assert found == london(check), situation


def test_there_is_no_check_for_a_cadence_of_days_and_none_when_the_desk_opens_no_more() -> None:
    assert next_check(every(None), DESK, london("2026-11-23T10:00")) is None
    assert next_check(every(2 * HOUR), OVER, london("2026-11-24T10:00")) is None
