"""Pauses of a clock, and time counted around them: by the wall, or by the open time of a calendar."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Status

ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class Period:
    """State that a ticket had `status` from `start` until `end` (None: still), why, and who set it."""

    start: datetime
    end: datetime | None
    status: Status
    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class Pause:
    """State that a clock stood still from `start` until `end` (None: still does), in which state, why, and by whom."""

    start: datetime
    end: datetime | None
    state: Status
    reason: str
    who: str


def pauses_of(
    periods: Iterable[Period], states: Collection[Status], since: datetime, until: datetime | None
) -> tuple[Pause, ...]:
    """Return the periods in `states` as pauses within `since` and `until`, apart from each other and in order.

    A wall clock that was set back makes a period end before it began; such a period pauses nothing.
    """
    pauses: list[Pause] = []
    for period in periods:
        if period.status not in states:
            continue
        start = max(period.start, since)
        end = period.end
        if until is not None:
            end = until if end is None else min(end, until)
        if end is not None and end <= start:
            continue
        pauses.append(Pause(start, end, period.status, period.reason, period.who))
        if end is None:
            break
        since = end
    return tuple(pauses)


@dataclass(frozen=True, slots=True)
class Counting:
    """Count time from `start` on, leaving the pauses out; `calendar` None counts wall time. Instants are UTC."""

    start: datetime
    pauses: tuple[Pause, ...]
    calendar: Calendar | None

    def used(self, at: datetime) -> timedelta:
        """Return the time counted until `at`; zero before the start."""
        total, since = ZERO, self.start
        for pause in self.pauses:
            if pause.start >= at:
                break
            total += self._span(since, pause.start)
            if pause.end is None or pause.end >= at:
                return total
            since = pause.end
        return total + self._span(since, at)

    def reach(self, amount: timedelta) -> datetime | None:
        """Return the first instant at which `amount` has been counted; None while an open pause comes before it."""
        instant, frozen = self._walk(amount)
        return None if frozen else instant

    def floor(self, amount: timedelta) -> datetime | None:
        """Return what `reach` would return if an open pause ended as it began; None if the calendar opens no more."""
        return self._walk(amount)[0]

    def is_shut(self, at: datetime) -> bool:
        """Say whether nothing is counted at `at`: the calendar is closed, or what is counted from is still to come."""
        return at < self.start or (self.calendar is not None and not self.calendar.is_open(at))

    def resumes(self, at: datetime) -> datetime | None:
        """Return when it is counted again when shut; None when open, and when it never opens again."""
        if not self.is_shut(at):
            return None
        since = max(at, self.start)
        try:
            return since if self.calendar is None else self.calendar.next_opening(since)
        except Refused:
            return None

    def turns(self, at: datetime) -> datetime | None:
        """Return the next instant after `at` at which counting begins or the calendar opens or closes, if any."""
        if at < self.start:
            return self.start
        if self.calendar is None:
            return None
        for opening, close in self.calendar.openings(at):
            return opening if opening > at else close
        return None

    def _walk(self, amount: timedelta) -> tuple[datetime | None, bool]:
        rest, since = max(amount, ZERO), self.start
        for pause in self.pauses:
            span = self._span(since, pause.start)
            if span >= rest:
                break
            rest -= span
            if pause.end is None:
                return self._advance(pause.start, rest), True
            since = pause.end
        return self._advance(since, rest), False

    def _span(self, start: datetime, end: datetime) -> timedelta:
        if end <= start:
            return ZERO
        return end - start if self.calendar is None else self.calendar.elapsed(start, end)

    def _advance(self, start: datetime, amount: timedelta) -> datetime | None:
        if self.calendar is not None and amount > ZERO:
            try:
                return self.calendar.add(start, amount)
            except Refused:
                return None
        try:
            return start + amount
        except OverflowError:
            return None
