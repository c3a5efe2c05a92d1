"""Opening hours on the wall clock, and the instants at which the wall clock of a zone stands within them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from agentconsole.domain.errors import Refused

DAY_MINUTES = 1440
ZERO = timedelta()
YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)
# Half a week: no zone in the tz database moves its clocks twice within six days, so a step this size misses no move.
PROBE = timedelta(days=3, hours=12)

Span = tuple[datetime, datetime]
Hours = tuple[tuple[timedelta, timedelta], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Hold one opening as minutes after local midnight.

    `end` > `start` closes the same day (up to 1440, which is 24:00); `end` <= `start` closes on the next day.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < DAY_MINUTES or not 0 <= self.end <= DAY_MINUTES:
            raise Refused("A window opens from 00:00 to 23:59 and closes from 00:00 to 24:00.")

    @property
    def close(self) -> int:
        """Return the closing minute counted from the midnight on which the window's day begins (up to 2879)."""
        return self.end if self.end > self.start else self.end + DAY_MINUTES


def merged(spans: Iterable[Span]) -> list[Span]:
    """Put spans in order and join those that overlap or touch; empty ones vanish."""
    joined: list[Span] = []
    for opening, close in sorted(spans):
        if close <= opening:
            continue
        if joined and opening <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(close, joined[-1][1]))
        else:
            joined.append((opening, close))
    return joined


def midnight_of(ordinal: int) -> datetime:
    """Return midnight of the date with this ordinal; wall times are written as if they were UTC, which is cheap."""
    return YEAR_ONE + timedelta(days=ordinal - 1)


def hours_of(windows: tuple[Window, ...]) -> Hours:
    """Return when each window opens and closes, counted from the midnight on which its day begins."""
    return tuple((timedelta(minutes=one.start), timedelta(minutes=one.close)) for one in windows)


def on_time_line(zone: ZoneInfo, walls: list[Span], start: datetime, end: datetime) -> list[Span]:
    """Return the instants (UTC, from `start` to `end`) at which the zone's wall clock stands within `walls`.

    A wall time that is skipped is open at no instant, one that is shown twice is open both times: whoever looks at the
    clock on the wall sees the hours that were written down.
    """
    found = []
    for since, until, offset in _pieces_of_one_offset(zone, start, end):
        for opening, close in walls:
            found.append((max(opening - offset, since), min(close - offset, until)))
    return merged(found)


def _pieces_of_one_offset(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, datetime, timedelta]]:
    pieces = []
    since, probe, offset = start, start, offset_at(zone, start)
    while probe < end:
        ahead = min(probe + PROBE, end)
        after = offset_at(zone, ahead)
        if after != offset:
            change = _first_second_with(zone, after, probe, ahead)
            pieces.append((since, change, offset))
            since, offset = change, after
        probe = ahead
    pieces.append((since, end, offset))
    return pieces


def _first_second_with(zone: ZoneInfo, offset: timedelta, before: datetime, after: datetime) -> datetime:
    low, high = 0, round((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(zone, before + timedelta(seconds=middle)) == offset:
            high = middle
        else:
            low = middle
    return before + timedelta(seconds=high)


def offset_at(zone: ZoneInfo, instant: datetime) -> timedelta:
    """Return how far the wall clock of the zone is ahead of UTC at an instant."""
    return instant.astimezone(zone).utcoffset() or ZERO
