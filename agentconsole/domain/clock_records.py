"""What the event log has recorded about a clock: its breach, its warnings and what it has done."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from agentconsole.domain.events import Fact, FactKind
from agentconsole.domain.terms import ClockKind

RECORDS = frozenset({FactKind.BREACHED, FactKind.WARNED, FactKind.ACTED})


def records_of(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return the facts about clocks, those of merged tickets among them."""
    return tuple(_flat(facts))


def breached(
    kind: ClockKind, starts: Collection[datetime], records: Sequence[Fact], passed: datetime | None
) -> datetime | None:
    """Return the due instant whose passing was recorded, else `passed`."""
    for fact in about(kind, starts, records):
        if fact.kind is FactKind.BREACHED:
            return fact.due or fact.at
    return passed


def warned(kind: ClockKind, starts: Collection[datetime], records: Sequence[Fact]) -> tuple[datetime, ...]:
    """Return when somebody was warned."""
    return tuple(fact.at for fact in about(kind, starts, records) if fact.kind is FactKind.WARNED)


def about(kind: ClockKind, starts: Collection[datetime], records: Iterable[Fact]) -> Iterator[Fact]:
    """Yield the records about the clock of that kind that began at one of `starts`."""
    return (fact for fact in records if fact.clock is kind and fact.started in starts)


def _flat(facts: Iterable[Fact]) -> Iterator[Fact]:
    for fact in facts:
        if fact.kind in RECORDS:
            yield fact
        elif fact.merged:
            yield from _flat(fact.merged)
