"""On which day the demo plays: one on which the desk is open, and was open the day before."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agentconsole.demo.days import beginning, working_day

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("situation", "now", "begins"),
    [
        ("on a Tuesday the same day", "2026-11-24T20:00:00+00:00", "2026-11-24T10:42:00-05:00"),
        ("on a Friday the same day", "2026-11-20T03:30:00-05:00", "2026-11-20T10:42:00-05:00"),
        ("on a Saturday the day before", "2026-11-21T12:00:00+00:00", "2026-11-20T10:42:00-05:00"),
        ("on a Sunday Friday", "2026-11-22T12:00:00+00:00", "2026-11-20T10:42:00-05:00"),
        ("on a Monday Friday", "2026-11-23T12:00:00+00:00", "2026-11-20T10:42:00-05:00"),
        ("in summer by summer time", "2026-07-22T12:00:00+00:00", "2026-07-22T10:42:00-04:00"),
        ("the day is the desk's, not UTC's", "2026-11-25T02:00:00+00:00", "2026-11-24T10:42:00-05:00"),
    ],
)
def test_it_begins_in_the_morning_of_a_working_day_after_one(situation: str, now: str, begins: str) -> None:
    found = beginning(datetime.fromisoformat(now).astimezone(UTC), NEW_YORK)

    assert found == datetime.fromisoformat(begins), situation
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, "2026-11-23T09:12:00-05:00"),
        (-1, "2026-11-20T09:12:00-05:00"),
        (-5, "2026-11-16T09:12:00-05:00"),
        (-6, "2026-11-13T09:12:00-05:00"),
    ],
)
def test_weekends_are_no_working_days(days: int, expected: str) -> None:
    monday = datetime(2026, 11, 23, 15, 42, tzinfo=UTC)

    assert working_day(days, "09:12", monday, NEW_YORK) == datetime.fromisoformat(expected)


def test_a_wall_time_follows_the_clocks_when_they_change() -> None:
    monday_after = datetime(2026, 11, 2, 15, 42, tzinfo=UTC)

    assert working_day(-1, "09:00", monday_after, NEW_YORK) == datetime(2026, 10, 30, 13, 0, tzinfo=UTC)
