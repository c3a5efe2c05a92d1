"""Checking what packs say of one matter besides its times: indicators, complaints, escalation, hours and money."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from agentconsole.domain.policy import Kpi, Pack, Procedure, Standard, Step
from agentconsole.domain.policy_check_finding import Finding, Level, Place, place
from agentconsole.domain.policy_check_hours import listed
from agentconsole.domain.policy_check_week import HOUR, HOURS_OF_A_WEEK, Week, opens_again
from agentconsole.domain.target_words import target_words
from agentconsole.domain.terms import Channel, ClockKind, Role, Stage

MEASURED = {"first_response": ClockKind.FIRST_RESPONSE, "resolution": ClockKind.RESOLUTION}
"""The clock whose promises an indicator of time measures."""

UNITS = {"seconds": timedelta(seconds=1), "minutes": timedelta(minutes=1), "hours": HOUR, "days": 24 * HOUR}


def check_terms(packs: Sequence[Pack], week: Week) -> Iterator[Finding]:
    """Yield what several packs settle differently, and what one pack promises twice over."""
    yield from _indicators(packs)
    for pack in packs:
        yield from _complaint_and_resolution(pack, week)
    if len(packs) > 1:
        yield from _complaints(packs)
        yield from _escalation(packs)
        yield from _hours(packs, week)
        yield from _money(packs)


def _indicators(packs: Sequence[Pack]) -> Iterator[Finding]:
    """Find promises that are looser than an indicator: each may be kept and the indicator missed."""
    for pack in packs:
        for kpi in pack.kpis:
            clock = MEASURED.get(kpi.metric)
            if clock is None or not kpi.decides or kpi.unit not in UNITS:
                continue
            limit = int(kpi.value * 1000) * UNITS[kpi.unit] / 1000
            looser = [
                (other, standard)
                for other in packs
                for standard in other.standards
                if standard.clock is clock and _amount(standard) > limit
            ]
            if looser:
                yield _indicator(pack, kpi, looser)


def _amount(standard: Standard) -> timedelta:
    amount = getattr(standard.target, "amount", None)
    return amount if isinstance(amount, timedelta) else timedelta()


def _indicator(pack: Pack, kpi: Kpi, looser: list[tuple[Pack, Standard]]) -> Finding:
    level = Level.WARNING if all(other is pack for other, _ in looser) else Level.CONTRADICTION
    said = [f"{other.id} {standard.clause} {target_words(standard.target)}" for other, standard in looser]
    return Finding(
        level,
        f"indicator-{kpi.metric}",
        tuple(dict.fromkeys((place(pack, kpi.clause), *(place(other, one.clause) for other, one in looser)))),
        f"The indicator {kpi.id} asks for {kpi.comparator.replace('_', ' ')} {kpi.value} {kpi.unit} ({kpi.variant}, "
        f"counted in the calendar {kpi.calendar}); {listed(said)} may be kept and the indicator missed.",
        "Nothing, where both are meant; else bring promise and indicator together.",
        "Both stay: a promise is a clock on each case, an indicator a statistic of a period.",
    )


def _complaint_and_resolution(pack: Pack, week: Week) -> Iterator[Finding]:
    """Find a term for every resolution beside longer terms of the complaint procedure (000: 48 h, 5 working days)."""
    steps = pack.procedure.steps if pack.procedure else ()
    for standard in pack.standards:
        if standard.clock is not ClockKind.RESOLUTION:
            continue
        longer = [step for step in steps if step.target is not None and _is_longer(pack, step, standard, week)]
        if longer:
            yield _two_terms(pack, standard, longer)


def _is_longer(pack: Pack, step: Step, standard: Standard, week: Week) -> bool:
    if step.target is None:
        return False
    start = week.arrivals[0]
    term, resolved = week.due(pack, step.target, start), week.due(pack, standard.target, start)
    return term is not None and resolved is not None and term > resolved


def _two_terms(pack: Pack, standard: Standard, longer: list[Step]) -> Finding:
    stages = standard.applies.stages
    apart = bool(stages) and Stage.COMPLAINT not in stages
    terms = listed([f"{step.id} {target_words(step.target)} ({step.clause})" for step in longer if step.target])
    choices = [choice.id for choice in pack.choices if choice.clause == standard.clause]
    settings = f": `agentconsole policy answer {pack.id} {choices[0]} ...`" if choices else "."
    if apart:
        wins = f"{standard.clause} for cases at the stage {' or '.join(stages)}; the procedure's terms for complaints."
        do = f"Nothing, where that reading is meant; else set it otherwise{settings}"
    else:
        wins = f"The strictest instant: {standard.clause}, which is due before the procedure's terms."
        do = f"Say which of them binds complaints{settings}"
    return Finding(
        Level.WARNING if apart else Level.CONTRADICTION,
        "complaint-terms",
        (place(pack, standard.clause), *(place(pack, step.clause) for step in longer)),
        f'"{standard.text}" ({standard.clause}), and the complaint procedure gives longer: {terms}.',
        do,
        wins,
    )


def _complaints(packs: Sequence[Pack]) -> Iterator[Finding]:
    held = [(pack, pack.procedure) for pack in packs if pack.procedure is not None]
    where = tuple(place(pack, procedure.clause) for pack, procedure in held)
    if len({_course(procedure) for _, procedure in held}) > 1:
        said = "; ".join(f"{pack.id} {_course(procedure)}" for pack, procedure in held)
        yield Finding(
            Level.CONTRADICTION,
            "complaint-steps",
            where,
            f"Complaints take different courses: {said}.",
            "Nothing, where each brand has a policy of its own; else write one procedure.",
            "Every step that one of them asks for, with the strictest instant for each; a complaint that is settled at "
            "once is still logged, passed on and acknowledged.",
        )
    if len({procedure.owner for _, procedure in held}) > 1:
        said = listed([f"{pack.id} the {procedure.owner}" for pack, procedure in held])
        highest = max((procedure.owner for _, procedure in held), key=list(Role).index)
        yield Finding(
            Level.CONTRADICTION,
            "complaint-owner",
            where,
            f"Complaints have different owners: {said}.",
            "Name in each brand who takes complaints, and a deputy.",
            f"Each policy's own; the {highest}, where one person is to answer for all.",
        )


def _course(procedure: Procedure) -> str:
    steps = [f"{one.id} {target_words(one.target)}" if one.target else one.id for one in procedure.steps]
    return ", ".join(steps) + (" (may be settled at once)" if procedure.immediate_path else "")


def _escalation(packs: Sequence[Pack]) -> Iterator[Finding]:
    where = _places((pack, trigger.clause) for pack in packs for trigger in pack.triggers)
    for check, what, wins, says in (
        ("trigger", "Cases are escalated for different reasons", "All of them together: any one escalates.", _reasons),
        ("escalate-to", "Cases are escalated to different people", "Whom the trigger's own policy names.", _takers),
    ):
        said = {pack.id: says(pack) for pack in packs if pack.triggers}
        if len(set(said.values())) > 1:
            told = "; ".join(f"{name}: {', '.join(words)}" for name, words in said.items())
            do = "Nothing, where each brand has a policy of its own; else write one list."
            yield Finding(Level.CONTRADICTION, check, where, f"{what}: {told}.", do, wins)


def _reasons(pack: Pack) -> tuple[str, ...]:
    return tuple(sorted({trigger.predicate.replace("_", " ") for trigger in pack.triggers}))


def _takers(pack: Pack) -> tuple[str, ...]:
    roles = ((trigger.to, pack.role_aliases.get(trigger.to)) for trigger in pack.triggers)
    return tuple(sorted({to if role is None or role == to else f"{to} (the {role})" for to, role in roles}))


def _hours(packs: Sequence[Pack], week: Week) -> Iterator[Finding]:
    """Find a channel that is open at different times; hours are compared hour by hour, whatever the zones."""
    said = []
    for channel in Channel:
        open_at = {pack.id: _open_at(pack, channel, week) for pack in packs if channel in pack.channel_calendars}
        if len(set(open_at.values())) > 1:
            counts = listed([f"{name} {len(hours)}" for name, hours in open_at.items()])
            said.append(f"{channel} ({counts} of {HOURS_OF_A_WEEK} hours of a week)")
    if said:
        yield Finding(
            Level.CONTRADICTION,
            "hours",
            tuple(place(pack) for pack in packs),
            f"Channels are open at different times: {'; '.join(said)}.",
            "Plan people for the hours of all, or give the brands the same hours.",
            "Each policy's own hours, channel by channel.",
        )


def _open_at(pack: Pack, channel: Channel, week: Week) -> frozenset[int]:
    name = pack.channel_calendars[channel]
    calendar = pack.calendars[name]
    if not opens_again(pack, name, week.at):
        return frozenset()
    return frozenset(number for number, at in enumerate(week.arrivals) if calendar.is_open(at))


def _money(packs: Sequence[Pack]) -> Iterator[Finding]:
    if len({pack.currency for pack in packs}) > 1:
        said = listed([f"{pack.id} ({pack.currency}, {pack.zone})" for pack in packs])
        yield Finding(
            Level.CONTRADICTION,
            "currency",
            tuple(place(pack) for pack in packs),
            f"Money and time are written differently: {said}.",
            "Nothing; write the currency with every amount, and the zone with every time that leaves the desk.",
            "An amount counts in its own currency only: a limit in one is no limit in another.",
        )


def _places(pairs: Iterator[tuple[Pack, str]]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(place(pack, clause) for pack, clause in pairs))
