"""The business calendar: open time, deadlines and working days, exact to the second across clock changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from zoneinfo import ZoneInfo

from agentconsole.domain.calendar_days import calendar_days, months, weeks
from agentconsole.domain.calendar_wall import DAY_MINUTES, ZERO, Window
from agentconsole.domain.calendar_weeks import HORIZON_WEEKS, LAST_WEEK, OpenWeeks, check_countable, week_number
from agentconsole.domain.errors import Refused

__all__ = ["Calendar", "DayEnd", "Receipt", "Window", "always", "calendar_days", "months", "weeks"]

MOST_WORKING_DAYS = 10_000
ALL_DAY = Window(0, DAY_MINUTES)
END_OF_TIME = datetime.fromordinal(LAST_WEEK * 7 + 8).replace(tzinfo=UTC)


class Receipt(StrEnum):
    """Say what a contact on a closed day counts as (REQUIREMENTS, ambiguities: receipt out of hours)."""

    SAME_DAY = "same_day"
    NEXT_WORKING_DAY = "next_working_day"


class DayEnd(StrEnum):
    """Say when on its last day a term of working days is over."""

    CLOSE_OF_BUSINESS = "close_of_business"
    END_OF_DAY = "end_of_day"


@dataclass(frozen=True)
class Calendar:
    """Hold when a desk is open and count with it; every answer is an aware instant in UTC.

    `weekly` has seven entries, Monday first. `exceptions` replace the windows that begin on a date, () closes it. The
    desk is open whenever the wall clock of `zone` stands within a window: a skipped hour is never open, a repeated
    one twice. Refuses, when built, a calendar that is never open.
    """

    name: str
    zone: ZoneInfo
    weekly: tuple[tuple[Window, ...], ...]
    exceptions: Mapping[date, tuple[Window, ...]] = field(hash=False)
    exception_names: Mapping[date, str] = field(default_factory=dict, hash=False)
    _weeks: OpenWeeks = field(init=False, repr=False, compare=False)
    _always: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise Refused(f"Calendar {self.name} needs seven days of hours, Monday first.")
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))
        object.__setattr__(self, "exception_names", MappingProxyType(dict(self.exception_names)))
        object.__setattr__(self, "_weeks", OpenWeeks(self.zone, self.weekly, self.exceptions))
        object.__setattr__(self, "_always", self._weeks.always)
        if self._weeks.never:
            raise Refused(f"Calendar {self.name} is never open: give at least one day opening hours.")

    @property
    def always_open(self) -> bool:
        """Say whether no instant is ever closed."""
        return self._always

    def is_open(self, at: datetime) -> bool:
        """Say whether the desk is open at `at`; at the closing instant it is not."""
        instant = _in_utc(at)
        return self._always or self._weeks.week(week_number(instant)).is_open(instant)

    def next_opening(self, at: datetime) -> datetime:
        """Return `at` if open, else the next opening; refuse when there is none within 200 years."""
        instant = _in_utc(at)
        if self._always:
            return instant
        first = week_number(instant)
        for number in range(first, first + HORIZON_WEEKS):
            if self._weeks.shut_for_good(number):
                break
            found = self._weeks.week(number).next_opening(instant)
            if found is not None:
                return found
        raise Refused(f"Calendar {self.name} does not open any more after {instant:%Y-%m-%d}.")

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the instant at which `amount` of open time after `start` is over.

        A deadline on closing time stays there. No amount at all is due at once, or at the next opening. Refuses a
        negative amount and one that is not over within 200 years.
        """
        instant = start if start.tzinfo is UTC else _in_utc(start)
        if amount <= ZERO:
            if amount < ZERO:
                raise Refused("An amount of open time is counted forward: give zero or more.")
            return self.next_opening(instant)
        if self._always:
            return _plus(instant, amount)
        return self._weeks.after(instant, amount)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from `start` to `end`, below zero when `end` is earlier; refuse over 200 years."""
        since, until = _in_utc(start), _in_utc(end)
        if self._always:
            return until - since
        if until < since:
            return -self.elapsed(until, since)
        first, last = week_number(since), week_number(until)
        if last - first > HORIZON_WEEKS:
            raise Refused("Open time is counted over at most 200 years.")
        found = self._weeks.week(last).open_before(until) - self._weeks.week(first).open_before(since)
        for number in range(first, last):
            found += self._weeks.total(number)
        return found

    def working_day(self, start: datetime, n: int, *, receipt: Receipt, end: DayEnd) -> datetime:
        """Return when the `n`-th working day after receipt is over; a working day is a date on which a window begins.

        Received on a closed day counts that day, or the next working day (`receipt`). With `n` 0 it is the day of
        receipt itself, or the first working day that does not end before `start`. Refuses negative counts and counts
        over 10,000.
        """
        if not 0 <= n <= MOST_WORKING_DAYS:
            raise Refused(f"Working days are counted from 0 to {MOST_WORKING_DAYS}.")
        instant = _in_utc(start)
        check_countable(week_number(instant))
        received = instant.astimezone(self.zone).toordinal()
        days = self._working_days(received, end)
        if n == 0:
            due = next((over for _, over in days if over >= instant), None)
        else:
            after, _ = next(days, (received, instant)) if receipt is Receipt.NEXT_WORKING_DAY else (received, instant)
            due = next(islice((over for ordinal, over in days if ordinal > after), n - 1, None), None)
        if due is None:
            raise Refused(f"Calendar {self.name} has too few working days after {instant:%Y-%m-%d} to count to {n}.")
        return due

    def closing_on(self, day: date) -> datetime | None:
        """Return when the last window that begins on a date closes; None on a date that has none."""
        return self._weeks.close_on(day.toordinal())

    def openings(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the openings from `start` on, in order, as (open, close), cut at `start`, joined where they touch.

        Ends with the last opening, if there is one; an opening without end closes at the end of year 9998.
        """
        instant = _in_utc(start)
        pending: tuple[datetime, datetime] | None = None
        for number in range(week_number(instant), LAST_WEEK + 1):
            if self._weeks.shut_for_good(number):
                break
            week = self._weeks.week(number)
            for opening, close in zip(week.opens, week.closes, strict=True):
                if close <= instant:
                    continue
                if pending is not None and opening == pending[1]:
                    pending = (pending[0], close)
                    continue
                if pending is not None:
                    yield pending
                pending = (max(opening, instant), close)
            if pending is not None and self._weeks.open_for_good(number):
                pending = (pending[0], END_OF_TIME)
                break
        if pending is not None:
            yield pending

    def _working_days(self, ordinal: int, end: DayEnd) -> Iterator[tuple[int, datetime]]:
        """Yield the working days from a date on, each with the instant at which it is over."""
        for day in range(ordinal, min(ordinal + HORIZON_WEEKS * 7, LAST_WEEK * 7)):
            close = self._weeks.close_on(day)
            if close is not None:
                yield day, close if end is DayEnd.CLOSE_OF_BUSINESS else self._weeks.end_of(day)


def always(name: str = "24x7", zone: str = "UTC") -> Calendar:
    """Return the calendar that never closes."""
    return Calendar(name, ZoneInfo(zone), ((ALL_DAY,),) * 7, {})


def _in_utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    try:
        return at.astimezone(UTC)
    except OverflowError as overflow:
        raise Refused("The calendar counts from year 2 to year 9998 only.") from overflow


def _plus(instant: datetime, amount: timedelta) -> datetime:
    try:
        return instant + amount
    except OverflowError as overflow:
        raise Refused("That amount of time ends after year 9999.") from overflow
