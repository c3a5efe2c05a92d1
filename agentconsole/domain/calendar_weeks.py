"""Opening hours on the time line: UTC weeks of openings behind a bounded cache, and the walk over them."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from agentconsole.domain.calendar_wall import (
    PROBE,
    ZERO,
    Hours,
    Span,
    Window,
    hours_of,
    merged,
    midnight_of,
    offset_at,
    on_time_line,
)
from agentconsole.domain.errors import Refused

DAY = timedelta(days=1)
WHOLE_WEEK = timedelta(weeks=1)
HORIZON_WEEKS = 200 * 52
HORIZON_WORDS = "200 years"
FIRST_WEEK = (date(2, 1, 1).toordinal() - 1) // 7
LAST_WEEK = (date(9998, 12, 31).toordinal() - 1) // 7 - 1
# Windows that begin on a date end the day after at the latest, on the wall; UTC is less than a day off.
TOUCHED_DAYS = range(-1, 3)
# From two days before a UTC week (whose windows may spill into it) to the day after it.
DAYS_AROUND_WEEK = 10
KEPT_WEEKS = 512

Pattern = tuple[tuple[timedelta, ...], tuple[timedelta, ...], tuple[timedelta, ...]]


@dataclass(frozen=True, slots=True)
class Week:
    """Hold the openings of one UTC week, cut at its ends, in order, with the open time reached at each and in all."""

    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    reached: tuple[timedelta, ...]
    total: timedelta

    def open_before(self, at: datetime) -> timedelta:
        """Return the open time between the beginning of the week and `at`."""
        begun = bisect_right(self.opens, at)
        if not begun:
            return ZERO
        close = self.closes[begun - 1]
        reached = self.reached[begun - 1]
        return reached if at >= close else reached - (close - at)

    def instant(self, amount: timedelta) -> datetime:
        """Return the first instant at which `amount` (above zero, at most the total) of open time is over."""
        index = bisect_left(self.reached, amount)
        return self.closes[index] - (self.reached[index] - amount)

    def is_open(self, at: datetime) -> bool:
        """Say whether `at` lies in an opening; the closing instant does not."""
        begun = bisect_right(self.opens, at)
        return begun > 0 and at < self.closes[begun - 1]

    def next_opening(self, at: datetime) -> datetime | None:
        """Return `at` if open, else the next opening of this week, or None if there is none left."""
        ahead = bisect_right(self.closes, at)
        return max(at, self.opens[ahead]) if ahead < len(self.opens) else None


def week_number(at: datetime) -> int:
    """Return the number of the UTC week (Monday to Sunday) of an instant in UTC; week 0 begins on 0001-01-01."""
    return (at.toordinal() - 1) // 7


def check_countable(number: int) -> None:
    """Refuse a week outside the years 2 to 9998, where a neighbouring day may not exist."""
    if not FIRST_WEEK <= number <= LAST_WEEK:
        raise Refused("The calendar counts from year 2 to year 9998 only.")


class OpenWeeks:
    """Answer with the openings of any UTC week, and walk over weeks without resolving each of them."""

    def __init__(
        self, zone: ZoneInfo, weekly: tuple[tuple[Window, ...], ...], exceptions: Mapping[date, tuple[Window, ...]]
    ) -> None:
        self._zone = zone
        self._weekly = tuple(hours_of(day) for day in weekly)
        self._exceptions = {day.toordinal(): hours_of(windows) for day, windows in exceptions.items()}
        self._touched = {(day + near - 1) // 7 for day in self._exceptions for near in TOUCHED_DAYS}
        self._patterns: dict[timedelta, Pattern] = {}
        self._kept: dict[int, Week] = {}
        self._plain_total = self._pattern(ZERO)[2][-1] if any(weekly) else ZERO
        self.last_touched = max(self._touched, default=-1)

    @property
    def always(self) -> bool:
        """Say whether no instant is ever closed."""
        if self._plain_total < WHOLE_WEEK:
            return False
        all_days = (*self._weekly, *self._exceptions.values())
        # Windows that only fill the day together with the night before do not do so next to an exception.
        return not self._exceptions or all((ZERO, DAY) in day for day in all_days)

    @property
    def never(self) -> bool:
        """Say whether no instant is ever open: also when the clocks skip the only hours there are."""
        if self._plain_total:
            return False
        return not any(
            hours and FIRST_WEEK < day // 7 < LAST_WEEK and self.close_on(day) is not None
            for day, hours in self._exceptions.items()
        )

    def open_for_good(self, number: int) -> bool:
        """Say whether nothing closes any more from week `number` on."""
        return self._plain_total == WHOLE_WEEK and number > self.last_touched

    def shut_for_good(self, number: int) -> bool:
        """Say whether nothing opens any more from week `number` on."""
        return not self._plain_total and number > self.last_touched

    def close_on(self, ordinal: int) -> datetime | None:
        """Return the last closing of the windows that begin on this date, None when the date opens at no instant."""
        walls = self._walls(ordinal, 1, self._exceptions)
        return self._last_instant(walls) if walls else None

    def end_of(self, ordinal: int) -> datetime:
        """Return the instant at which a date that has an opening is over."""
        midnight = midnight_of(ordinal)
        end = self._last_instant([(midnight, midnight + DAY)])
        assert end is not None, "a date with an opening has an end"
        return end

    def _last_instant(self, walls: list[Span]) -> datetime | None:
        start = min(opening for opening, _ in walls) - DAY
        spans = on_time_line(self._zone, walls, start, max(close for _, close in walls) + DAY)
        return spans[-1][1] if spans else None

    def week(self, number: int) -> Week:
        """Return the openings of a week; refuse what lies outside the years 2 to 9998."""
        kept = self._kept.get(number)
        if kept is not None:
            return kept
        check_countable(number)
        offset = self._steady_offset(number)
        week = self._resolved(number) if offset is None else self._plain(number, offset)
        if len(self._kept) >= KEPT_WEEKS:
            self._kept.clear()
        self._kept[number] = week
        return week

    def total(self, number: int) -> timedelta:
        """Return the open time of a week, resolving it only if it is unlike the others."""
        kept = self._kept.get(number)
        if kept is not None:
            return kept.total
        if FIRST_WEEK <= number <= LAST_WEEK and self._steady_offset(number) is not None:
            return self._plain_total
        return self.week(number).total

    def after(self, at: datetime, amount: timedelta) -> datetime:
        """Return the first instant at which `amount` (above zero) of open time after `at` (UTC) is over.

        Refuses when that lies beyond the horizon, or when the calendar has shut for good before.
        """
        number = week_number(at)
        week = self._kept.get(number) or self.week(number)
        needed = week.open_before(at) + amount
        if needed > week.total:
            # Nearly every deadline falls into this week or the next, so those two are not walked to.
            number, needed = number + 1, needed - week.total
            week = self._kept.get(number) or self.week(number)
            if needed > week.total:
                number, needed = self._spend(number, needed)
                week = self.week(number)
        return week.instant(needed)

    def _spend(self, number: int, amount: timedelta) -> tuple[int, timedelta]:
        """Return the week in which `amount`, counted from the beginning of week `number`, is over, and its share."""
        end = number + HORIZON_WEEKS
        for ahead in range(number, end if self._plain_total else min(end, self.last_touched + 1)):
            total = self.total(ahead)
            if amount <= total:
                return ahead, amount
            amount -= total
        raise Refused(f"The calendar is not open for that long within {HORIZON_WORDS}.")

    def _steady_offset(self, number: int) -> timedelta | None:
        """Return the one UTC offset of a week that no exception touches, None for any other week.

        The first probes are wall times, the cheap ones: a day before, within and a day after the UTC week, so that no
        offset hides a move. Only if they differ are the instants asked.
        """
        if number in self._touched:
            return None
        before = number * 7
        at = self._zone.utcoffset
        offset = at(datetime.fromordinal(before))
        if offset == at(datetime.fromordinal(before + 4)) == at(datetime.fromordinal(before + 9)):
            return offset
        start = midnight_of(before + 1)
        offset = offset_at(self._zone, start)
        if offset == offset_at(self._zone, start + PROBE) == offset_at(self._zone, start + WHOLE_WEEK):
            return offset
        return None

    def _plain(self, number: int, offset: timedelta) -> Week:
        monday = midnight_of(number * 7 + 1)
        opens, closes, reached = self._pattern(offset)
        return Week(tuple(monday + o for o in opens), tuple(monday + c for c in closes), reached, self._plain_total)

    def _pattern(self, offset: timedelta) -> tuple[tuple[timedelta, ...], tuple[timedelta, ...], tuple[timedelta, ...]]:
        """Return opens, closes and open time reached, all counted from the beginning of a week at this offset."""
        found = self._patterns.get(offset)
        if found is None:
            start = midnight_of(FIRST_WEEK * 7 + 1)
            walls = self._walls(FIRST_WEEK * 7 - 1, DAYS_AROUND_WEEK, {})
            spans = merged((max(o - offset, start), min(c - offset, start + WHOLE_WEEK)) for o, c in walls)
            found = (tuple(o - start for o, _ in spans), tuple(c - start for _, c in spans), _reached(spans))
            self._patterns[offset] = found
        return found

    def _resolved(self, number: int) -> Week:
        start = midnight_of(number * 7 + 1)
        walls = self._walls(number * 7 - 1, DAYS_AROUND_WEEK, self._exceptions)
        spans = on_time_line(self._zone, walls, start, start + WHOLE_WEEK)
        reached = _reached(spans)
        opens, closes = tuple(o for o, _ in spans), tuple(c for _, c in spans)
        return Week(opens, closes, reached, reached[-1] if reached else ZERO)

    def _walls(self, ordinal: int, days: int, exceptions: Mapping[int, Hours]) -> list[Span]:
        """Return the wall times of the windows that begin on so many days from the date with this ordinal on."""
        walls = []
        for day in range(ordinal, ordinal + days):
            midnight = midnight_of(day)
            for opening, close in exceptions.get(day, self._weekly[(day - 1) % 7]):
                walls.append((midnight + opening, midnight + close))
        return walls


def _reached(spans: list[Span]) -> tuple[timedelta, ...]:
    return tuple(accumulate(close - opening for opening, close in spans))
