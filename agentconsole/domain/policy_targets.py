"""Reading the target of a standard or of a step: the one key that names its kind, and what that kind needs."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from agentconsole.domain.calendar import DayEnd, Receipt
from agentconsole.domain.policy import (
    BestEffort,
    Business,
    CalendarSpan,
    Elapsed,
    Immediate,
    NextPeriodEnd,
    Rings,
    Target,
    Unspecified,
    WorkingDays,
)
from agentconsole.domain.policy_amounts import DURATION_FORM, read_duration
from agentconsole.domain.policy_names import Names
from agentconsole.domain.policy_place import listing
from agentconsole.domain.policy_reader import Reader

MODELS = ("erlang",)
UNSET = "unset"

_MOST_DAYS = 1000
_SPANS = {"calendar_days": "days", "weeks": "weeks", "months": "months"}


def read_target(table: Reader, names: Names) -> Target:
    """Return the target a table describes; exactly one of its keys names the kind."""
    kinds = [kind for kind in _KINDS if table.has(kind)]
    if len(kinds) != 1:
        table.refuse(f"a target needs exactly one kind. Allowed: {listing(_KINDS)}.")
    return _KINDS[kinds[0]](table, names)


def _rings(table: Reader, names: Names) -> Target:
    table.only("rings", "cycle")
    return Rings(table.integer("rings", minimum=1, maximum=100), table.duration("cycle"))


def _elapsed(table: Reader, names: Names) -> Target:
    table.only("elapsed")
    return Elapsed(table.duration("elapsed"))


def _business(table: Reader, names: Names) -> Target:
    table.only("business", "calendar")
    return Business(table.duration("business"), names.calendar(table))


def _working_days(table: Reader, names: Names) -> Target:
    table.only("working_days", "calendar", "receipt", "end")
    days = table.integer("working_days", minimum=0, maximum=_MOST_DAYS)
    return WorkingDays(days, names.calendar(table), table.word("receipt", Receipt), table.word("end", DayEnd))


def _span(table: Reader, names: Names) -> Target:
    key = next(key for key in _SPANS if table.has(key))
    table.only(key, "calendar")
    return CalendarSpan(_SPANS[key], table.integer(key, minimum=1, maximum=_MOST_DAYS), names.calendar(table))


def _immediate(table: Reader, names: Names) -> Target:
    table.only("immediate", "calendar")
    return Immediate(int(table.duration("immediate").total_seconds()), names.calendar(table))


def _best_effort(table: Reader, names: Names) -> Target:
    table.only("best_effort")
    return BestEffort(table.one_of("best_effort", MODELS, "a model of the traffic"))


def _unspecified(table: Reader, names: Names) -> Target:
    """Read "reasonable" time. While its blank is open there is no amount: the proposal must not turn anything green."""
    table.only("unspecified", "calendar")
    value = table.value("unspecified")
    amount: timedelta | None = None
    if value.raw != UNSET:
        amount = read_duration(value.raw) if isinstance(value.raw, str) else None
        if not amount:
            value.unfit(f'"{UNSET}", or {DURATION_FORM}')
    is_open = table.origin.substitutes.is_open(table.table["unspecified"])
    return Unspecified(None if is_open else amount, names.calendar(table))


def _next_period_end(table: Reader, names: Names) -> Target:
    table.only("next_period_end")
    return NextPeriodEnd(names.calendar(table, "next_period_end"))


_KINDS: Mapping[str, Callable[[Reader, Names], Target]] = {
    "rings": _rings,
    "elapsed": _elapsed,
    "business": _business,
    "working_days": _working_days,
    "calendar_days": _span,
    "weeks": _span,
    "months": _span,
    "immediate": _immediate,
    "best_effort": _best_effort,
    "unspecified": _unspecified,
    "next_period_end": _next_period_end,
}
