"""What a target promises from a start on: which time is counted, how much of it, or why there is no instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from agentconsole.domain.calendar import ALL_DAY, Calendar, Window, calendar_days, months, weeks
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import (
    BestEffort,
    Business,
    CalendarSpan,
    Elapsed,
    Immediate,
    NextPeriodEnd,
    Pack,
    Rings,
    Target,
    Unspecified,
    WorkingDays,
)

BEST_EFFORT = "best effort: measured against a model of the traffic, no instant is promised"
UNSPECIFIED = 'no number yet: the policy says "reasonable" and the manager has not set one'
NEVER_OPENS = "the calendar does not open again"


@dataclass(frozen=True, slots=True)
class Measure:
    """Promise `amount` of counted time: wall time when `calendar` is None, else that calendar's open time.

    `amount` None means that no instant is promised, and `reason` says why.
    """

    calendar: Calendar | None
    amount: timedelta | None
    reason: str = ""


def measure(target: Target, start: datetime, pack: Pack) -> Measure:
    """Return what `target` means for a clock that starts at `start` (UTC) under `pack`.

    Working days count the whole of each working date, so that nights of a working week run and closed days do not;
    an amount that falls on a closing time stays there.
    """
    if isinstance(target, BestEffort):
        return Measure(None, None, BEST_EFFORT)
    try:
        return _of_dates(target, start, pack) or _of_amounts(target, pack)
    except Refused as refusal:
        return Measure(None, None, refusal.sentence)


def _of_amounts(target: Target, pack: Pack) -> Measure:
    match target:
        case Rings(count, cycle):
            return Measure(None, count * cycle)
        case Elapsed(amount):
            return Measure(None, amount)
        case Business(amount, name):
            return Measure(_counted(pack.calendars[name]), amount)
        case Immediate(seconds, name):
            return Measure(_counted(pack.calendars[name]), timedelta(seconds=seconds))
        case Unspecified(set_amount, name):
            reason = UNSPECIFIED if set_amount is None else ""
            return Measure(_counted(pack.calendars[name]), set_amount, reason)
    raise TypeError(f"no measure for {type(target).__name__}")


def _of_dates(target: Target, start: datetime, pack: Pack) -> Measure | None:
    match target:
        case WorkingDays(days, name, receipt, end):
            calendar = pack.calendars[name]
            due = calendar.working_day(start, days, receipt=receipt, end=end)
            return _until(_counted(_working_dates(calendar)), start, due)
        case CalendarSpan(unit, count, name):
            span = {"days": calendar_days, "weeks": weeks, "months": months}[unit]
            return _until(None, start, span(start, count, pack.calendars[name].zone))
        case NextPeriodEnd(name):
            calendar = pack.calendars[name]
            # The period that is running at the start is not the next one.
            close = next((close for opening, close in calendar.openings(start) if opening > start), None)
            return _until(calendar, start, close) if close else Measure(None, None, NEVER_OPENS)
    return None


def _until(calendar: Calendar | None, start: datetime, due: datetime) -> Measure:
    if due <= start:
        return Measure(calendar, timedelta(0))
    return Measure(calendar, due - start if calendar is None else calendar.elapsed(start, due))


def _counted(calendar: Calendar) -> Calendar | None:
    """Return None for a calendar that never closes: its open time is wall time."""
    return None if calendar.always_open else calendar


@lru_cache(maxsize=64)
def _working_dates(calendar: Calendar) -> Calendar:
    """Return the calendar that is open all day on each date on which a window of `calendar` begins."""
    return Calendar(
        calendar.name,
        calendar.zone,
        tuple(_whole(windows) for windows in calendar.weekly),
        {day: _whole(windows) for day, windows in calendar.exceptions.items()},
        calendar.exception_names,
    )


def _whole(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    return (ALL_DAY,) if windows else ()
