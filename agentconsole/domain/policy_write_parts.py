"""The tables of a pack's standards, duties, procedure and triggers, as the parser reads them."""

from datetime import timedelta
from enum import StrEnum

from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import (
    Applies,
    BestEffort,
    Business,
    CalendarSpan,
    ChainLink,
    Duty,
    Elapsed,
    Immediate,
    NextPeriodEnd,
    Pack,
    Rings,
    Standard,
    Step,
    Target,
    Trigger,
    Unspecified,
    WorkingDays,
)
from agentconsole.domain.policy_targets import UNSET
from agentconsole.domain.terms import Start

Table = dict[str, object]

_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "min": timedelta(minutes=1), "s": timedelta(seconds=1)}
_MOST = 999_999
_SPANS = {"days": "calendar_days", "weeks": "weeks", "months": "months"}


def write_duration(amount: timedelta) -> str:
    """Write an amount of time as a pack does, in the largest unit that fits it whole: "2 h", "90 min"."""
    for unit, length in _UNITS.items():
        count, rest = divmod(amount, length)
        if not rest and 0 < count <= _MOST:
            return f"{count} {unit}"
    raise Refused(f"A pack cannot write the time {amount}: give whole seconds, up to {_MOST} days.")


def plain(one: object, *keys: str) -> Table:
    """Return the named attributes as a table, without those that are empty or false: absent means the same."""
    table = {key: _plain_value(getattr(one, key)) for key in keys}
    return {key: value for key, value in table.items() if value not in (None, "", []) and value is not False}


def standard_table(standard: Standard) -> Table:
    """Return a standard with the warnings and the chain that it has, also those that came from the defaults."""
    table = plain(standard, "id", "clause", "clock", "text", "comparator", "pauses", "on_reopen", "duty")
    table["target"] = target_table(standard.target)
    if standard.applies != Applies():
        table["applies"] = _applies_table(standard.applies)
    if standard.start is not Start.HEARD:
        table["start"] = standard.start.value
    if standard.reopen_days:
        table["reopen_days"] = standard.reopen_days
    lists = {
        "warnings": [plain(one, "percent", "before", "whom") for one in standard.warnings],
        "chain": [_link_table(one) for one in standard.chain],
        "actions": [plain(one, "kind", "after", "message") for one in standard.actions],
    }
    return table | {key: rows for key, rows in lists.items() if rows}


def _link_table(link: ChainLink) -> Table:
    later: Table = {"after": write_duration(link.after)} if link.after else {}
    return {**plain(link, "percent", "role"), **later, "respects_hours": link.respects_hours}


def target_table(target: Target) -> Table:
    """Return a target with the one key that names its kind."""
    match target:
        case Rings():
            return {"rings": target.count, "cycle": write_duration(target.cycle)}
        case WorkingDays():
            return {"working_days": target.days, **plain(target, "calendar", "receipt", "end")}
        case CalendarSpan():
            return {_SPANS[target.unit]: target.count, "calendar": target.calendar}
        case BestEffort():
            return {"best_effort": target.model}
        case NextPeriodEnd():
            return {"next_period_end": target.calendar}
        case _:
            return _amount_table(target)


def _amount_table(target: Elapsed | Business | Immediate | Unspecified) -> Table:
    match target:
        case Elapsed():
            return {"elapsed": write_duration(target.amount)}
        case Business():
            return {"business": write_duration(target.amount), "calendar": target.calendar}
        case Immediate():
            return {"immediate": write_duration(timedelta(seconds=target.seconds)), "calendar": target.calendar}
        case Unspecified():
            amount = UNSET if target.amount is None else write_duration(target.amount)
            return {"unspecified": amount, "calendar": target.calendar}


def duty_table(duty: Duty) -> Table:
    """Return a recurring task."""
    return plain(duty, "id", "clause", "text", "owner", "every", "cadence", "calendar")


def trigger_table(trigger: Trigger) -> Table:
    """Return what makes a ticket one to escalate."""
    return plain(trigger, "id", "clause", "text", "predicate", "to", "limit", "currency", "inclusive")


def procedure_table(pack: Pack) -> Table:
    """Return the complaint procedure of a pack that has one."""
    procedure = pack.procedure
    table = plain(
        procedure, "clause", "owner", "overdue_unaccepted", "conflicts", "immediate_path", "second_stage",
        "outside_body", "regime",
    )  # fmt: skip
    if procedure is None:
        return table
    if procedure.resolution_target is not None:
        table["resolution_target"] = target_table(procedure.resolution_target)
    letters = {letter.id: letter.required for letter in pack.letters}
    table["steps"] = [_step_table(step, len(letters.get(step.letter, ()))) for step in procedure.steps]
    return table


def _step_table(step: Step, from_letter: int) -> Table:
    """Return a step; the last `from_letter` of its required fields and its enclosures are its letter's own."""
    table = plain(step, "id", "clause", "text", "owner", "letter")
    required = step.required[: len(step.required) - from_letter]
    if required:
        table["required"] = list(required)
    if step.target is not None:
        table["target"] = target_table(step.target)
    return table


def _applies_table(applies: Applies) -> Table:
    table = plain(applies, "channels", "queues", "brands", "priorities", "tiers", "kinds", "stages")
    flags = {"escalated": applies.escalated, "out_of_hours": applies.out_of_hours}
    return table | {key: flag for key, flag in flags.items() if flag is not None}


def _plain_value(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, timedelta):
        return write_duration(value)
    if isinstance(value, tuple):
        return [_plain_value(one) for one in value]
    return value
