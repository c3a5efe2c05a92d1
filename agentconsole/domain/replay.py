"""A ticket's promises lived through again under other packs: which would have been kept, and which broken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agentconsole.domain.clock_records import RECORDS, Records, about, records_of
from agentconsole.domain.clock_rules import CHANGES, rules_of
from agentconsole.domain.clocks import Applied, Clock, EffectKind, Situation, compute, due_effects
from agentconsole.domain.events import Fact, FactKind
from agentconsole.domain.terms import ClockKind


class Result(StrEnum):
    """Say what became of a promise; `overdue` is past its time, and no breach of it is on record."""

    KEPT = "kept"
    BROKEN = "broken"
    OVERDUE = "overdue"
    RUNNING = "running"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Outcome:
    """State what became of one promise: its kind, by which standard, since when it ran, and when it was due (UTC)."""

    kind: ClockKind
    pack: str
    standard: str
    text: str
    started: datetime
    due: datetime | None
    result: Result


def relived(
    facts: Sequence[Fact], packs: Sequence[Applied], situation: Situation, now: datetime
) -> tuple[Outcome, ...]:
    """Return what would have become of a ticket's promises if `packs` had bound it, whatever is on record.

    A breach stays one when a later change moves the due instant, as on a desk that lives through it: so the ticket is
    looked at just before each of its changes, and what is broken by then is taken for recorded.
    """
    told = sorted((fact for fact in facts if fact.kind not in RECORDS), key=lambda fact: fact.seq)
    turns = [place for place, fact in enumerate(told) if fact.kind in CHANGES]
    records: list[Fact] = []
    if turns:
        held = rules_of(told, situation)
        for turn, rules in zip(turns, held, strict=False):
            until = told[turn]
            sofar = [*told[:turn], *records]
            clocks = compute(sofar, packs, rules.situation, until.at)
            records += [
                effect.fact(until.seq, until.at)
                for effect in due_effects(clocks, sofar, until.at)
                if effect.kind is EffectKind.BREACH
            ]
    lived = [*told, *records]
    return tuple(_outcomes(compute(lived, packs, situation, now), records_of(lived), live=False))


def on_record(
    facts: Sequence[Fact], packs: Sequence[Applied], situation: Situation, now: datetime
) -> tuple[Outcome, ...]:
    """Return what became of a ticket's promises under the packs that did bind it; only a recorded breach is one."""
    return tuple(_outcomes(compute(facts, packs, situation, now), records_of(facts), live=True))


def _outcomes(clocks: Sequence[Clock], records: Records, *, live: bool) -> Iterator[Outcome]:
    for clock in clocks:
        if clock.started_at is None:
            continue
        breach = next(
            (fact for fact in about(clock.kind, clock.starts, records) if fact.kind is FactKind.BREACHED), None
        )
        if breach is None and (clock.amount is None or not clock.standard):
            continue
        yield Outcome(
            clock.kind,
            clock.pack,
            clock.standard if breach is None else breach.value,
            clock.text,
            clock.started_at if breach is None or breach.started is None else breach.started,
            clock.due_at if breach is None else breach.due,
            _result(clock, recorded=breach is not None, live=live),
        )


def _result(clock: Clock, *, recorded: bool, live: bool) -> Result:
    if recorded:
        return Result.BROKEN
    if clock.breached_at is not None:
        return Result.OVERDUE if live else Result.BROKEN
    if clock.met_at is not None:
        return Result.KEPT
    return Result.VOID if clock.is_finished else Result.RUNNING
