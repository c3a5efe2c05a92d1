"""Tests of terms in working days, calendar days, weeks and months."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from agentconsole.domain.calendar import (
    Calendar,
    DayEnd,
    Receipt,
    Window,
    always,
    calendar_days,
    months,
    weeks,
)
from agentconsole.domain.errors import Refused

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
DAY = Window(9 * 60, 18 * 60)
NIGHT = Window(22 * 60, 6 * 60)
OFFICE = Calendar("office", LONDON, ((DAY,),) * 5 + ((), ()), {date(2026, 12, 25): (), date(2026, 12, 28): ()})
SAME, NEXT = Receipt.SAME_DAY, Receipt.NEXT_WORKING_DAY
CLOSE, END = DayEnd.CLOSE_OF_BUSINESS, DayEnd.END_OF_DAY


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("situation", "start", "n", "receipt", "end", "expected"),
    [
        ("000 playbook 3: acknowledged in 5 working days", "2026-11-23T11:00Z", 5, SAME, CLOSE, "2026-11-30T18:00Z"),
        ("the same, to the end of the day", "2026-11-23T11:00Z", 5, SAME, END, "2026-12-01T00:00Z"),
        ("received on Saturday, counts that day", "2026-11-21T11:00Z", 5, SAME, CLOSE, "2026-11-27T18:00Z"),
        ("received on Saturday, deemed Monday", "2026-11-21T11:00Z", 5, NEXT, CLOSE, "2026-11-30T18:00Z"),
        ("received on Saturday, deemed Monday, end of day", "2026-11-21T11:00Z", 5, NEXT, END, "2026-12-01T00:00Z"),
        ("received after hours on a working day", "2026-11-23T21:00Z", 1, NEXT, CLOSE, "2026-11-24T18:00Z"),
        ("received on a working day, the setting is idle", "2026-11-23T11:00Z", 5, NEXT, CLOSE, "2026-11-30T18:00Z"),
        ("over Christmas", "2026-12-24T11:00Z", 1, SAME, CLOSE, "2026-12-29T18:00Z"),
        ("received on Christmas Day, deemed the 29th", "2026-12-25T11:00Z", 1, NEXT, CLOSE, "2026-12-30T18:00Z"),
        ("into summer time", "2026-03-27T11:00Z", 1, SAME, CLOSE, "2026-03-30T17:00Z"),
        ("the end of a day in summer time", "2026-03-27T11:00Z", 1, SAME, END, "2026-03-30T23:00Z"),
        ("the local date counts, not the UTC one", "2026-07-14T23:30Z", 1, SAME, CLOSE, "2026-07-16T17:00Z"),
        ("none, on a working day", "2026-11-23T11:00Z", 0, SAME, CLOSE, "2026-11-23T18:00Z"),
        ("none, on the stroke of closing", "2026-11-23T18:00Z", 0, SAME, CLOSE, "2026-11-23T18:00Z"),
        ("none, after closing, is never over already", "2026-11-23T18:01Z", 0, SAME, CLOSE, "2026-11-24T18:00Z"),
        ("none, after closing, to the end of that day", "2026-11-23T18:01Z", 0, SAME, END, "2026-11-24T00:00Z"),
        ("none, on a closed day", "2026-11-21T11:00Z", 0, SAME, CLOSE, "2026-11-23T18:00Z"),
        ("none, on a closed day, deemed Monday", "2026-11-21T11:00Z", 0, NEXT, CLOSE, "2026-11-23T18:00Z"),
        ("a leap day is a working day", "2028-02-28T11:00Z", 1, SAME, CLOSE, "2028-02-29T18:00Z"),
        ("a year of them", "2026-11-23T11:00Z", 260, SAME, CLOSE, "2027-11-24T18:00Z"),
    ],
)
def test_working_days_after_receipt(
    situation: str, start: str, n: int, receipt: Receipt, end: DayEnd, expected: str
) -> None:
    due = OFFICE.working_day(at(start), n, receipt=receipt, end=end)

    assert due == at(expected), situation
    assert due.tzinfo is UTC


def test_a_night_shift_closes_its_working_day_the_next_morning() -> None:
    nights = Calendar("nights", LONDON, ((NIGHT,),) * 7, {})
    start = at("2026-10-23T12:00Z")

    # The clocks go back in the early morning of the 25th, within the shift of the 24th.
    assert nights.working_day(start, 1, receipt=SAME, end=CLOSE) == at("2026-10-25T06:00Z")
    assert nights.working_day(start, 1, receipt=SAME, end=END) == at("2026-10-24T23:00Z")


def test_a_date_that_opens_at_no_instant_is_no_working_day() -> None:
    apia = Calendar("apia", ZoneInfo("Pacific/Apia"), ((DAY,),) * 7, {})
    small_hours = Calendar("small hours", LONDON, ((Window(60, 120),),) * 7, {})

    # Apia had no 30 December 2011; London had no 01:00 to 02:00 on 29 March 2026.
    skipped = apia.working_day(at("2011-12-29T10:00-10:00"), 1, receipt=SAME, end=CLOSE)
    no_hour = small_hours.working_day(at("2026-03-28T00:30Z"), 1, receipt=SAME, end=CLOSE)

    assert skipped == at("2011-12-31T18:00+14:00")
    assert no_hour == at("2026-03-30T02:00+01:00")


def test_every_day_is_a_working_day_of_a_calendar_that_never_closes() -> None:
    due = always(zone="Europe/London").working_day(at("2026-10-24T12:00Z"), 1, receipt=NEXT, end=CLOSE)

    assert due == at("2026-10-26T00:00Z")


def test_working_days_that_can_not_be_counted_are_refused() -> None:
    fair = Calendar("fair", LONDON, ((),) * 7, {date(2026, 11, 24): (DAY,)})

    for calendar, start, n in (
        (OFFICE, "2026-11-23T11:00Z", -1),
        (OFFICE, "2026-11-23T11:00Z", 10_001),
        (fair, "2026-11-23T11:00Z", 2),
        (fair, "2026-11-25T11:00Z", 0),
        (OFFICE, "9999-06-01T00:00Z", 1),
    ):
        with pytest.raises(Refused):
            calendar.working_day(at(start), n, receipt=NEXT, end=CLOSE)


@pytest.mark.parametrize(
    ("situation", "start", "n", "zone", "expected"),
    [
        ("plain", "2026-11-20T15:30+00:00", 3, LONDON, "2026-11-23T15:30+00:00"),
        ("none", "2026-11-20T15:30+00:00", 0, LONDON, "2026-11-20T15:30+00:00"),
        ("none, in the second of two equal hours", "2026-10-25T01:30+00:00", 0, LONDON, "2026-10-25T01:30+00:00"),
        ("the same local time over the change back", "2026-10-24T15:30+01:00", 1, LONDON, "2026-10-25T15:30+00:00"),
        ("the same local time over the change forward", "2026-03-28T15:30+00:00", 1, LONDON, "2026-03-29T15:30+01:00"),
        ("a time that is skipped moves forward", "2026-03-28T01:30+00:00", 1, LONDON, "2026-03-29T02:30+01:00"),
        ("a time shown twice means the first", "2026-10-24T01:30+01:00", 1, LONDON, "2026-10-25T01:30+01:00"),
        ("from the second of two, a day on", "2026-10-25T01:30+00:00", 1, LONDON, "2026-10-26T01:30+00:00"),
        ("New York, skipped", "2026-03-07T02:30-05:00", 1, NEW_YORK, "2026-03-08T03:30-04:00"),
        (
            "Lord Howe, half an hour",
            "2026-10-03T02:15+10:30",
            1,
            ZoneInfo("Australia/Lord_Howe"),
            "2026-10-04T02:45+11:00",
        ),
        (
            "Apia, onto the day it skipped",
            "2011-12-29T10:00-10:00",
            1,
            ZoneInfo("Pacific/Apia"),
            "2011-12-31T10:00+14:00",
        ),
        ("over a leap day", "2028-02-28T10:00+00:00", 2, LONDON, "2028-03-01T10:00+00:00"),
    ],
)
def test_calendar_days_keep_the_local_time(situation: str, start: str, n: int, zone: ZoneInfo, expected: str) -> None:
    due = calendar_days(at(start), n, zone)

    assert due == at(expected), situation
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    ("situation", "start", "n", "expected"),
    [
        ("plain", "2026-11-20T15:30+00:00", 1, "2026-12-20T15:30+00:00"),
        ("over the year", "2026-11-20T15:30+00:00", 2, "2027-01-20T15:30+00:00"),
        ("a shorter month clamps", "2026-08-31T12:00+01:00", 1, "2026-09-30T12:00+01:00"),
        ("February clamps", "2026-01-31T12:00+00:00", 1, "2026-02-28T12:00+00:00"),
        ("February of a leap year clamps", "2028-01-31T12:00+00:00", 1, "2028-02-29T12:00+00:00"),
        ("a leap day, a year on", "2028-02-29T12:00+00:00", 12, "2029-02-28T12:00+00:00"),
        ("a leap day, four years on", "2028-02-29T12:00+00:00", 48, "2032-02-29T12:00+00:00"),
        ("into summer time", "2026-02-28T12:00+00:00", 2, "2026-04-28T12:00+01:00"),
        ("none", "2026-10-25T01:30+00:00", 0, "2026-10-25T01:30+00:00"),
        ("from the second of two to a time shown twice", "2026-10-25T01:30+00:00", 132, "2037-10-25T01:30+01:00"),
        ("from the second of two to a time skipped", "2026-10-25T01:30+00:00", 29, "2029-03-25T02:30+01:00"),
    ],
)
def test_months_keep_the_day_or_take_the_last(situation: str, start: str, n: int, expected: str) -> None:
    due = months(at(start), n, LONDON)

    assert due == at(expected), situation
    assert due.tzinfo is UTC


def test_weeks_are_seven_days_at_the_same_local_time() -> None:
    assert weeks(at("2026-10-20T15:30+01:00"), 1, LONDON) == at("2026-10-27T15:30+00:00")


@pytest.mark.parametrize("count", [calendar_days, weeks, months])
def test_terms_are_counted_forward_over_at_most_four_centuries(
    count: Callable[[datetime, int, ZoneInfo], datetime],
) -> None:
    for n in (-1, 10**9):
        with pytest.raises(Refused):
            count(at("2026-11-20T15:30Z"), n, LONDON)
    for start, n in (("9999-11-20T15:30Z", 0), ("9998-11-20T15:30Z", 60), ("0001-01-01T15:30Z", 1)):
        with pytest.raises(Refused):
            count(at(start), n, LONDON)
    with pytest.raises(ValueError, match="time zone"):
        count(datetime(2026, 11, 20), 1, LONDON)  # noqa: DTZ001
