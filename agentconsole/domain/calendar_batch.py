"""The batch calculator: one question about a calendar in, one answer out, so that anybody can check the desk's sums."""

import json
import math
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NoReturn, TypeVar

from agentconsole.domain.calendar import Calendar, DayEnd, Receipt
from agentconsole.domain.calendar_read import read_closed, read_exceptions, read_week, read_zone
from agentconsole.domain.errors import Refused

LONGEST_LINE = 4_000_000
MOST_KNOWN = 64
LONGEST_KNOWN = 20_000
INSTANT_FORM = "an ISO 8601 instant with its UTC offset such as 2026-11-22T09:30:00+00:00"

Line = Mapping[str, object]
Known = MutableMapping[str, Calendar]
Choice = TypeVar("Choice", bound=StrEnum)


def answer_line(text: str | bytes, known: Known | None = None) -> str:
    """Answer one JSON line with one JSON line; a bad line is answered with its id (null if unknown) and `error`.

    Bytes are read as UTF-8. `known`, empty at first, keeps calendars from line to line: a table has few of them.
    """
    try:
        answered = answer(_parsed(text), known)
    except Refused as refusal:
        answered = {"id": None, "error": refusal.sentence}
    return json.dumps(answered)


def answer(line: Line, known: Known | None = None) -> dict[str, object]:
    """Answer one question: `id` with `due`, `seconds`, `open` or `next_open` in the calendar's zone, or with `error`.

    `op` is due (start, seconds), elapsed (start, end), open (start), next_open (start) or working_day (start, days,
    and if wanted receipt and day_end). Keys that are not asked for are ignored.
    """
    name = line.get("id")
    if not (name is None or isinstance(name, str | int) or (isinstance(name, float) and math.isfinite(name))):
        return {"id": None, "error": "id must be a text or a number."}
    try:
        return {"id": name, **_chosen(line)(line, _calendar(line, {} if known is None else known))}
    except Refused as refusal:
        return {"id": name, "error": refusal.sentence}
    except OverflowError:
        return {"id": name, "error": "The answer lies outside the years 1 to 9999."}


def _parsed(text: str | bytes) -> Line:
    if len(text) > LONGEST_LINE:
        raise Refused(f"The line is longer than {LONGEST_LINE} characters.")
    try:
        # A file that was written on Windows may begin with a mark of its byte order.
        line = json.loads(text if isinstance(text, str) else text.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as broken:
        raise Refused(f"The line is not UTF-8: byte {broken.start + 1} does not fit.") from broken
    except json.JSONDecodeError as broken:
        raise Refused(f"The line is not JSON: {broken.msg.lower()} at column {broken.colno}.") from broken
    except RecursionError as deep:
        raise Refused("The line is nested too deeply.") from deep
    except ValueError as number:
        raise Refused("The line has a number that is too long.") from number
    if not isinstance(line, dict):
        raise Refused("The line must be a JSON object with op, timezone, weekly_hours and start.")
    return line


def _no_constant(word: str) -> NoReturn:
    raise Refused(f"The line is not JSON: {word} is not a number.")


def _calendar(line: Line, known: Known) -> Calendar:
    asked = repr([line.get(key) for key in ("timezone", "weekly_hours", "holidays", "exceptions")])
    found = known.get(asked) or _read(line)
    if len(asked) <= LONGEST_KNOWN:
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[asked] = found
    return found


def _read(line: Line) -> Calendar:
    zone = read_zone("timezone", line.get("timezone"))
    weekly = read_week("weekly_hours", line.get("weekly_hours"))
    closed = read_closed("holidays", [] if line.get("holidays") is None else line["holidays"])
    special, _ = read_exceptions("exceptions", {} if line.get("exceptions") is None else line["exceptions"])
    return Calendar("of this line", zone, weekly, {**dict.fromkeys(closed, ()), **special})


def _due(line: Line, calendar: Calendar) -> dict[str, object]:
    seconds = line.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not math.isfinite(seconds) or seconds < 0:
        raise Refused("seconds must be a number of seconds from 0 up.")
    return {"due": _written(calendar, calendar.add(_instant(line, "start"), timedelta(seconds=seconds)))}


def _elapsed(line: Line, calendar: Calendar) -> dict[str, object]:
    open_time = calendar.elapsed(_instant(line, "start"), _instant(line, "end"))
    whole = open_time // timedelta(seconds=1)
    return {"seconds": whole if not open_time.microseconds else open_time.total_seconds()}


def _open(line: Line, calendar: Calendar) -> dict[str, object]:
    return {"open": calendar.is_open(_instant(line, "start"))}


def _next_open(line: Line, calendar: Calendar) -> dict[str, object]:
    return {"next_open": _written(calendar, calendar.next_opening(_instant(line, "start")))}


def _working_day(line: Line, calendar: Calendar) -> dict[str, object]:
    days = line.get("days")
    if isinstance(days, bool) or not isinstance(days, int):
        raise Refused("days must be a whole number from 0 up.")
    receipt = _choice(line, "receipt", Receipt.SAME_DAY)
    end = _choice(line, "day_end", DayEnd.CLOSE_OF_BUSINESS)
    return {"due": _written(calendar, calendar.working_day(_instant(line, "start"), days, receipt=receipt, end=end))}


_ANSWERS: dict[str, Callable[[Line, Calendar], dict[str, object]]] = {
    "due": _due,
    "elapsed": _elapsed,
    "open": _open,
    "next_open": _next_open,
    "working_day": _working_day,
}


def _chosen(line: Line) -> Callable[[Line, Calendar], dict[str, object]]:
    op = line.get("op")
    if not isinstance(op, str) or op not in _ANSWERS:
        raise Refused(f"op must be one of {', '.join(_ANSWERS)}.")
    return _ANSWERS[op]


def _choice(line: Line, key: str, default: Choice) -> Choice:
    kind = type(default)
    value = line.get(key, default.value)
    for one in kind:
        if one.value == value:
            return one
    raise Refused(f"{key} must be one of {', '.join(kind)}.")


def _instant(line: Line, key: str) -> datetime:
    value = line.get(key)
    try:
        if not isinstance(value, str):
            raise ValueError(key)
        at = datetime.fromisoformat(value)
        if at.utcoffset() is None:
            raise ValueError(key)
    except ValueError as broken:
        raise Refused(f"{key} must be {INSTANT_FORM}.") from broken
    return at.astimezone(UTC)


def _written(calendar: Calendar, at: datetime) -> str:
    return at.astimezone(calendar.zone).isoformat()
