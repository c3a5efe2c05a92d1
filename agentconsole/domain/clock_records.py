"""What the event log has recorded about a clock: its breach, its warnings and what it has done."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from agentconsole.domain.events import Fact, FactKind
from agentconsole.domain.terms import ClockKind

RECORDS = frozenset({FactKind.BREACHED, FactKind.WARNED, FactKind.ACTED})
Records = Mapping[tuple[ClockKind, datetime], Sequence[Fact]]


def records_of(facts: Iterable[Fact]) -> Records:
    """Return the facts about clocks, those of merged tickets among them, by the kind of the clock and its start."""
    found: dict[tuple[ClockKind, datetime], list[Fact]] = {}
    for fact in _flat(facts):
        if fact.clock is not None and fact.started is not None:
            found.setdefault((fact.clock, fact.started), []).append(fact)
    return found


def breached(
    kind: ClockKind, starts: Collection[datetime], records: Records, passed: datetime | None
) -> datetime | None:
    """Return the due instant whose passing was recorded, else `passed`."""
    for fact in about(kind, starts, records):
        if fact.kind is FactKind.BREACHED:
            return fact.due or fact.at
    return passed


def warned(kind: ClockKind, starts: Collection[datetime], records: Records) -> tuple[datetime, ...]:
    """Return when somebody was warned."""
    return tuple(fact.at for fact in about(kind, starts, records) if fact.kind is FactKind.WARNED)


def about(kind: ClockKind, starts: Collection[datetime], records: Records) -> Iterator[Fact]:
    """Yield the records about the clock of that kind that began at one of `starts`, the earliest start first."""
    return (fact for start in sorted(starts) for fact in records.get((kind, start), ()))


def _flat(facts: Iterable[Fact]) -> Iterator[Fact]:
    for fact in facts:
        if fact.kind in RECORDS:
            yield fact
        elif fact.merged:
            yield from _flat(fact.merged)
