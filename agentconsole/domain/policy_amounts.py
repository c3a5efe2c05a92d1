"""How a pack writes amounts: durations ("2 h"), weekly hours ("Mon-Fri 09:00-17:00"), dates and numbers as text."""

import re
from datetime import timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DURATION_FORM = 'an amount and a unit, such as "30 s", "15 min", "2 h" or "3 d"'
HOURS_FORM = '"24x7", or days and times such as "Mon-Fri 09:00-17:00; Sat 09:00-12:30"'

_DURATION = re.compile(r"([0-9]{1,6}) ?(s|min|h|d)")
_UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00"
_WINDOW = re.compile(rf"({_TIME}) ?- ?({_TIME})")
_DAY_RANGE = re.compile(r"([a-z]{3})(?: ?- ?([a-z]{3}))?")


def read_duration(text: str) -> timedelta | None:
    """Read "2 h" as two hours; None when the text is no duration."""
    match = _DURATION.fullmatch(text.strip())
    return int(match.group(1)) * _UNITS[match.group(2)] if match else None


def read_hours(text: str) -> dict[str, list[list[str]]] | None:
    """Read "Mon-Fri 09:00-17:00; Sat 10:00-14:00" as windows by weekday; None when the text says no hours.

    Times are local to the calendar; a window whose end is not after its start crosses midnight; "24x7" is every minute.
    """
    words = text.strip().lower()
    if words == "24x7":
        return {day: [["00:00", "24:00"]] for day in DAYS}
    hours: dict[str, list[list[str]]] = {}
    for part in words.split(";"):
        days, _, times = part.strip().partition(" ")
        named = _days(days)
        windows = [_WINDOW.fullmatch(window.strip()) for window in times.split(",")]
        if not named or any(day in hours for day in named):
            return None
        read = [[match.group(1), match.group(2)] for match in windows if match]
        if len(read) != len(windows):
            return None
        hours.update({day: read for day in named})
    return hours


def _days(text: str) -> tuple[str, ...]:
    match = _DAY_RANGE.fullmatch(text)
    if match is None:
        return ()
    first, last = match.group(1), match.group(2) or match.group(1)
    if first not in DAYS or last not in DAYS:
        return ()
    begin, length = DAYS.index(first), (DAYS.index(last) - DAYS.index(first)) % len(DAYS) + 1
    return tuple(DAYS[(begin + step) % len(DAYS)] for step in range(length))
