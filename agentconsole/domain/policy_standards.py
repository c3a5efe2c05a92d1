"""Reading a pack's standards and duties: which tickets they bind, what warns whom, and what happens by itself."""

from dataclasses import dataclass
from datetime import timedelta

from agentconsole.domain.policy import (
    ActionKind,
    Applies,
    ChainLink,
    Comparator,
    Duty,
    Reopen,
    StageAction,
    Standard,
    Warning,
)
from agentconsole.domain.policy_names import Names, take_id
from agentconsole.domain.policy_place import listing
from agentconsole.domain.policy_reader import Reader
from agentconsole.domain.policy_targets import read_target
from agentconsole.domain.terms import Channel, ClockKind, Priority, Role, Stage, Start, Status

CADENCES = ("daily", "weekly", "monthly", "quarterly", "yearly")

_MOST_REOPEN_DAYS = 3650
_MOST_PERCENT = 1000
_DUE_PERCENT = 100
_STANDARD_KEYS = (
    "id", "clause", "clock", "text", "target", "applies", "comparator", "pauses", "on_reopen", "reopen_days",
    "warnings", "chain", "actions", "only_if", "start", "duty",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alarms:
    """Hold the warnings and the chain of standards that name none of their own."""

    warnings: tuple[Warning, ...]
    chain: tuple[ChainLink, ...]


def read_alarms(root: Reader, names: Names) -> Alarms:
    """Return the pack's `[defaults]`: warnings and chain."""
    table = root.sub("defaults").only("warnings", "chain")
    return Alarms(_warnings(table, names), _chain(table, names))


def read_standards(root: Reader, names: Names, alarms: Alarms) -> tuple[Standard, ...]:
    """Return the standards whose `only_if` holds, in the order of the pack; the rest is checked all the same."""
    taken: set[str] = set()
    kept = []
    for table in root.rows("standards"):
        table.only(*_STANDARD_KEYS)
        standard = _standard(table, names, alarms, take_id(table, taken))
        if _holds(table):
            kept.append(standard)
    return tuple(kept)


def read_duties(root: Reader, names: Names) -> dict[str, Duty]:
    """Return the recurring tasks by id; each recurs after an amount of open time (`every`) or by a cadence word."""
    taken: set[str] = set()
    duties = {}
    for table in root.rows("duties"):
        table.only("id", "clause", "text", "owner", "every", "cadence", "calendar")
        if table.has("every") == table.has("cadence"):
            table.refuse('a duty needs either "every" or "cadence".')
        duty_id = take_id(table, taken)
        duties[duty_id] = Duty(
            id=duty_id,
            clause=names.clause(table),
            text=table.text("text"),
            owner=names.role(table, "owner"),
            every=table.duration("every") if table.has("every") else None,
            cadence=table.one_of("cadence", CADENCES, "a cadence", default=""),
            calendar=names.calendar(table),
        )
    return duties


def _standard(table: Reader, names: Names, alarms: Alarms, standard_id: str) -> Standard:
    clock = table.word("clock", ClockKind)
    start, duty = _start(table, names, clock)
    return Standard(
        id=standard_id,
        clause=names.clause(table),
        clock=clock,
        start=start,
        duty=duty,
        text=table.text("text"),
        target=read_target(table.sub("target"), names),
        applies=_applies(table.sub("applies")),
        comparator=table.word("comparator", Comparator, Comparator.WITHIN),
        pauses=table.words("pauses", Status),
        on_reopen=_on_reopen(table, clock),
        reopen_days=table.integer("reopen_days", maximum=_MOST_REOPEN_DAYS) if table.has("reopen_days") else 0,
        warnings=_warnings(table, names) if table.has("warnings") else alarms.warnings,
        chain=_chain(table, names) if table.has("chain") else alarms.chain,
        actions=_actions(table, names),
    )


def _on_reopen(table: Reader, clock: ClockKind) -> Reopen:
    """Return what a reopening does; an answer that is owed is owed from the customer's message and begins not anew."""
    rule = table.word("on_reopen", Reopen, Reopen.CONTINUE)
    if rule is Reopen.RESTART and clock is not ClockKind.RESOLUTION:
        table.refuse(f'only a clock "{ClockKind.RESOLUTION}" may "{Reopen.RESTART}".', "on_reopen")
    return rule


def _start(table: Reader, names: Names, clock: ClockKind) -> tuple[Start, str]:
    """Return from when the standard counts and the duty it may count from, which must recur after open time."""
    for key in ("start", "duty"):
        if table.has(key) and clock is not ClockKind.RETURN_CALL:
            table.refuse(f'only a clock "{ClockKind.RETURN_CALL}" may have this key.', key)
    start = table.word("start", Start, Start.HEARD)
    hourly = [duty.id for duty in names.duties.values() if duty.every is not None]
    if start is Start.DUTY and not table.has("duty"):
        table.refuse(f'a start "{Start.DUTY}" needs a "duty". Allowed: {listing(hourly)}.', "start")
    return start, table.one_of("duty", hourly, "a duty with every", default="")


def _applies(table: Reader) -> Applies:
    table.only("channels", "queues", "brands", "priorities", "tiers", "kinds", "stages", "escalated", "out_of_hours")
    return Applies(
        channels=table.words("channels", Channel),
        queues=table.texts("queues"),
        priorities=table.words("priorities", Priority),
        kinds=table.texts("kinds"),
        escalated=table.flag("escalated"),
        out_of_hours=table.flag("out_of_hours"),
        brands=table.texts("brands"),
        tiers=table.texts("tiers"),
        stages=table.words("stages", Stage),
    )


def _warnings(table: Reader, names: Names) -> tuple[Warning, ...]:
    warnings = []
    for row in table.rows("warnings"):
        row.only("percent", "before", "whom")
        if row.has("percent") == row.has("before"):
            row.refuse('a warning needs either "percent" or "before".')
        percent = row.integer("percent", minimum=1, maximum=100) if row.has("percent") else None
        before = row.duration("before") if row.has("before") else None
        warnings.append(Warning(percent, before, names.role(row, "whom")))
    return tuple(warnings)


def _chain(table: Reader, names: Names) -> tuple[ChainLink, ...]:
    links = []
    for row in table.rows("chain"):
        row.only("percent", "after", "role", "respects_hours")
        if not row.has("percent") and not row.has("after"):
            row.refuse('a link of the chain needs "percent", or "after" for so long after the due instant.')
        percent = row.integer("percent", minimum=1, maximum=_MOST_PERCENT) if row.has("percent") else _DUE_PERCENT
        after = row.duration("after") if row.has("after") else timedelta()
        role: Role = names.role(row, "role")
        links.append(ChainLink(percent, role, row.flag("respects_hours", default=True) is True, after))
    return tuple(links)


def _actions(table: Reader, names: Names) -> tuple[StageAction, ...]:
    actions = []
    for row in table.rows("actions"):
        row.only("kind", "after", "message")
        after = row.duration("after") if row.has("after") else None
        actions.append(StageAction(row.word("kind", ActionKind), after, names.message(row)))
    return tuple(actions)


def _holds(table: Reader) -> bool:
    """Say whether every setting under `only_if` has the value named there."""
    condition = table.sub("only_if")
    choices = table.origin.substitutes.choices
    held = True
    for key in condition.table:
        if key not in choices:
            condition.refuse(f"there is no such setting. Allowed: {listing(choices)}.", key)
        wanted = condition.one_of(key, choices[key].allowed, f"a value of the setting {key}")
        held = held and choices[key].value == wanted
    return held
