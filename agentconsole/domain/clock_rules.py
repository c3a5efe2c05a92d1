"""Which rules held for a ticket at which time: its situation, and the packs that bound it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agentconsole.domain.events import Fact, FactKind
from agentconsole.domain.policy import Pack
from agentconsole.domain.terms import Channel, Priority, Stage, Status

# The kind of a ticket that stands under the complaint procedure.
COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Applied:
    """Bind a pack (one version) to a ticket from `since` until `until` (None: still)."""

    pack: Pack
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """Say what a ticket is like; given to `compute` it is what the ticket is like now. `tier` is its customer's."""

    channel: Channel
    queue: str
    priority: Priority
    kind: str
    brand: str
    status: Status
    escalated: bool
    tier: str = ""

    @property
    def stage(self) -> Stage:
        """Return how the ticket is handled; a complaint stays one when it is escalated."""
        if self.kind == COMPLAINT:
            return Stage.COMPLAINT
        return Stage.ESCALATED if self.escalated else Stage.SERVICE


@dataclass(frozen=True, slots=True)
class Rules:
    """Say what a ticket was like from `since` on (None: from its start), and because of which change."""

    since: datetime | None
    situation: Situation
    because: str


CHANGES = frozenset(
    {FactKind.PRIORITY, FactKind.BRAND, FactKind.QUEUE, FactKind.POLICY, FactKind.ESCALATED, FactKind.MERGED}
)


def rules_of(facts: Sequence[Fact], situation: Situation) -> tuple[Rules, ...]:
    """Return the rules that held, oldest first: today's `situation` walked back through the changes in `facts`."""
    changes = [fact for fact in facts if fact.kind in CHANGES]
    found: list[Rules] = []
    for index in range(len(changes) - 1, -1, -1):
        change = changes[index]
        earlier = _before(situation, change, facts, changes[:index])
        found.append(Rules(change.at, situation, _because(change, earlier, situation)))
        situation = earlier
    found.append(Rules(None, situation, ""))
    return tuple(reversed(found))


def bound(packs: Sequence[Applied], started: datetime, at: datetime | None) -> tuple[Pack, ...]:
    """Return the packs that bind, at `at` (None: now), a clock that `started` then.

    Of several versions of one pack it is the one in force when the clock started (DESIGN 6), unless that one has been
    taken off the ticket since.
    """
    chosen: dict[str, Applied] = {}
    for applied in packs:
        is_off = applied.until is not None and (at is None or at >= applied.until)
        if is_off or (at is not None and applied.since > at):
            continue
        other = chosen.get(applied.pack.id)
        if other is None or _fits_better(applied, other, started):
            chosen[applied.pack.id] = applied
    return tuple(applied.pack for applied in chosen.values())


def _fits_better(applied: Applied, other: Applied, started: datetime) -> bool:
    if applied.since <= started:
        return other.since > started or applied.since >= other.since
    return other.since > started and applied.since < other.since


def _before(situation: Situation, change: Fact, facts: Sequence[Fact], earlier: Sequence[Fact]) -> Situation:
    """Return what the ticket was like before a change; what nobody wrote down is taken to have been the same."""
    match change.kind:
        case FactKind.PRIORITY:
            return replace(situation, priority=_priority_before(change, facts, earlier) or situation.priority)
        case FactKind.BRAND:
            return replace(situation, brand=change.before or situation.brand)
        case FactKind.QUEUE:
            return replace(situation, queue=change.before or situation.queue)
        case FactKind.ESCALATED:
            return replace(situation, escalated=any(fact.kind is FactKind.ESCALATED for fact in earlier))
    return situation


def _priority_before(change: Fact, facts: Sequence[Fact], earlier: Sequence[Fact]) -> Priority | None:
    if change.before:
        return Priority(change.before)
    known = [fact.priority for fact in earlier if fact.kind is FactKind.PRIORITY]
    return known[-1] if known else facts[0].priority


def _because(change: Fact, before: Situation, after: Situation) -> str:
    match change.kind:
        case FactKind.PRIORITY:
            return f"priority {before.priority} -> {after.priority}"
        case FactKind.BRAND:
            return f"brand {before.brand} -> {after.brand}"
        case FactKind.QUEUE:
            return f"queue {before.queue} -> {after.queue}"
        case FactKind.POLICY:
            return f"policy {change.before} -> {change.value}" if change.before else f"policy {change.value}"
        case FactKind.MERGED:
            return "another case was merged into this one"
    return "escalated"
