"""The projection: a ticket's clocks computed anew, and its place in the queue written with the event that moved it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlmodel import Session, col, select

from agentconsole.domain.clocks import Clock, Situation, compute, next_effect
from agentconsole.domain.events import Fact
from agentconsole.domain.queue import Placing, placing
from agentconsole.domain.terms import Author, ContactKind, Status
from agentconsole.queries.clock_rows import clock_row
from agentconsole.services.context import DeskContext
from agentconsole.services.history import events_of, facts_of
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.counter import Counter
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import Tx

SENDING = "sending"
_LIVE = frozenset({Status.NEW, Status.OPEN, Status.WAITING})
_ON_ITS_WAY = ("held", "queued", "sending")
_SHOWN_OF_LAST = 300
_rows = msgspec.msgpack.Encoder()


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
    for number in sorted(tx.touched):
        ticket = tx.session.get(Ticket, number)
        if ticket is not None:
            refresh_ticket(tx, desk, ticket)


def refresh_ticket(tx: Tx, desk: DeskContext, ticket: Ticket) -> None:
    """Write a ticket's place in the queue, and move it between the counters."""
    facts = facts_of(events_of(tx.session, ticket.id or 0))
    clocks = computed(desk, ticket, facts, tx.now)
    placed = place(desk, ticket, clocks, tx.now)
    mail = _mail_on_its_way(tx, ticket)
    ticket.live = int(ticket.status in _LIVE and not (mail is not None and mail.then == "resolve"))
    ticket.tier, ticket.sort_key = placed.tier.rank, placed.sort_key
    ticket.until = min(filter(None, (placed.until, next_effect(clocks, facts, tx.now))), default=None)
    ticket.starving = placed.starving
    ticket.next_verb = SENDING if mail is not None else placed.next_verb.value
    ticket.clock = _rows.encode(clock_row(placed.deciding, tx.now)) if placed.deciding else b""
    ticket.due_at = placed.deciding.due_at if placed.deciding else None
    ticket.waited_text = _last_words(tx, ticket)
    _recount(tx, ticket)


def _mail_on_its_way(tx: Tx, ticket: Ticket) -> Outbox | None:
    on_its_way = select(Outbox).where(
        Outbox.ticket_id == ticket.id, col(Outbox.automatic).is_(False), col(Outbox.state).in_(_ON_ITS_WAY)
    )
    return tx.session.exec(on_its_way.order_by(col(Outbox.id).desc()).limit(1)).first()


def _last_words(tx: Tx, ticket: Ticket) -> str:
    newest = select(Contact.text).where(
        Contact.ticket_id == ticket.id, Contact.author == Author.CUSTOMER, Contact.kind == ContactKind.MESSAGE
    )
    text = tx.session.exec(newest.order_by(col(Contact.id).desc()).limit(1)).first() or ""
    return " ".join(text[: _SHOWN_OF_LAST * 2].split())[:_SHOWN_OF_LAST]


def _recount(tx: Tx, ticket: Ticket) -> None:
    before = None if ticket.counted_tier is None else (ticket.counted_owner or 0, ticket.counted_tier)
    after = (ticket.owner_id or 0, ticket.tier) if ticket.live else None
    if before == after:
        return
    _count(tx, before, -1)
    _count(tx, after, 1)
    ticket.counted_owner, ticket.counted_tier = after if after is not None else (None, None)


def _count(tx: Tx, key: tuple[int, int] | None, step: int) -> None:
    if key is None:
        return
    counter = tx.session.get(Counter, key)
    if counter is None:
        counter = Counter(owner_id=key[0], tier=key[1])
        tx.session.add(counter)
    counter.number += step
