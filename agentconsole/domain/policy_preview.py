"""What another policy would change for the open tickets: target, word and place, before anything changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agentconsole.domain.clock_rules import Applied, Situation
from agentconsole.domain.clocks import compute
from agentconsole.domain.events import Fact
from agentconsole.domain.queue import placing


@dataclass(frozen=True, slots=True)
class Stand:
    """Say how one open ticket stands under a policy: what decides its place, when that is due (UTC), and its word."""

    standard: str
    due: datetime | None
    word: str
    order: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Preview:
    """Compare one open ticket: `now` as it stands, `then` as it would, and its places among those compared, from 1."""

    ticket: int
    now: Stand
    then: Stand
    place_now: int
    place_then: int

    @property
    def moves(self) -> tuple[str, ...]:
        """Name what changes: target, word, place."""
        changed = {
            "target": (self.now.standard, self.now.due) != (self.then.standard, self.then.due),
            "word": self.now.word != self.then.word,
            "place": self.place_now != self.place_then,
        }
        return tuple(name for name, is_so in changed.items() if is_so)


def stand(
    ticket: int,
    facts: Sequence[Fact],
    packs: Sequence[Applied],
    situation: Situation,
    opened_at: datetime,
    now: datetime,
    *,
    late_first: bool,
) -> Stand:
    """Return how a ticket stands at `now` under `packs`."""
    clocks = compute(facts, packs, situation, now)
    placed = placing(clocks, situation, now, complaint=False, vip=False, opened_at=opened_at, late_first=late_first)
    order = (placed.tier.rank, placed.sort_key, ticket)
    deciding = placed.deciding
    if deciding is None:
        return Stand("", None, "--", order)
    return Stand(deciding.standard, deciding.due_at, deciding.state(now).value, order)


def compare(stands: Sequence[tuple[int, Stand, Stand]]) -> tuple[Preview, ...]:
    """Return the tickets in the order they would have, each with its place in either order."""
    now = {ticket: place for place, (ticket, _, _) in enumerate(sorted(stands, key=lambda one: one[1].order), 1)}
    then = sorted(stands, key=lambda one: one[2].order)
    return tuple(
        Preview(ticket, was, becomes, now[ticket], place) for place, (ticket, was, becomes) in enumerate(then, 1)
    )
