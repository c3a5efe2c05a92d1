"""On which day the demo plays, and the working days before it; apart from the rest, for the console waits for it."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def working_day(days: int, wall: str, base: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which clocks in `zone` show `wall`, so many working days (Monday to Friday) from `base`."""
    day = base.astimezone(zone).date()
    for _ in range(-days):
        day -= timedelta(days=1)
        while day.weekday() >= 5:
            day -= timedelta(days=1)
    return datetime.combine(day, time.fromisoformat(wall), zone).astimezone(base.tzinfo)


def beginning(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which a demo begins that is told none: 10:42 at the desk, on the last Tuesday to Friday.

    The day before is a working day then, so that yesterday's mail was answered yesterday.
    """
    day = now.astimezone(zone).date()
    while day.weekday() not in (1, 2, 3, 4):
        day -= timedelta(days=1)
    return datetime.combine(day, time(10, 42), zone).astimezone(now.tzinfo)
