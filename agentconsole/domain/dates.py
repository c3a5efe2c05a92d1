"""Dates as people type them in a prompt, read into an instant of the desk's zone."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NoReturn

from agentconsole.domain.errors import Gap, Refused
from agentconsole.domain.text import clean_line

END_OF_DAY = time(17, 0)
"""The hour meant by a day without one, unless the caller knows the desk's own closing time."""

FURTHEST = timedelta(days=366)

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SPAN = re.compile(r"(?:in )?(\d{1,3}) ?(m|h|d)", re.ASCII)
_CLOCK = re.compile(r"(?:(.*) )?(\d{1,2}):(\d\d)", re.ASCII)
_EXAMPLES = "say it as fri 12:00, tomorrow, 27 nov, 2026-11-27 15:00, 15:00 or 2h"


def parse_when(
    text: str, now: datetime, zone: tzinfo, *, their_zone: tzinfo | None = None, day_ends: time = END_OF_DAY
) -> datetime:
    """Read a future date into an instant (UTC), as seen at `now` in `zone`; a final `their` is the customer's zone.

    A weekday is the next one that is still to come; a day without an hour ends at `day_ends`; an hour without a day is
    today's or else tomorrow's. An hour that the clocks skip is refused, one they repeat is the earlier of the two, so
    that a promise is not kept late. Raises Refused for what cannot be read, is past, or is over a year away.
    """
    typed = " ".join(word for word in text.lower().split() if word != "at")
    words = typed.removesuffix(" their")
    if words != typed:
        if their_zone is None:
            _refuse(text, "the customer's time zone is not known")
        zone = their_zone
    span = _SPAN.fullmatch(words)
    if span is not None:
        unit = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[span[2]]
        when = now.astimezone(UTC) + int(span[1]) * unit
    else:
        when = _local(text, words, now.astimezone(zone), zone, day_ends).astimezone(UTC)
    if when <= now:
        _refuse(text, "that is past")
    if when - now > FURTHEST:
        _refuse(text, "that is over a year away")
    return when


def _local(text: str, words: str, here: datetime, zone: tzinfo, day_ends: time) -> datetime:
    clock = _CLOCK.fullmatch(words)
    named = words if clock is None else clock[1] or ""
    at = day_ends if clock is None else _time(text, int(clock[2]), int(clock[3]))
    day = here.date() if clock and not named else _day(text, named, here.date())
    if _at(text, day, at, zone) <= here:
        if not named:
            day += timedelta(days=1)
        elif named in (*_DAYS, *_DAY_NAMES):
            day += timedelta(days=7)
    return _at(text, day, at, zone)


def _time(text: str, hour: int, minute: int) -> time:
    if hour > 23 or minute > 59:
        _refuse(text, "there is no such hour")
    return time(hour, minute)


def _at(text: str, day: date, at: time, zone: tzinfo) -> datetime:
    when = datetime.combine(day, at, zone)
    # The zone moves an hour that the clocks skip: going through UTC shows it.
    if when.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != when.replace(tzinfo=None):
        _refuse(text, "the clocks skip that hour")
    return when


def _day(text: str, named: str, today: date) -> date:
    if named in ("today", "tomorrow"):
        return today + timedelta(days=named == "tomorrow")
    for names in (_DAYS, _DAY_NAMES):
        if named in names:
            return today + timedelta(days=(names.index(named) - today.weekday()) % 7)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", named, re.ASCII):
        return _date(text, *(int(part) for part in named.split("-")))
    return _day_of_month(text, named, today)


def _day_of_month(text: str, named: str, today: date) -> date:
    """Read `27 nov` or `nov 27`; without a year it is the next one to come."""
    found = re.fullmatch(r"(\d{1,2})\.? ([a-z]+)(?: (\d{4}))?", named, re.ASCII) or re.fullmatch(
        r"(?P<month>[a-z]+) (?P<day>\d{1,2})(?:,? (?P<year>\d{4}))?", named, re.ASCII
    )
    if found is None:
        _refuse(text, _EXAMPLES)
    parts = found.groupdict() or dict(zip(("day", "month", "year"), found.groups(), strict=True))
    months = next((names for names in (_MONTHS, _MONTH_NAMES) if parts["month"] in names), None)
    if months is None:
        _refuse(text, _EXAMPLES)
    month = months.index(parts["month"]) + 1
    if parts["year"]:
        return _date(text, int(parts["year"]), month, int(parts["day"]))
    this_year = _date(text, today.year, month, int(parts["day"]))
    return this_year if this_year >= today else _date(text, today.year + 1, month, int(parts["day"]))


def _date(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        _refuse(text, "there is no such day")


def _refuse(text: str, sentence: str) -> NoReturn:
    raise Refused(f"{clean_line(text, 40)}  -- {sentence}", gaps=(Gap("until", sentence),))
