"""Checking one pack's standards: what can never bind, never be kept, or never be told, and who hears of a breach."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from agentconsole.domain.clock_rules import COMPLAINT
from agentconsole.domain.policy import (
    Applies,
    BestEffort,
    Elapsed,
    Pack,
    Rings,
    StageAction,
    Standard,
    Unspecified,
    Warning,
)
from agentconsole.domain.policy_check_finding import Finding, Level, place
from agentconsole.domain.policy_check_week import Week, binds
from agentconsole.domain.target_words import amount_words, target_words
from agentconsole.domain.terms import Channel, ClockKind, Role, Stage

BEGUN_BY = {
    ClockKind.RING: (Channel.PHONE,),
    ClockKind.GREET: (Channel.WALKIN, Channel.MEETING),
    ClockKind.RETURN_CALL: (Channel.VOICEMAIL,),
}
"""Clocks that begin on some channels only: a call rings, a visitor waits, a voicemail is returned."""

AT_ONCE = frozenset({ClockKind.RING, ClockKind.GREET})
"""Clocks that are over before somebody who is told could come."""

WHOLE = 100

MOST_COMPARED = 300
"""Standards that are held against each other; a policy has dozens, and a file of thousands shall be read, too."""


def check_standards(pack: Pack, week: Week) -> Iterator[Finding]:
    """Yield what is wrong with each standard by itself, with one beside another, and with whom a trigger names."""
    for standard in pack.standards:
        yield from _never_binds(pack, standard)
        yield from _never_told(pack, standard, week)
        yield from _nobody(pack, standard)
    yield from _never_decides(pack)
    for trigger in pack.triggers:
        if trigger.to == Role.AGENT or pack.role_aliases.get(trigger.to) is Role.AGENT:
            why = f'"{trigger.text}" goes to the agents, who are those that could not settle it.'
            do = f"Let the trigger {trigger.id} go to a supervisor, a manager or a contact."
            yield Finding(Level.NEVER, "escalates-to-nobody", (place(pack, trigger.clause),), why, do)


def _finding(level: Level, check: str, pack: Pack, standard: Standard, why: str, do: str) -> Finding:
    return Finding(level, check, (place(pack, standard.clause),), f'"{standard.text}": {why}', do)


def _never_binds(pack: Pack, standard: Standard) -> Iterator[Finding]:
    rule = standard.applies
    for why in (_wrong_channel(standard), _no_such_case(rule), _no_such_hours(pack, rule)):
        if why:
            do = f"Change what the standard {standard.id} applies to, or take it out."
            yield _finding(Level.NEVER, "never-binds", pack, standard, f"it binds no case: {why}.", do)


def _wrong_channel(standard: Standard) -> str:
    begun_by = BEGUN_BY.get(standard.clock)
    channels = standard.applies.channels
    if begun_by is None or not channels or set(channels) & set(begun_by):
        return ""
    return f"a clock {standard.clock} begins on {' or '.join(begun_by)} only, and this one is for {', '.join(channels)}"


def _no_such_case(rule: Applies) -> str:
    """Say why no case has this stage, this kind and this answer to "escalated?" at once; "" where one may."""
    if not rule.stages:
        return ""
    possible = [stage for stage in rule.stages if _fits(stage, rule)]
    return "" if possible else f"none is at the stage {' or '.join(rule.stages)} that is also as the rest asks"


def _fits(stage: Stage, rule: Applies) -> bool:
    if rule.escalated is not None and stage is not Stage.COMPLAINT and rule.escalated is not (stage is Stage.ESCALATED):
        return False
    if not rule.kinds:
        return True
    return COMPLAINT in rule.kinds if stage is Stage.COMPLAINT else any(kind != COMPLAINT for kind in rule.kinds)


def _no_such_hours(pack: Pack, rule: Applies) -> str:
    if not rule.out_of_hours or not rule.channels:
        return ""
    named = [pack.channel_calendars.get(channel) for channel in rule.channels]
    if any(name is not None and not pack.calendars[name].always_open for name in named):
        return ""
    return f"{', '.join(rule.channels)} {'has' if len(named) == 1 else 'have'} no time out of hours"


def _never_told(pack: Pack, standard: Standard, week: Week) -> Iterator[Finding]:
    if not (standard.actions or standard.warnings or standard.chain):
        return
    if week.counted(pack, standard.target, week.at) is not None:
        dues = tuple(_dues(pack, standard, week)) if standard.actions else ()
        for action in standard.actions if dues else ():
            yield from _late_action(pack, standard, action, dues)
        for warning in standard.warnings:
            yield from _late_warning(pack, standard, warning, week)
    elif _has_no_number(standard) and not any(blank.clause == standard.clause for blank in pack.open_blanks):
        why = f"no instant is promised ({target_words(standard.target)}), so nobody is ever warned or told."
        do = f"Give the standard {standard.id} a number, or take out its warnings, chain and actions."
        yield _finding(Level.NEVER, "never-due", pack, standard, why, do)


def _has_no_number(standard: Standard) -> bool:
    target = standard.target
    return isinstance(target, BestEffort) or (isinstance(target, Unspecified) and target.amount is None)


def _dues(pack: Pack, standard: Standard, week: Week) -> Iterator[tuple[datetime, datetime]]:
    """Yield starts and due instants; a promise in hours of the clock is the same at each hour of the week."""
    channel = standard.applies.channels[0] if standard.applies.channels else None
    for start in week.arrivals:
        if binds(pack, standard, channel, start):
            due = week.due(pack, standard.target, start)
            if due is not None:
                yield start, due
            if due is None or isinstance(standard.target, Elapsed | Rings):
                return


def _late_action(
    pack: Pack, standard: Standard, action: StageAction, dues: tuple[tuple[datetime, datetime], ...]
) -> Iterator[Finding]:
    """Find an action that waits from the start of a clock until after it is due (000-25 beside 001-028)."""
    after = action.after
    if after is None or any(start + after < due for start, due in dues):
        return
    what = action.kind.replace("_", " ")
    yield _finding(
        Level.NEVER,
        "late-action",
        pack,
        standard,
        f"the action {what} waits {amount_words(after)} and the promise is {target_words(standard.target)}, so it "
        "never happens while the promise can still be kept.",
        f"Let it happen before the standard {standard.id} is due, or take it out.",
    )


def _late_warning(pack: Pack, standard: Standard, warning: Warning, week: Week) -> Iterator[Finding]:
    """Find a warning that comes with the due instant, or no later than the start."""
    do = f"Warn in between, or take the warning out of the standard {standard.id}."
    if warning.percent == WHOLE:
        why = f"the {warning.whom} is warned at 100 %, when it is due already; telling of a breach is the chain's work."
        yield _finding(Level.NEVER, "late-warning", pack, standard, why, do)
    elif warning.before is not None:
        longest = max(week.counted(pack, standard.target, at) or timedelta() for at in week.arrivals[::6])
        if warning.before >= longest:
            why = (
                f"the {warning.whom} is warned {amount_words(warning.before)} before it is due, which is never later "
                "than its start."
            )
            yield _finding(Level.NEVER, "late-warning", pack, standard, why, do)


def _nobody(pack: Pack, standard: Standard) -> Iterator[Finding]:
    """Find a breach that nobody but the one who is late hears of."""
    do = f'Give the standard {standard.id} a chain, such as {{ percent = 100, role = "supervisor" }}.'
    if standard.clock in AT_ONCE:
        return
    if not standard.chain:
        yield _finding(Level.WARNING, "chain-empty", pack, standard, "nobody is told when it is broken.", do)
    elif all(link.role is Role.AGENT for link in standard.chain):
        why = "its chain ends at the agents, where the breach is known already: nobody above them is told."
        yield _finding(Level.NEVER, "chain-ends", pack, standard, why, do)


def _never_decides(pack: Pack) -> Iterator[Finding]:
    """Find a longer promise for some cases of a shorter one: the strictest holds, so the longer never decides."""
    plain = [standard for standard in pack.standards if isinstance(standard.target, Elapsed)][:MOST_COMPARED]
    for standard in plain:
        for other in plain:
            if other.clock is standard.clock and _amount(other) < _amount(standard) and _covers(other, standard):
                why = (
                    f'the shorter promise "{other.text}" ({other.clause}) binds the same cases, and the strictest '
                    "holds, so this one never decides."
                )
                do = f"Take the cases of {standard.id} out of {other.id}, or take {standard.id} out."
                yield _finding(Level.NEVER, "never-decides", pack, standard, why, do)
                break


def _amount(standard: Standard) -> timedelta:
    return standard.target.amount if isinstance(standard.target, Elapsed) else timedelta.max


def _covers(wide: Standard, narrow: Standard) -> bool:
    """Say whether `wide` binds every case that `narrow` binds, counted from the same instant."""
    outer, inner = wide.applies, narrow.applies
    if (wide.start, outer.counts_from_escalation) != (narrow.start, inner.counts_from_escalation):
        return False
    lists = ("channels", "queues", "priorities", "kinds", "brands", "tiers", "stages")
    named = ((getattr(outer, name), getattr(inner, name)) for name in lists)
    flags = ((outer.escalated, inner.escalated), (outer.out_of_hours, inner.out_of_hours))
    return all(not some or (few and set(few) <= set(some)) for some, few in named) and all(
        wanted is None or wanted is given for wanted, given in flags
    )
