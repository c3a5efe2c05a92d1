"""Dates of revision and weekly hours as policy documents write them."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from agentconsole.domain.policy_import_found import Place

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_REVISED = re.compile(
    r"\b(?:last )?(?:updated?|revis\w+|effective|reviewed|amended|issued|approved|adopted|version|valid from|date)\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    rf"(?P<iso>\b[12][0-9]{{3}}-[0-9]{{2}}-[0-9]{{2}}\b)"
    rf"|(?P<digits>\b[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-][12][0-9]{{3}}\b)"
    rf"|(?P<month>\b{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? [12][0-9]{{3}}\b)"
    rf"|(?P<day>\b[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? [12][0-9]{{3}}\b)"
    rf"|(?P<part>\b{_MONTH} [12][0-9]{{3}}\b)",
    re.IGNORECASE,
)
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?\b"
_TIME = r"(?:[0-9]{1,2}(?:[:.][0-9]{2})? ?(?:[ap]\.?m\.?)?|noon|midnight)"
_TO = r" ?(?:-|–|—|to|until|till) ?"
_SPAN = rf"(?P<open>{_TIME}){_TO}(?P<shut>{_TIME})"
_DAYS = rf"(?P<first>{_DAY})(?: ?(?P<by>-|–|—|to|through|until|and|&) ?(?P<last>{_DAY}))?"
_DAYS_FIRST = re.compile(rf"{_DAYS}[ ,:(]*(?:from )?{_SPAN}", re.IGNORECASE)
_TIMES_FIRST = re.compile(rf"\b{_SPAN}(?: ?[A-Z]{{2,4}})?[ ,(]*(?:from |on )?{_DAYS}", re.IGNORECASE)
_EXACT = re.compile(r"[:.m]|noon", re.IGNORECASE)
_MINUTES_A_DAY = 1440
_NOON = 12


def revision_of(sentences: Sequence[Place]) -> tuple[str, date | None, str]:
    """Return the revision date as written, the date where its order is certain, and a remark."""
    dates = [
        (place, said)
        for place in sentences
        if _REVISED.search(place.sentence) and (said := _WRITTEN.search(place.sentence))
    ]
    if not dates:
        return ("", None, "the document carries no date of revision")
    place, said = dates[0]
    read = _read_date(said)
    remark = place.shown if read else f"{place.shown} - which day is that? Write it below: revision_date = 2022-07-27"
    return (said.group(), read, remark)


def weekly_hours(sentences: Sequence[Place]) -> tuple[str, Place | None]:
    """Return the weekly hours as a pack writes them, of the first sentence that names some and those right after it."""
    windows: dict[int, str] = {}
    began: Place | None = None
    for place in sentences:
        found = _windows(place.sentence)
        if began is not None and (not found or found.keys() & windows.keys()):
            break
        if found:
            began = began or place
            windows.update(found)
    return ("; ".join(_written(windows)), began)


def _written(windows: dict[int, str]) -> Iterator[str]:
    """Yield days one after another that have the same times as "Mon-Fri 09:00-17:00"."""
    runs: list[list[int]] = []
    for day in sorted(windows):
        if runs and runs[-1][-1] == day - 1 and windows[day] == windows[day - 1]:
            runs[-1].append(day)
        else:
            runs.append([day])
    for run in runs:
        named = _WEEK[run[0]] if len(run) == 1 else f"{_WEEK[run[0]]}-{_WEEK[run[-1]]}"
        yield f"{named.title()} {windows[run[0]]}"


def _windows(sentence: str) -> dict[int, str]:
    """Return the times of a sentence by the place of the day in the week; a day alone needs exact times."""
    for form in (_DAYS_FIRST, _TIMES_FIRST):
        windows: dict[int, str] = {}
        for said in form.finditer(sentence):
            window = _window(said)
            days = _named_days(said)
            if window and (len(days) > 1 or _EXACT.search(said["open"] + said["shut"])):
                windows.update({day: window for day in days if day not in windows})
        if windows:
            return windows
    return {}


def _named_days(said: re.Match[str]) -> list[int]:
    first = _WEEK.index(said["first"][:3].lower())
    if said["last"] is None:
        return [first]
    last = _WEEK.index(said["last"][:3].lower())
    if said["by"].lower() in ("and", "&"):
        return [first, last]
    return [(first + step) % len(_WEEK) for step in range((last - first) % len(_WEEK) + 1)]


def _read_date(said: re.Match[str]) -> date | None:
    numbers = [int(number) for number in re.findall(r"[0-9]+", said.group())]
    kind = said.lastgroup
    if kind == "part":
        return None
    if kind == "iso":
        year, month, day = numbers
    elif kind == "digits":
        left, right, year = numbers
        if left <= _NOON and right <= _NOON and left != right:
            return None
        day, month = (left, right) if right <= _NOON else (right, left)
    else:
        day, year = numbers
        month = next((place for place, name in enumerate(_MONTHS, 1) if name in said.group().lower()), 0)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _window(said: re.Match[str]) -> str:
    """Write opening and closing time; empty when the times make no day. After 9 comes 5 in the afternoon."""
    opens, shuts = _minute(said["open"]), _minute(said["shut"])
    if shuts is not None and opens is not None and shuts <= opens and "m" not in said["shut"].lower():
        shuts += _NOON * 60
    if opens is None or shuts is None or not opens < shuts <= _MINUTES_A_DAY:
        return ""
    return f"{opens // 60:02}:{opens % 60:02}-{shuts // 60:02}:{shuts % 60:02}"


def _minute(text: str) -> int | None:
    words = text.lower().replace(".", ":").replace(" ", "")
    if words in ("noon", "midnight"):
        return _NOON * 60 if words == "noon" else _MINUTES_A_DAY
    digits = re.match(r"([0-9]{1,2})(?::([0-9]{2}))?", words)
    if digits is None:
        return None
    hour, minute = int(digits[1]), int(digits[2] or 0)
    if "p" in words and hour < _NOON:
        hour += _NOON
    if "a" in words and hour == _NOON:
        hour = 0
    return hour * 60 + minute if hour * 60 + minute <= _MINUTES_A_DAY and minute < 60 else None
