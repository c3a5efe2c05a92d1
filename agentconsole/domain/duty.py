"""When a recurring duty is to be done next."""

from datetime import UTC, datetime, timedelta

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.policy import Duty

DAY = timedelta(days=1)


def next_check(duty: Duty, calendar: Calendar, at: datetime) -> datetime | None:
    """Return the first check at or after `at` (UTC); None for a cadence of days, and when the desk opens no more.

    Checks are due at each opening and every so much open time after it up to the closing; each local day begins anew,
    so that the hours of the checks are the same every day (000-21).
    """
    if duty.every is None:
        return None
    midnight = at.astimezone(calendar.zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    tomorrow = (midnight + DAY).astimezone(UTC)
    for opening, close in calendar.openings(midnight):
        if opening >= at:
            return opening
        check = opening - (opening - at) // duty.every * duty.every
        if check <= close:
            return min(check, tomorrow) if close > tomorrow else check
    return None
