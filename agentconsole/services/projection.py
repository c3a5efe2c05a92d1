"""The projection: a ticket's clocks computed anew, and its place in the queue written with the event that moved it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlmodel import Session

from agentconsole.domain.clocks import Clock, Situation, compute, due_effects, next_effect
from agentconsole.domain.events import Fact
from agentconsole.domain.queue import Placing, placing
from agentconsole.domain.terms import Status
from agentconsole.queries.clock_rows import clock_row
from agentconsole.services.context import DeskContext
from agentconsole.services.history import events_in, events_of, facts_of
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import Tx

SENDING = "sending"
_LIVE = frozenset({Status.NEW, Status.OPEN, Status.WAITING})
_SHOWN_OF_LAST = 300
_rows = msgspec.msgpack.Encoder()
_LEAVING = (
    'SELECT "then" FROM outbox WHERE ticket_id = :ticket AND automatic = false'
    " AND (state = 'held' OR state IN ('queued', 'sending') AND told_at IS NULL)"
    " ORDER BY id DESC LIMIT 1"
)
_LAST_WORDS = (
    "SELECT substr(text, 1, :most) FROM contact WHERE ticket_id = :ticket AND author = 'customer' AND kind = 'message'"
    " ORDER BY id DESC LIMIT 1"
)
_COUNT = (
    "INSERT INTO counter (owner_id, tier, number) VALUES (:owner, :tier, :step)"
    " ON CONFLICT (owner_id, tier) DO UPDATE SET number = counter.number + excluded.number"
)


def situation_of(ticket: Ticket) -> Situation:
    """Return what a standard may ask about a ticket."""
    return Situation(
        channel=ticket.channel,
        queue=ticket.queue,
        priority=ticket.priority,
        kind=ticket.kind,
        brand=ticket.brand_id,
        status=ticket.status,
        escalated=ticket.escalated_to is not None,
    )


def clocks_of(session: Session, desk: DeskContext, ticket: Ticket, now: datetime) -> tuple[Clock, ...]:
    """Compute a ticket's clocks at `now` from its events and the packs it is under."""
    return computed(desk, ticket, facts_of(events_of(session, ticket.id or 0)), now)


def computed(desk: DeskContext, ticket: Ticket, facts: Sequence[Fact], now: datetime) -> tuple[Clock, ...]:
    """Compute a ticket's clocks at `now` from facts that were read already."""
    return compute(facts, desk.shelf.applied(ticket.brand_id, ticket.opened_at), situation_of(ticket), now)


def place(desk: DeskContext, ticket: Ticket, clocks: tuple[Clock, ...], now: datetime) -> Placing:
    """Return a ticket's place in the queue at `now`."""
    return placing(
        clocks,
        situation_of(ticket),
        now,
        complaint=False,
        vip=False,
        opened_at=ticket.opened_at,
        late_first=desk.late_first,
    )


def refresh(tx: Tx, desk: DeskContext) -> None:
    """Recompute every ticket that the use case touched."""
    tx.flush()
    for number in sorted(tx.touched - tx.placed):
        ticket = tx.get(Ticket, number)
        if ticket is not None:
            refresh_ticket(tx, desk, ticket)


def refresh_ticket(tx: Tx, desk: DeskContext, ticket: Ticket) -> None:
    """Write a ticket's place in the queue, and move it between the counters."""
    number = ticket.id or 0
    facts = facts_of(events_in(tx, number))
    clocks = computed(desk, ticket, facts, tx.now)
    placed = place(desk, ticket, clocks, tx.now)
    leaving = _mail_on_its_way(tx, number)
    # A held row is compared with what was read, so that its fields can be set past the ORM, which is dear.
    ticket.__dict__.update(
        live=int(ticket.status in _LIVE and leaving != "resolve"),
        tier=placed.tier.rank,
        sort_key=placed.sort_key,
        until=_until(clocks, facts, placed, tx.now),
        starving=placed.starving,
        next_verb=placed.next_verb.value if leaving is None else SENDING,
        clock=_rows.encode(clock_row(placed.deciding, tx.now)) if placed.deciding else b"",
        due_at=placed.deciding.due_at if placed.deciding else None,
        waited_text=_last_words(tx, number),
    )
    _recount(tx, ticket)
    tx.placed.add(number)


def _until(clocks: Sequence[Clock], facts: Sequence[Fact], placed: Placing, now: datetime) -> datetime | None:
    """Return when the sweep has to look next: at once where something fell due that it has not recorded yet."""
    if due_effects(clocks, facts, now):
        return now
    return min(filter(None, (placed.until, next_effect(clocks, facts, now))), default=None)


def _mail_on_its_way(tx: Tx, ticket: int) -> str | None:
    """Return where a ticket goes when the mail that is leaving has left; None when none is."""
    found = tx.held.read(_LEAVING, {"ticket": ticket})
    return str(found[0][0]) if found else None


def _last_words(tx: Tx, ticket: int) -> str:
    found = tx.held.read(_LAST_WORDS, {"ticket": ticket, "most": _SHOWN_OF_LAST * 2})
    return " ".join(str(found[0][0]).split())[:_SHOWN_OF_LAST] if found else ""


def _recount(tx: Tx, ticket: Ticket) -> None:
    before = None if ticket.counted_tier is None else (ticket.counted_owner or 0, ticket.counted_tier)
    after = (ticket.owner_id or 0, ticket.tier) if ticket.live else None
    if before == after:
        return
    for key, step in ((before, -1), (after, 1)):
        if key is not None:
            tx.held.write(_COUNT, {"owner": key[0], "tier": key[1], "step": step})
    ticket.counted_owner, ticket.counted_tier = after if after is not None else (None, None)
