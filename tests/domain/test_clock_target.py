"""Every kind of target, from its start to its due instant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentconsole.domain.calendar import Calendar, DayEnd, Receipt, Window
from agentconsole.domain.policy import (
    BestEffort,
    Business,
    CalendarSpan,
    Comparator,
    Elapsed,
    Immediate,
    NextPeriodEnd,
    Rings,
    Target,
    Unspecified,
    WorkingDays,
)
from agentconsole.domain.terms import ClockKind, ClockState, ContactKind
from tests.domain.desk import Author, Ticket, applied, at, pack, standard

HOUR = timedelta(hours=1)
FIVE_DAYS = WorkingDays(5, "hours", Receipt.SAME_DAY, DayEnd.CLOSE_OF_BUSINESS)


def asked(target: Target, start: str, **more: object) -> Ticket:
    return Ticket(applied(pack(standard(target, **more)))).asked(at(start))


@pytest.mark.parametrize(
    ("situation", "target", "start", "due"),
    [
        ("000-24: 24 hours elapsed", Elapsed(24 * HOUR), "Mon 08:46", "Tue 08:46"),
        ("000-24: nights and weekends count", Elapsed(24 * HOUR), "Sat 20:00", "Sun 20:00"),
        ("000-26: chat within 5 minutes", Elapsed(timedelta(minutes=5)), "Mon 23:58", "Tue 00:03"),
        ("001-028: 2 business hours", Business(2 * HOUR, "hours"), "Mon 08:46", "Mon 10:46"),
        ("001-028: over the night", Business(2 * HOUR, "hours"), "Mon 17:00", "Tue 09:30"),
        ("a deadline on closing time stays there", Business(2 * HOUR, "hours"), "Mon 16:00", "Mon 18:00"),
        ("opened out of hours: begins at the next opening", Business(2 * HOUR, "hours"), "Mon 03:00", "Mon 10:30"),
        ("001-027: immediate is the desk's seconds", Immediate(30, "hours"), "Mon 12:00", "Mon 12:00:30"),
        ("001-027: chat around the clock", Immediate(30, "always"), "Sun 03:00", "Sun 03:00:30"),
        ("002-22: 30 minutes in official hours", Business(HOUR / 2, "hours"), "Mon 17:45", "Tue 08:45"),
        ("002-20: reasonable, set by the manager", Unspecified(4 * HOUR, "hours"), "Mon 16:00", "Tue 10:30"),
        (
            "000-39: 2 working days",
            WorkingDays(2, "hours", Receipt.SAME_DAY, DayEnd.END_OF_DAY),
            "Mon 12:00",
            "Thu 00:00",
        ),
        (
            "at close of business",
            WorkingDays(2, "hours", Receipt.SAME_DAY, DayEnd.CLOSE_OF_BUSINESS),
            "Mon 12:00",
            "Wed 18:00",
        ),
        (
            "after closing of the day of receipt",
            WorkingDays(0, "hours", Receipt.SAME_DAY, DayEnd.CLOSE_OF_BUSINESS),
            "Mon 20:00",
            "Tue 18:00",
        ),
        ("calendar days", CalendarSpan("days", 3, "hours"), "Mon 12:00", "Thu 12:00"),
        ("002-26: by the end of the next official hours", NextPeriodEnd("hours"), "Mon 20:00", "Tue 18:00"),
        ("002-26: left in the early morning", NextPeriodEnd("hours"), "Tue 05:00", "Tue 18:00"),
        ("002-26: left while open, the next period is tomorrow's", NextPeriodEnd("hours"), "Tue 12:00", "Wed 18:00"),
    ],
)
def test_each_kind_of_target_is_due(situation: str, target: Target, start: str, due: str) -> None:
    clock = asked(target, start).clock()

    assert clock.due_at == at(due), situation


def test_weeks_and_months_are_counted_in_the_calendars_zone() -> None:
    due = [asked(CalendarSpan(unit, 1, "hours"), "Mon 12:00").clock().due_at for unit in ("weeks", "months")]

    assert due == [at("Mon 12:00") + timedelta(days=7), at("Mon 12:00") + timedelta(days=30)]


def test_five_working_days_skip_the_weekend() -> None:
    clock = asked(FIVE_DAYS, "Mon 12:00").clock()

    assert clock.due_at == at("Mon 18:00") + timedelta(days=7)


def test_a_call_is_due_after_its_rings() -> None:
    rules = applied(pack(standard(Rings(6, timedelta(seconds=6)), ClockKind.RING)))
    story = Ticket(rules).opened().contact(at("Mon 08:46"), Author.CUSTOMER, ContactKind.CALL)

    clock = story.clock()

    assert clock.due_at == at("Mon 08:46:36")
    assert [clock.rings(at(f"Mon 08:46:{second:02}")) for second in (0, 5, 6, 36)] == [(1, 6), (1, 6), (2, 6), (7, 6)]


def test_a_target_without_rings_shows_none() -> None:
    assert asked(Elapsed(HOUR), "Mon 09:00").clock().rings(at("Mon 09:10")) is None


@pytest.mark.parametrize(
    ("situation", "target", "reason"),
    [
        ("002-19: by traffic", BestEffort("erlang"), "best effort"),
        ("002-20: reasonable, not set yet", Unspecified(None, "hours"), "the manager has not set one"),
    ],
)
def test_a_target_without_a_number_is_never_green(situation: str, target: Target, reason: str) -> None:
    story = asked(target, "Mon 09:00")
    waiting = story.clock()

    met = story.replied(at("Mon 09:01")).clock()

    assert (waiting.due_at, waiting.state(at("Mon 17:00"))) == (None, ClockState.NONE), situation
    assert reason in waiting.no_clock_reason, situation
    assert met.state(at("Mon 17:00")) is ClockState.NONE, situation


@pytest.mark.parametrize(
    ("comparator", "answered", "state"),
    [
        (Comparator.WITHIN, timedelta(0), ClockState.MET),
        (Comparator.WITHIN, timedelta(microseconds=1), ClockState.MISSED),
        (Comparator.UNDER, -timedelta(microseconds=1), ClockState.MET),
        (Comparator.UNDER, timedelta(0), ClockState.MISSED),
    ],
)
def test_the_exact_due_instant_keeps_within_and_breaks_under(
    comparator: Comparator, answered: timedelta, state: ClockState
) -> None:
    story = asked(Elapsed(HOUR), "Mon 09:00", comparator=comparator)

    clock = story.replied(at("Mon 10:00") + answered).clock(at("Mon 12:00"))

    assert clock.state(at("Mon 12:00")) is state


def test_a_calendar_that_does_not_open_again_promises_nothing_and_says_so() -> None:
    once = {at("Mon 12:00").date(): (Window(540, 600),)}
    calendars = {"hours": Calendar("fair", ZoneInfo("UTC"), ((),) * 7, once)}

    rules = applied(pack(standard(NextPeriodEnd("hours")), calendars=calendars))
    clock = Ticket(rules).asked(at("Fri 12:00")).clock(at("Fri 12:00"))

    assert (clock.due_at, clock.state(at("Fri 12:00"))) == (None, ClockState.NONE)
    assert clock.no_clock_reason == "the calendar does not open again"


def test_a_business_target_that_can_never_be_reached_has_no_instant_and_does_not_fail() -> None:
    once = {at("Mon 12:00").date(): (Window(540, 600),)}
    calendars = {"hours": Calendar("fair", ZoneInfo("UTC"), ((),) * 7, once)}

    rules = applied(pack(standard(Business(5 * HOUR, "hours")), calendars=calendars))
    clock = Ticket(rules).asked(at("Fri 12:00")).clock(at("Fri 12:00"))

    assert (clock.due_at, clock.resumes_at) == (None, None)
    assert clock.state(at("Fri 12:00")) is ClockState.SHUT
    assert clock.next_change(at("Fri 12:00")) is None


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("Mon 12:00", timedelta(days=4, hours=12 + 18)),
        ("Fri 23:00", timedelta(hours=1 + 18)),
        ("Sat 10:00", timedelta(hours=18)),
        ("Sun 23:00", timedelta(hours=18)),
    ],
)
def test_working_days_left_stand_still_on_closed_days(now: str, left: timedelta) -> None:
    clock = asked(FIVE_DAYS, "Mon 12:00").clock()

    assert clock.left(at(now)) == left


def test_a_letter_is_shut_on_a_closed_day_and_not_in_the_evening() -> None:
    clock = asked(FIVE_DAYS, "Mon 12:00").clock()

    assert clock.state(at("Wed 22:00")) is ClockState.OK
    assert clock.state(at("Sat 12:00")) is ClockState.SHUT


@pytest.mark.parametrize(
    ("zone", "start", "due"),
    [
        ("Europe/London", datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 11, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 1, 17, tzinfo=UTC)),
    ],
)
def test_a_calendar_day_over_a_change_of_the_clocks_keeps_the_local_time(
    zone: str, start: datetime, due: datetime
) -> None:
    calendars = {"hours": Calendar("hours", ZoneInfo(zone), ((Window(540, 1020),),) * 7, {})}
    rules = applied(pack(standard(CalendarSpan("days", 1, "hours")), calendars=calendars))

    clock = Ticket(rules).asked(start).clock(start)

    assert clock.due_at == due
