"""Properties of open time, and the comparison with a clock that is read minute by minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentconsole.domain.calendar import Calendar, Window

MINUTE = timedelta(minutes=1)
ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "America/Asuncion",
    "Pacific/Apia",
    "Asia/Gaza",
)
# The days on which the clocks of a zone move; Casablanca leaves and rejoins summer time around Ramadan, and Recife kept
# summer time for a single week.
CLOCK_CHANGES = [
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("America/Asuncion", date(2023, 10, 1)),
    ("America/Asuncion", date(2023, 3, 26)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Beirut", date(2026, 3, 29)),
    ("America/Recife", date(2000, 10, 8)),
    ("America/Recife", date(2000, 10, 15)),
]
HOURS = [
    (Window(9 * 60, 17 * 60),),
    (Window(22 * 60, 6 * 60),),
    (Window(0, 24 * 60),),
    (Window(30, 95), Window(100, 145), Window(23 * 60 + 30, 1440)),
    (Window(115, 121), Window(150, 195), Window(20 * 60, 60)),
]

windows = st.builds(Window, st.integers(0, 1439), st.integers(0, 1440))
calendars = st.builds(
    lambda zone, weekly, exceptions: Calendar("any", ZoneInfo(zone), tuple(weekly), exceptions),
    st.sampled_from(ZONES),
    st.lists(st.lists(windows, max_size=3).map(tuple), min_size=7, max_size=7).filter(any),
    st.dictionaries(
        st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.lists(windows, max_size=2).map(tuple), max_size=5
    ),
)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
amounts = st.timedeltas(timedelta(microseconds=1), timedelta(days=40))


def stands_open(calendar: Calendar, at: datetime) -> bool:
    """Read the wall clock and look the hours up, as a person would."""
    wall = at.astimezone(calendar.zone)
    minute = wall.hour * 60 + wall.minute
    today, yesterday = wall.date(), wall.date() - timedelta(days=1)
    begun_today = calendar.exceptions.get(today, calendar.weekly[today.weekday()])
    begun_yesterday = calendar.exceptions.get(yesterday, calendar.weekly[yesterday.weekday()])
    return any(
        window.start <= minute < (window.end if window.end > window.start else 1440) for window in begun_today
    ) or any(window.end <= window.start and minute < window.end for window in begun_yesterday)


def minutes_from(start: datetime, days: int) -> Iterator[datetime]:
    return (start + n * MINUTE for n in range(days * 1440))


@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize(("zone", "day"), CLOCK_CHANGES)
def test_t1_open_time_around_a_clock_change_is_what_the_wall_clock_shows(
    zone: str, day: date, hours: tuple[Window, ...]
) -> None:
    calendar = Calendar("any", ZoneInfo(zone), (hours,) * 7, {day + timedelta(days=1): hours[:1]})
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    instants = list(minutes_from(start, 4))

    shown = [stands_open(calendar, at) for at in instants]
    counted = accumulate((MINUTE if is_open else timedelta() for is_open in shown), initial=timedelta())

    assert [calendar.is_open(at) for at in instants] == shown
    assert [calendar.elapsed(start, at) for at in instants] == list(counted)[:-1]


@pytest.mark.parametrize("hours", HOURS[:3])
@pytest.mark.parametrize(("zone", "day"), CLOCK_CHANGES)
def test_t1_eight_hours_from_every_hour_of_a_clock_change_end_where_the_wall_clock_says(
    zone: str, day: date, hours: tuple[Window, ...]
) -> None:
    calendar = Calendar("any", ZoneInfo(zone), (hours,) * 7, {})
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    open_minutes = [at for at in minutes_from(start, 5) if stands_open(calendar, at)]

    for n in range(0, 48 * 60, 30):
        begin = start + n * MINUTE
        ahead = [at for at in open_minutes if at >= begin]

        assert calendar.add(begin, timedelta(hours=8)) == ahead[8 * 60 - 1] + MINUTE
        assert calendar.next_opening(begin) == ahead[0]


@settings(max_examples=150, deadline=None)
@given(calendars, instants, amounts)
def test_a_deadline_comes_back_as_the_open_time_it_was_made_from(
    calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    due = calendar.add(start, amount)

    assert calendar.elapsed(start, due) == amount
    # The first such instant: just before it, the desk was open and something was still missing.
    assert calendar.is_open(due - timedelta(microseconds=1))


@settings(max_examples=150, deadline=None)
@given(calendars, instants, instants, instants)
def test_open_time_adds_up_and_a_deadline_can_be_met_in_two_steps(
    calendar: Calendar, one: datetime, two: datetime, three: datetime
) -> None:
    assert calendar.elapsed(one, two) + calendar.elapsed(two, three) == calendar.elapsed(one, three)
    assert calendar.elapsed(one, two) == -calendar.elapsed(two, one)
    assert abs(calendar.elapsed(one, two)) <= abs(two - one)


@settings(max_examples=100, deadline=None)
@given(calendars, instants)
def test_openings_are_in_order_apart_and_add_up_to_the_open_time(calendar: Calendar, start: datetime) -> None:
    end = start + timedelta(days=30)
    before, total = None, timedelta()

    for opening, close in calendar.openings(start):
        if opening >= end:
            break
        assert opening < close
        assert before is None or before < opening
        assert calendar.is_open(opening)
        before = close
        total += min(close, end) - opening

    assert total == calendar.elapsed(start, end)
    assert calendar.next_opening(start) == next(calendar.openings(start))[0]


@settings(max_examples=60, deadline=None)
@given(calendars, instants)
def test_any_calendar_is_open_when_the_wall_clock_says_so(calendar: Calendar, start: datetime) -> None:
    for n in range(0, 3 * 1440, 17):
        at = start + n * MINUTE

        assert calendar.is_open(at) is stands_open(calendar, at)
