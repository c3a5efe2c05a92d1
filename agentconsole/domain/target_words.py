"""A standard's target in the words that a reader of the policy wants: "within 24 h", "within 5 working days"."""

from datetime import timedelta

from agentconsole.domain.policy import (
    BestEffort,
    Business,
    CalendarSpan,
    Comparator,
    Elapsed,
    Immediate,
    NextPeriodEnd,
    Rings,
    Target,
    Unspecified,
    WorkingDays,
)

_UNITS = (
    (timedelta(days=1), "d"),
    (timedelta(hours=1), "h"),
    (timedelta(minutes=1), "min"),
    (timedelta(seconds=1), "s"),
)
_LARGEST_HOURS = timedelta(hours=72)


def amount_words(amount: timedelta) -> str:
    """Write a length of time in the one or two units that it needs: `10 s`, `24 h`, `1 h 30 min`, `5 d`."""
    parts = []
    left = amount
    for unit, name in _UNITS:
        if unit == timedelta(days=1) and (amount <= _LARGEST_HOURS or amount % unit):
            continue
        count, left = divmod(left, unit)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts) or "0 s"


def target_words(target: Target, comparator: Comparator = Comparator.WITHIN) -> str:
    """Write a target in words; what counts only while a calendar is open says so."""
    if isinstance(target, BestEffort):
        return "as fast as can be; no time is promised"
    if isinstance(target, NextPeriodEnd):
        return "by the end of the next open period"
    if isinstance(target, Unspecified) and target.amount is None:
        return "no time is set yet"
    return f"{comparator} {_much(target)}"


def _much(target: Rings | Elapsed | Business | WorkingDays | CalendarSpan | Immediate | Unspecified) -> str:
    if isinstance(target, Rings):
        return _counted(target.count, "rings")
    if isinstance(target, WorkingDays):
        return _counted(target.days, "working days")
    if isinstance(target, CalendarSpan):
        return _counted(target.count, target.unit)
    if isinstance(target, Elapsed):
        return amount_words(target.amount)
    amount = timedelta(seconds=target.seconds) if isinstance(target, Immediate) else target.amount
    return f"{amount_words(amount or timedelta())} of open time"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count != 1 else f"1 {unit.removesuffix('s')}"
