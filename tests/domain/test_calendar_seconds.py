"""Open time held second by second against the clock on the wall, on both days a year on which the clocks move."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentconsole.domain.calendar import Calendar, Window

SECOND = timedelta(seconds=1)
AROUND = timedelta(hours=3)
HOURS = (Window(0, 35), Window(95, 125), Window(150, 190), Window(23 * 60 + 10, 70))
CLOSED = 4
# The instants at which clocks move (UTC), forward and back: by an hour, and on Lord Howe Island by half of one.
CHANGES = [
    ("Europe/London", "2026-03-29T01:00", "2026-10-25T01:00"),
    ("America/New_York", "2026-03-08T07:00", "2026-11-01T06:00"),
    ("Australia/Lord_Howe", "2026-10-03T15:30", "2026-04-04T15:00"),
    ("America/Santiago", "2026-09-06T04:00", "2026-04-05T03:00"),
    ("Africa/Casablanca", "2026-03-22T02:00", "2026-02-15T02:00"),
]


def is_shown_open(calendar: Calendar, at: datetime) -> bool:
    """Look at the clock on the wall and then at the hours on the door, those of the night before included."""
    wall = at.astimezone(calendar.zone)
    second = wall.hour * 3600 + wall.minute * 60 + wall.second
    night_before = (wall.date() - timedelta(days=1)).weekday()
    open_today = any(
        one.start * 60 <= second < (one.end if one.end > one.start else 1440) * 60
        for one in calendar.weekly[wall.weekday()]
    )
    return open_today or any(one.end <= one.start and second < one.end * 60 for one in calendar.weekly[night_before])


@pytest.mark.parametrize(
    ("zone", "change"), [(zone, change) for zone, *changes in CHANGES for change in changes], ids=lambda one: str(one)
)
def test_t1_every_second_around_a_change_is_counted_as_the_wall_clock_shows_it(zone: str, change: str) -> None:
    calendar = Calendar("any", ZoneInfo(zone), (HOURS,) * CLOSED + ((),) + (HOURS,) * 2, {})
    moves = datetime.fromisoformat(change).replace(tzinfo=UTC)
    start = moves - AROUND
    assert moves.astimezone(calendar.zone).utcoffset() != (moves - SECOND).astimezone(calendar.zone).utcoffset()

    seconds = [start + n * SECOND for n in range(2 * AROUND // SECOND)]
    shown = [is_shown_open(calendar, at) for at in seconds]
    opened = [at for at, is_open in zip(seconds, shown, strict=True) if is_open]
    counted = 0
    for at, is_open in zip(seconds, shown, strict=True):
        assert calendar.elapsed(start, at) == counted * SECOND
        counted += is_open

    assert [calendar.is_open(at) for at in seconds] == shown
    assert 0 < counted < len(seconds)
    assert [calendar.add(start, (n + 1) * SECOND) for n in range(counted)] == [at + SECOND for at in opened]
