"""Whole calendar days, weeks and months after an instant, at the same local time."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from agentconsole.domain.errors import Refused

LONGEST = 400 * 366
LAST_YEAR = 9997


def calendar_days(start: datetime, n: int, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) `n` calendar days after `start`, at the same local time in `zone`.

    A local time that does not exist that day moves forward by what the clocks skipped; one that is shown twice means
    the first. Refuses a negative count and anything over 400 years.
    """
    wall = _wall(start, zone, n)
    return start.astimezone(UTC) if n == 0 else _instant(wall + timedelta(days=n), zone)


def weeks(start: datetime, n: int, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) `n` weeks after `start`, at the same local time in `zone`, as `calendar_days` does."""
    return calendar_days(start, n * 7, zone)


def months(start: datetime, n: int, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) `n` months after `start`, same local day and time; a day the month lacks is its last."""
    wall = _wall(start, zone, n * 31)
    if n == 0:
        return start.astimezone(UTC)
    year, month = divmod(wall.year * 12 + wall.month - 1 + n, 12)
    day = min(wall.day, monthrange(year, month + 1)[1])
    return _instant(wall.replace(year=year, month=month + 1, day=day), zone)


def _wall(start: datetime, zone: ZoneInfo, days: int) -> datetime:
    """Return the local time of `start`, having refused what can not be counted that many days (about) onward."""
    if start.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    if days < 0:
        raise Refused("A number of days, weeks or months is counted forward: give zero or more.")
    if days > LONGEST:
        raise Refused("A number of days, weeks or months may span at most 400 years.")
    if not 1 < start.year <= LAST_YEAR - days // 365:
        raise Refused("Days, weeks and months are counted from year 2 to year 9998 only.")
    return start.astimezone(zone).replace(tzinfo=None, fold=0)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    # With fold=0 zoneinfo reads a skipped time with the offset before the skip, which is the move forward promised.
    return wall.replace(tzinfo=zone).astimezone(UTC)
