"""Reading a business calendar from parsed TOML or JSON: zone, weekly hours, closed dates, exceptions, holiday sets."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import NoReturn
from zoneinfo import ZoneInfo

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.calendar_wall import DAY_MINUTES, Window
from agentconsole.domain.errors import Refused

Windows = tuple[Window, ...]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WINDOW_FORM = 'a list of windows such as [["09:00", "17:00"]] with times from "00:00" to "24:00"'
DATE_FORM = "a date such as 2026-12-25"
CALENDAR_KEYS = ("zone", "hours", "always", "closed", "exceptions", "holidays")
SET_KEYS = ("set", "title", "source", "days")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ALL_WEEK = ((Window(0, DAY_MINUTES),),) * 7


def read_calendar(name: str, table: Mapping[str, object], holiday_sets: Mapping[str, Mapping[date, str]]) -> Calendar:
    """Read one calendar from a parsed TOML table; refuse with the key and what it may hold.

    `zone` and one of `hours` (day to windows) or `always = true` are needed. `closed` (dates, or date to name),
    `exceptions` (date to windows, or to a table with `name` and `hours`) and `holidays` (names of sets) may follow;
    an exception wins over a closed date, which wins over a holiday set.
    """
    _only(table, CALENDAR_KEYS, f"calendar {name}")
    windows: dict[date, Windows] = {}
    names: dict[date, str] = {}
    for one in _names_of_sets(table.get("holidays", []), holiday_sets):
        windows |= dict.fromkeys(holiday_sets[one], ())
        names |= holiday_sets[one]
    closed = read_closed("closed", table.get("closed", []))
    windows |= dict.fromkeys(closed, ())
    names |= closed
    special, special_names = read_exceptions("exceptions", table.get("exceptions", {}))
    names = {day: what for day, what in names.items() if day not in special} | special_names
    named = {day: what for day, what in names.items() if what}
    return Calendar(name, read_zone("zone", table.get("zone")), _weekly(name, table), windows | special, named)


def read_holidays(files: Mapping[str, Mapping[str, object]]) -> dict[str, dict[date, str]]:
    """Return the holiday sets by name from parsed files (file name to table); files of one set add up, year by year."""
    sets: dict[str, dict[date, str]] = {}
    for file, table in files.items():
        _only(table, SET_KEYS, file)
        name = table.get("set")
        if not isinstance(name, str) or not name:
            _refuse(f"{file}, set", name, "the name of the holiday set")
        sets.setdefault(name, {}).update(read_closed(f"{file}, days", table.get("days")))
    return sets


def read_zone(key: str, value: object) -> ZoneInfo:
    """Read an IANA time zone."""
    if isinstance(value, str) and value:
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            pass
    return _refuse(key, value, "the name of an IANA time zone such as Europe/London")


def read_week(key: str, value: object) -> tuple[Windows, ...]:
    """Read weekly hours, a mapping from mon to sun to windows; a day that is not named is closed."""
    table = _mapping(key, value, "days mon to sun, each with " + WINDOW_FORM)
    _only(table, WEEKDAYS, key)
    return tuple(read_windows(f"{key}.{day}", table.get(day, [])) for day in WEEKDAYS)


def read_windows(key: str, value: object) -> Windows:
    """Read the windows that begin on one day; an end at or before the start is on the next day. Refuses overlaps."""
    if not isinstance(value, list | tuple):
        _refuse(key, value, WINDOW_FORM)
    windows = sorted((_window(key, one) for one in value), key=lambda window: window.start)
    for earlier, later in pairwise(windows):
        if earlier.close > later.start:
            raise Refused(f"{key} has windows that overlap: {_clock(earlier)} and {_clock(later)}.")
    return tuple(windows)


def read_closed(key: str, value: object) -> dict[date, str]:
    """Read closed dates with their names ("" without one), from a list of dates or a mapping from date to name."""
    if isinstance(value, list | tuple):
        return {read_date(key, one): "" for one in value}
    table = _mapping(key, value, f"a list of dates, or {DATE_FORM} = a name")
    closed = {}
    for day, name in table.items():
        if not isinstance(name, str):
            _refuse(f"{key}.{_shown(day)}", name, "the name of the day")
        closed[read_date(key, day)] = name
    return closed


def read_exceptions(key: str, value: object) -> tuple[dict[date, Windows], dict[date, str]]:
    """Read the windows that replace the weekly ones on a date, and the names of those dates that have one."""
    windows: dict[date, Windows] = {}
    names: dict[date, str] = {}
    for day, what in _mapping(key, value, f"{DATE_FORM} = {WINDOW_FORM}").items():
        on = read_date(key, day)
        where = f"{key}.{on}"
        if isinstance(what, Mapping):
            _only(what, ("name", "hours"), where)
            name = what.get("name", "")
            if not isinstance(name, str):
                _refuse(f"{where}.name", name, "the name of the day")
            names[on] = name
            where, what = f"{where}.hours", what.get("hours")
        windows[on] = read_windows(where, what)
    return windows, names


def read_date(key: str, value: object) -> date:
    """Read a date, written YYYY-MM-DD or given as a TOML date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    return _refuse(key, value, DATE_FORM)


def _weekly(name: str, table: Mapping[str, object]) -> tuple[Windows, ...]:
    always = table.get("always", False)
    if not isinstance(always, bool):
        _refuse("always", always, "true or false")
    if always == ("hours" in table):
        raise Refused(f"calendar {name} needs either hours or always = true, and not both.")
    return _ALL_WEEK if always else read_week("hours", table["hours"])


def _names_of_sets(value: object, sets: Mapping[str, object]) -> list[str]:
    allowed = "a list of holiday sets out of: " + (", ".join(sorted(sets)) or "none are installed")
    if not isinstance(value, list | tuple):
        _refuse("holidays", value, allowed)
    for one in value:
        if not isinstance(one, str) or one not in sets:
            _refuse("holidays", one, allowed)
    return list(value)


def _window(key: str, value: object) -> Window:
    if not isinstance(value, list | tuple) or len(value) != 2:
        _refuse(key, value, WINDOW_FORM)
    start, end = (_minute(key, one) for one in value)
    if start == DAY_MINUTES:
        raise Refused(f'{key} has a window that begins at "24:00": write "00:00" on the next day.')
    return Window(start, end)


def _minute(key: str, value: object) -> int:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        _refuse(key, value, WINDOW_FORM)
    return int(value[:2]) * 60 + int(value[3:])


def _clock(window: Window) -> str:
    return f"{window.start // 60:02}:{window.start % 60:02}-{window.end // 60:02}:{window.end % 60:02}"


def _mapping(key: str, value: object, allowed: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        _refuse(key, value, allowed)
    return value


def _only(table: Mapping[str, object], allowed: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in allowed:
            raise Refused(f"{where} has no key {_shown(key)}; allowed are {', '.join(allowed)}.")


def _refuse(key: str, value: object, allowed: str) -> NoReturn:
    raise Refused(f"{key} is {_shown(value)}, and must be {allowed}.")


def _shown(value: object) -> str:
    """Quote a short value in plain ASCII, name the type of any other: the sentence goes to a terminal."""
    if value is None:
        return "missing"
    if isinstance(value, str):
        return ascii(value if len(value) <= 40 else value[:40] + "...")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "a number"
    return (
        "a list" if isinstance(value, list | tuple) else "a table" if isinstance(value, Mapping) else "something else"
    )
