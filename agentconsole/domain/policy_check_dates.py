"""Checking the date of a policy's last revision: is there one, is it the one that is written, and is it long ago."""

import re
from collections.abc import Iterator
from datetime import date

from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_check_finding import Finding, Level, Place, place

STALE_MONTHS = 24
"""After how many months a policy counts as old, where neither it nor whoever checks says otherwise."""

STALE_SETTING = "stale_after_months"
"""The setting of a pack that says so for its policy."""

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_NUMBERS = re.compile(r"(\d{1,4})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{1,4})")
_NAMED = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]{3,9})\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})")
_OF_A_YEAR = 1000
_MONTHS_A_YEAR = 12


def check_dates(pack: Pack, today: date, stale_months: int | None) -> Iterator[Finding]:
    """Yield what is wrong with the revision date; `stale_months` goes before the pack's own setting."""
    where = (_where(pack),)
    readings = read_dates(pack.revision_text)
    revised = pack.revision_date
    if revised is None:
        yield _no_date(pack.revision_text, readings, where)
        return
    if readings and revised not in readings:
        why = f"The document says {told(pack.revision_text, readings)}, and the pack says {day_text(revised)}."
        yield Finding(Level.CONTRADICTION, "wrong-date", where, why, "Correct revision_date or revision_text.")
    elif len(readings) > 1:
        other = next(day for day in readings if day != revised)
        why = (
            f'"{pack.revision_text}" is {day_text(readings[0])} where the day is written first and '
            f"{day_text(readings[1])} where the month is; the pack takes it for {day_text(revised)}."
        )
        do = f"Ask whether {day_text(other)} is meant, and write the month as a word."
        yield Finding(Level.WARNING, "unclear-date", where, why, do)
    yield from _age(pack, revised, today, stale_months, where)


def _no_date(text: str, readings: tuple[date, ...], where: tuple[Place, ...]) -> Finding:
    meant = f": {' or '.join(map(day_text, readings))}" if readings else ""
    written = f' ("{text}" in the document{meant})' if text else ""
    days = " or ".join(day.isoformat() for day in readings) or "YYYY-MM-DD"
    why = f"No revision date is known{written}, so nobody can see how old the policy is."
    do = f"Ask who wrote it, and write revision_date = {days} under [policy]."
    return Finding(Level.WARNING, "no-date", where, why, do)


def _age(
    pack: Pack, revised: date, today: date, stale_months: int | None, where: tuple[Place, ...]
) -> Iterator[Finding]:
    shown = told(pack.revision_text, read_dates(pack.revision_text)) if pack.revision_text else day_text(revised)
    if revised > today:
        why = f"It was last revised {shown}, which is still to come."
        yield Finding(Level.WARNING, "future-date", where, why, "Correct the date.")
    limit = _own_limit(pack) if stale_months is None else stale_months
    months = (today.year - revised.year) * _MONTHS_A_YEAR + today.month - revised.month - (today.day < revised.day)
    if months >= limit:
        why = f"It was last revised {shown}, {months} months ago; {limit} are allowed."
        do = "Read it again with who answers for it, and date the new revision."
        yield Finding(Level.WARNING, "stale-date", where, why, do)


def read_dates(text: str) -> tuple[date, ...]:
    """Return the dates that a text may mean, day first before month first; () where it is no date.

    "27/07/2022" can only be the 27th of July; "05/04/2022" is the 5th of April or the 4th of May.
    """
    match = _NUMBERS.search(text)
    if match:
        first, second, third = (int(part) for part in match.groups())
        if first >= _OF_A_YEAR:
            return _dates((first, second, third))
        return _dates((third, second, first), (third, first, second))
    for match in _NAMED.finditer(text):
        month = next((number for number, name in enumerate(_MONTHS, 1) if _is_month(match[2], name)), 0)
        day = match[1] or match[3]
        if month and day:
            return _dates((int(match[4]), month, int(day)))
    return ()


def told(text: str, readings: tuple[date, ...]) -> str:
    """Return a date as it is written, and what it means where that is not written out."""
    if len(readings) != 1 or not _NUMBERS.search(text):
        return f'"{text}"'
    return f'"{text}" ({day_text(readings[0])})'


def day_text(day: date) -> str:
    """Write a date so that nobody mistakes its month: 27 July 2022."""
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"


def _is_month(word: str, name: str) -> bool:
    return name.startswith(word.lower())


def _dates(*triples: tuple[int, int, int]) -> tuple[date, ...]:
    found: list[date] = []
    for year, month, day in triples:
        try:
            meant = date(year, month, day)
        except ValueError:
            continue
        if year >= _OF_A_YEAR and meant not in found:
            found.append(meant)
    return tuple(found)


def _own_limit(pack: Pack) -> int:
    value = pack.settings.get(STALE_SETTING, "")
    return int(value) if re.fullmatch(r"[0-9]{1,4}", value) else STALE_MONTHS


def _where(pack: Pack) -> Place:
    """Return the clause that carries the date, or the pack where none does."""
    dated = next((clause for clause in pack.clauses if pack.revision_text and pack.revision_text in clause.quote), None)
    return place(pack, dated.id if dated else "")
