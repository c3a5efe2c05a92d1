"""Tests of open time: deadlines, time between instants, openings, and what the clocks do to them twice a year."""

import gc
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from agentconsole.domain.calendar import Calendar, Window, always
from agentconsole.domain.calendar_weeks import KEPT_WEEKS, Week
from agentconsole.domain.errors import Refused

NINE_TO_FIVE = Window(9 * 60, 17 * 60)
NIGHT = Window(22 * 60, 6 * 60)
ALL_DAY = Window(0, 24 * 60)
LUNCH = (Window(9 * 60, 12 * 60), Window(13 * 60, 17 * 60))
HOUR = timedelta(hours=1)


def office(zone: str = "Europe/London", exceptions: Mapping[date, tuple[Window, ...]] | None = None) -> Calendar:
    return Calendar("office", ZoneInfo(zone), ((NINE_TO_FIVE,),) * 5 + ((), ()), exceptions or {})


def every_day(zone: str, *windows: Window) -> Calendar:
    return Calendar("every day", ZoneInfo(zone), (windows,) * 7, {})


def weeks_in_memory() -> int:
    return sum(isinstance(one, Week) for one in gc.get_objects())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("situation", "start", "hours", "expected"),
    [
        ("within the day", "2026-11-18T10:00+00:00", 2, "2026-11-18T12:00+00:00"),
        ("exactly on closing time", "2026-11-18T10:00+00:00", 7, "2026-11-18T17:00+00:00"),
        ("a whole day from opening", "2026-11-18T09:00+00:00", 8, "2026-11-18T17:00+00:00"),
        ("a week from opening ends on Friday's closing", "2026-11-16T09:00+00:00", 40, "2026-11-20T17:00+00:00"),
        ("over the night", "2026-11-18T16:00+00:00", 2, "2026-11-19T10:00+00:00"),
        ("over the weekend", "2026-11-20T15:30+00:00", 8, "2026-11-23T15:30+00:00"),
        ("from closing time", "2026-11-20T17:00+00:00", 1, "2026-11-23T10:00+00:00"),
        ("from a Saturday", "2026-11-21T12:00+00:00", 1, "2026-11-23T10:00+00:00"),
        ("the start in another zone", "2026-11-18T15:30+05:30", 2, "2026-11-18T12:00+00:00"),
        ("summer time in force", "2026-07-15T09:30+01:00", 1, "2026-07-15T09:30+00:00"),
        ("over the weekend the clocks go back", "2026-10-23T16:00+01:00", 2, "2026-10-26T10:00+00:00"),
        ("over the weekend the clocks go forward", "2026-03-27T16:00+00:00", 2, "2026-03-30T09:00+00:00"),
        ("a fraction of a second", "2026-11-18T10:00:00.25+00:00", 2, "2026-11-18T12:00:00.25+00:00"),
        ("nothing, in hours", "2026-11-18T10:00+00:00", 0, "2026-11-18T10:00+00:00"),
        ("nothing, out of hours", "2026-11-21T10:00+00:00", 0, "2026-11-23T09:00+00:00"),
        ("a leap day", "2028-02-28T16:00+00:00", 9, "2028-02-29T17:00+00:00"),
    ],
)
def test_a_deadline_in_office_hours(situation: str, start: str, hours: int, expected: str) -> None:
    due = office().add(at(start), hours * HOUR)

    assert due == at(expected), situation
    assert due.tzinfo is UTC


def test_a_deadline_on_closing_time_stays_there_and_a_second_more_moves_to_the_next_opening() -> None:
    start = at("2026-11-20T16:00+00:00")

    on_time = office().add(start, HOUR)
    later = office().add(start, HOUR + timedelta(seconds=1))

    assert on_time == at("2026-11-20T17:00+00:00")
    assert later == at("2026-11-23T09:00:01+00:00")


@pytest.mark.parametrize(
    ("situation", "zone", "windows", "start", "end", "expected"),
    [
        ("night shift, London forward", "Europe/London", (NIGHT,), "2026-03-28T12:00Z", "2026-03-29T12:00Z", 7),
        ("night shift, London back", "Europe/London", (NIGHT,), "2026-10-24T12:00Z", "2026-10-25T12:00Z", 9),
        ("night shift, New York forward", "America/New_York", (NIGHT,), "2026-03-07T20:00Z", "2026-03-08T20:00Z", 7),
        ("night shift, New York back", "America/New_York", (NIGHT,), "2026-10-31T20:00Z", "2026-11-01T20:00Z", 9),
        ("night shift, Lord Howe back", "Australia/Lord_Howe", (NIGHT,), "2026-04-04T02:00Z", "2026-04-05T02:00Z", 8.5),
        (
            "night shift, Lord Howe forward",
            "Australia/Lord_Howe",
            (NIGHT,),
            "2026-10-03T02:00Z",
            "2026-10-04T02:00Z",
            7.5,
        ),
        (
            "night shift, Casablanca before Ramadan",
            "Africa/Casablanca",
            (NIGHT,),
            "2026-02-14T12:00Z",
            "2026-02-15T12:00Z",
            9,
        ),
        (
            "night shift, Casablanca after Ramadan",
            "Africa/Casablanca",
            (NIGHT,),
            "2026-03-21T12:00Z",
            "2026-03-22T12:00Z",
            7,
        ),
        ("all day, London back", "Europe/London", (ALL_DAY,), "2026-10-24T23:00Z", "2026-10-26T00:00Z", 25),
        (
            "the skipped hour is never open",
            "Europe/London",
            (Window(60, 120),),
            "2026-03-28T12:00Z",
            "2026-03-29T12:00Z",
            0,
        ),
        (
            "the repeated hour is open twice",
            "Europe/London",
            (Window(60, 120),),
            "2026-10-24T12:00Z",
            "2026-10-25T12:00Z",
            2,
        ),
        ("into the skipped hour", "Europe/London", (Window(30, 90),), "2026-03-28T12:00Z", "2026-03-29T12:00Z", 0.5),
        ("out of the skipped hour", "Europe/London", (Window(90, 150),), "2026-03-28T12:00Z", "2026-03-29T12:00Z", 0.5),
        ("the day Apia skipped", "Pacific/Apia", (NINE_TO_FIVE,), "2011-12-29T10:00Z", "2011-12-31T10:00Z", 16),
        ("a lunch break", "Asia/Kolkata", LUNCH, "2026-11-18T00:00Z", "2026-11-19T00:00Z", 7),
        (
            "shifts that overlap after midnight",
            "UTC",
            (Window(300, 700), NIGHT),
            "2026-11-18T00:00Z",
            "2026-11-19T00:00Z",
            13 + 40 / 60,
        ),
        (
            "midnight in a zone that changes at midnight",
            "America/Asuncion",
            (Window(0, 60),),
            "2023-10-01T00:00Z",
            "2023-10-01T23:00Z",
            0,
        ),
    ],
)
def test_open_time_between_two_instants(
    situation: str, zone: str, windows: tuple[Window, ...], start: str, end: str, expected: float
) -> None:
    calendar = every_day(zone, *windows)

    forward = calendar.elapsed(at(start), at(end))
    backward = calendar.elapsed(at(end), at(start))

    assert forward == timedelta(hours=expected), situation
    assert backward == -forward


@pytest.mark.parametrize(
    ("situation", "when", "is_open", "opening"),
    [
        ("before opening", "2026-11-18T08:59:59+00:00", False, "2026-11-18T09:00+00:00"),
        ("at opening", "2026-11-18T09:00+00:00", True, "2026-11-18T09:00+00:00"),
        ("just before closing", "2026-11-18T16:59:59.999999+00:00", True, "2026-11-18T16:59:59.999999+00:00"),
        ("at closing", "2026-11-18T17:00+00:00", False, "2026-11-19T09:00+00:00"),
        ("on Saturday", "2026-11-21T10:00+00:00", False, "2026-11-23T09:00+00:00"),
        ("on Christmas Eve at noon, closed early", "2026-12-24T12:00+00:00", False, "2026-12-29T09:00+00:00"),
        ("on a Saturday opened by exception", "2026-12-05T10:30+00:00", True, "2026-12-05T10:30+00:00"),
    ],
)
def test_open_or_not_and_the_next_opening(situation: str, when: str, is_open: bool, opening: str) -> None:
    calendar = office(
        exceptions={
            date(2026, 12, 5): (Window(600, 660),),
            date(2026, 12, 24): (Window(540, 720),),
            date(2026, 12, 25): (),
            date(2026, 12, 28): (),
        }
    )

    assert calendar.is_open(at(when)) is is_open, situation
    assert calendar.next_opening(at(when)) == at(opening), situation


def test_twenty_five_closed_days_in_a_row_are_waited_out() -> None:
    closed = {date(2026, 12, 1) + timedelta(days=n): () for n in range(25)}
    calendar = Calendar("museum", ZoneInfo("Europe/London"), ((NINE_TO_FIVE,),) * 7, closed)

    due = calendar.add(at("2026-11-30T16:00+00:00"), 2 * HOUR)

    assert due == at("2026-12-26T10:00+00:00")
    assert calendar.elapsed(at("2026-11-30T16:00+00:00"), due) == 2 * HOUR


def test_an_exception_replaces_the_windows_that_begin_that_date_and_not_the_night_before() -> None:
    calendar = Calendar("night", ZoneInfo("UTC"), ((NIGHT,),) * 7, {date(2026, 12, 25): ()})

    nights = list(islice(calendar.openings(at("2026-12-24T20:00Z")), 2))

    assert nights == [
        (at("2026-12-24T22:00Z"), at("2026-12-25T06:00Z")),
        (at("2026-12-26T22:00Z"), at("2026-12-27T06:00Z")),
    ]


@pytest.mark.parametrize("dated", [False, True])
def test_a_long_shift_reaches_into_the_week_after_wherever_midnight_is(dated: bool) -> None:
    shift = (Window(23 * 60, 22 * 60),)
    weekly = ((),) * 7 if dated else ((),) * 5 + (shift, ())
    calendar = Calendar("vigil", ZoneInfo("America/New_York"), weekly, {date(2026, 11, 21): shift} if dated else {})

    # Saturday 23:00 to Sunday 22:00 in New York is Monday 03:00 in UTC.
    opening = next(calendar.openings(at("2026-11-20T00:00Z")))

    assert opening == (at("2026-11-21T23:00-05:00"), at("2026-11-22T22:00-05:00"))
    assert calendar.elapsed(at("2026-11-23T00:00Z"), at("2026-11-24T00:00Z")) == 3 * HOUR


def test_a_closed_monday_is_closed_where_monday_begins_on_sunday_of_utc() -> None:
    early = (Window(0, 6 * 60),)
    calendar = Calendar("early", ZoneInfo("Asia/Kolkata"), (early,) * 7, {date(2026, 11, 23): ()})

    assert not calendar.is_open(at("2026-11-22T20:00Z"))
    assert calendar.next_opening(at("2026-11-22T12:00Z")) == at("2026-11-24T00:00+05:30")


def test_openings_are_cut_at_the_start_and_joined_where_they_touch() -> None:
    calendar = Calendar(
        "weekend", ZoneInfo("UTC"), ((),) * 5 + ((ALL_DAY,), (ALL_DAY,)), {date(2026, 11, 23): (NINE_TO_FIVE,)}
    )

    openings = list(islice(calendar.openings(at("2026-11-21T10:00Z")), 3))

    assert openings == [
        (at("2026-11-21T10:00Z"), at("2026-11-23T00:00Z")),
        (at("2026-11-23T09:00Z"), at("2026-11-23T17:00Z")),
        (at("2026-11-28T00:00Z"), at("2026-11-30T00:00Z")),
    ]


def test_openings_end_with_the_last_dated_opening() -> None:
    dated = {date(2026, 11, 22): (NINE_TO_FIVE,), date(2026, 11, 24): (NINE_TO_FIVE,)}
    calendar = Calendar("fair", ZoneInfo("UTC"), ((),) * 7, dated)

    openings = list(calendar.openings(at("2026-11-23T00:00Z")))

    assert openings == [(at("2026-11-24T09:00Z"), at("2026-11-24T17:00Z"))]
    with pytest.raises(Refused, match="does not open any more"):
        calendar.next_opening(at("2026-11-24T17:00Z"))
    with pytest.raises(Refused, match="not open for that long"):
        calendar.add(at("2026-11-24T12:00Z"), 6 * HOUR)


@pytest.mark.parametrize(
    ("situation", "calendar", "expected"),
    [
        ("made so", always(), True),
        ("every day from midnight to midnight", every_day("Europe/London", ALL_DAY), True),
        ("every day from eight to eight", every_day("Europe/London", Window(480, 480)), True),
        ("one minute short", every_day("Europe/London", Window(0, 1439)), False),
        ("one closed date", Calendar("c", ZoneInfo("UTC"), ((ALL_DAY,),) * 7, {date(2026, 12, 25): ()}), False),
        (
            "one date named, and open",
            Calendar("c", ZoneInfo("UTC"), ((ALL_DAY,),) * 7, {date(2026, 12, 25): (ALL_DAY,)}),
            True,
        ),
        (
            "an exception that leaves the morning after",
            Calendar("c", ZoneInfo("UTC"), ((Window(480, 480),),) * 7, {date(2026, 12, 25): (ALL_DAY,)}),
            False,
        ),
    ],
)
def test_a_calendar_knows_whether_it_never_closes(situation: str, calendar: Calendar, expected: bool) -> None:
    assert calendar.always_open is expected, situation


def test_a_calendar_that_never_closes_counts_plain_time() -> None:
    calendar = always(zone="Europe/London")
    start = at("2026-10-24T12:00Z")

    assert calendar.add(start, 48 * HOUR) == start + 48 * HOUR
    assert calendar.elapsed(start, start + 48 * HOUR) == 48 * HOUR
    assert calendar.next_opening(start) == start
    [(opening, close)] = calendar.openings(start)
    assert opening == start
    assert close.year == 9998


@pytest.mark.parametrize(
    ("situation", "weekly", "exceptions"),
    [
        ("no windows at all", ((),) * 7, {}),
        ("only closed dates", ((),) * 7, {date(2026, 12, 25): ()}),
    ],
)
def test_a_calendar_that_is_never_open_is_refused(
    situation: str, weekly: tuple[tuple[Window, ...], ...], exceptions: dict[date, tuple[Window, ...]]
) -> None:
    with pytest.raises(Refused, match="never open"):
        Calendar(situation, ZoneInfo("UTC"), weekly, exceptions)


@pytest.mark.parametrize(
    ("zone", "day", "window"),
    [
        ("Europe/London", date(2026, 3, 29), Window(60, 120)),
        ("Pacific/Apia", date(2011, 12, 30), Window(540, 1020)),
        ("UTC", date(1, 1, 1), Window(540, 1020)),
        ("UTC", date(9999, 12, 31), Window(540, 1020)),
    ],
)
def test_a_calendar_whose_only_hours_no_clock_shows_is_refused(zone: str, day: date, window: Window) -> None:
    with pytest.raises(Refused, match="never open"):
        Calendar("skipped", ZoneInfo(zone), ((),) * 7, {day: (window,)})

    shown = Calendar("shown", ZoneInfo(zone), ((),) * 7, {date(2026, 3, 30): (window,)})
    assert shown.next_opening(at("2026-01-01T00:00+00:00")).astimezone(shown.zone).date() == date(2026, 3, 30)


def test_what_can_not_be_counted_is_refused() -> None:
    minute_a_week = Calendar("rare", ZoneInfo("UTC"), ((Window(0, 1),),) + ((),) * 6, {})
    start = at("2026-11-18T10:00Z")

    for question in (
        lambda: office().add(start, -HOUR),
        lambda: minute_a_week.add(start, 1000 * HOUR),
        lambda: always().add(start, timedelta(days=10**7)),
        lambda: office().elapsed(start, at("2400-01-01T00:00Z")),
        lambda: office().is_open(at("0001-01-01T00:00Z")),
        lambda: office().is_open(at("0001-01-01T00:00+14:00")),
        lambda: office().next_opening(at("9999-12-31T00:00Z")),
        lambda: Window(1440, 60),
        lambda: Window(0, 1441),
        lambda: Calendar("short", ZoneInfo("UTC"), ((ALL_DAY,),), {}),
    ):
        with pytest.raises(Refused):
            question()
    with pytest.raises(ValueError, match="time zone"):
        office().is_open(start.replace(tzinfo=None))


def test_ten_years_of_open_time_come_back_as_they_were_counted() -> None:
    start = at("2026-11-18T10:00Z")
    amount = timedelta(days=3650, seconds=1)

    due = office().add(start, amount)

    assert due.year == 2068
    assert office().elapsed(start, due) == amount


def test_a_walk_over_more_weeks_than_are_remembered_spoils_nothing() -> None:
    calendar = office("UTC")
    start = at("2026-11-16T09:00Z")
    twelve_years = 626

    openings = list(islice(calendar.openings(start), twelve_years * 5))

    assert openings[0] == (start, at("2026-11-16T17:00Z"))
    assert openings[-1][1] == start + timedelta(weeks=twelve_years - 1, days=4, hours=8)
    assert calendar.add(start, timedelta(hours=40 * twelve_years)) == openings[-1][1]
    assert calendar.elapsed(start, openings[-1][1]) == timedelta(hours=40 * twelve_years)


def test_a_calendar_remembers_a_bounded_number_of_weeks() -> None:
    calendar = office("UTC")
    start = at("2026-11-16T09:00Z")
    before = weeks_in_memory()

    for n in range(3 * KEPT_WEEKS):
        calendar.is_open(start + timedelta(weeks=n))

    assert weeks_in_memory() - before <= KEPT_WEEKS


def test_calendars_are_values() -> None:
    closed = {date(2026, 12, 25): ()}
    calendar = office(exceptions=closed)

    closed[date(2026, 12, 28)] = ()

    assert calendar == office(exceptions={date(2026, 12, 25): ()})
    assert len({calendar, office(exceptions={date(2026, 12, 25): ()})}) == 1
    assert calendar != office(exceptions=closed)
    with pytest.raises(TypeError):
        calendar.exceptions[date(2026, 12, 26)] = ()  # type: ignore[index]
