"""Any part of a pack in words that a reader compares: field by field, targets and hours as people say them."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from agentconsole.domain.calendar import Calendar, Window
from agentconsole.domain.policy import Comparator, Standard, Step, Target
from agentconsole.domain.target_words import amount_words, target_words

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WHOLE_DAY = 24 * 60
# The number of a target is in its words; its other fields say what it is counted in.
_NUMBERS = frozenset({"amount", "count", "days", "seconds", "unit"})
_SAID_ELSEWHERE = frozenset({"id", "clause", "comparator", "target", "exception_names"})


_SAYINGS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "yes" if value else "no"),
    (Enum, lambda value: str(value.value)),
    (timedelta, amount_words),
    (date, lambda value: value.isoformat()),
)


def fields_in_words(thing: object) -> dict[str, str]:
    """Return the fields of a value, or of a mapping, in words; what is empty is left out.

    A comparator is said with its target, and the target's calendar as a field of its own.
    """
    if isinstance(thing, Calendar):
        return _calendar(thing)
    if isinstance(thing, Mapping):
        named = {str(name): value for name, value in thing.items()}
    else:
        named = {name: getattr(thing, name) for name in _names(thing) if name not in _SAID_ELSEWHERE}
    said = {name.replace("_", " "): in_words(value) for name, value in named.items()}
    if isinstance(thing, (Standard, Step)) and thing.target is not None:
        said |= _target(thing.target, thing.comparator if isinstance(thing, Standard) else Comparator.WITHIN)
    return {name: words for name, words in said.items() if words}


def _names(thing: object) -> list[str]:
    assert is_dataclass(thing)
    return [field.name for field in fields(thing) if not field.name.startswith("_")]


def _target(target: Target, comparator: Comparator) -> dict[str, str]:
    rest = {name: getattr(target, name) for name in _names(target) if name not in _NUMBERS}
    said = {f"target's {name}": in_words(value) for name, value in rest.items()}
    return {"target": target_words(target, comparator), **said}


def in_words(value: object) -> str:
    """Return one value in words, "" for nothing; parts of a value stand beside their names."""
    if isinstance(value, tuple):
        return "; ".join(in_words(part) for part in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{in_words(key)}: {in_words(part)}" for key, part in value.items())
    if is_dataclass(value):
        return ", ".join(f"{name} {words}" for name, words in fields_in_words(value).items())
    say = next((say for kind, say in _SAYINGS if isinstance(value, kind)), str)
    return "" if value is None else say(value)


def _calendar(calendar: Calendar) -> dict[str, str]:
    days = [_hours(windows) for windows in calendar.weekly]
    # Runs of days with the same hours are said once: Mon-Fri 09:00-17:00.
    starts = [day for day in range(7) if day == 0 or days[day] != days[day - 1]]
    weekly = "; ".join(
        f"{_DAYS[start]}{f'-{_DAYS[end - 1]}' if end - start > 1 else ''} {days[start]}"
        for start, end in zip(starts, [*starts[1:], 7], strict=True)
    )
    special = "; ".join(
        f"{day.isoformat()} {_hours(windows)}{_named(calendar, day)}"
        for day, windows in sorted(calendar.exceptions.items())
    )
    said = {"zone": calendar.zone.key, "hours": weekly, "special days": special}
    return {name: words for name, words in said.items() if words}


def _hours(windows: tuple[Window, ...]) -> str:
    return ", ".join(f"{_time(window.start)}-{_time(window.end)}" for window in windows) or "closed"


def _time(minute: int) -> str:
    return f"{minute // 60 % 24 if minute > _WHOLE_DAY else minute // 60:02}:{minute % 60:02}"


def _named(calendar: Calendar, day: date) -> str:
    name = calendar.exception_names.get(day)
    return f" ({name})" if name else ""
