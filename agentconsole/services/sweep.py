"""The sweep: what falls due by itself is recorded and done, exactly once, and the queue's order follows the time."""

from datetime import timedelta

from sqlmodel import col, select

from agentconsole.domain.clocks import Effect, EffectKind, due_effects
from agentconsole.domain.policy import ActionKind
from agentconsole.domain.ticket import Deed, case_number, move
from agentconsole.services.automatic import send_automatic
from agentconsole.services.context import DeskContext
from agentconsole.services.history import events_of, facts_of
from agentconsole.services.projection import computed
from agentconsole.services.tickets import mark, set_status
from agentconsole.storage.tables.lease import Lease
from agentconsole.storage.tables.request import Request
from agentconsole.storage.tables.ticket import LIVE, RESOLVED, Ticket
from agentconsole.storage.transaction import Tx

AT_ONCE = 200
LEASE = timedelta(seconds=30)
REQUESTS_KEPT = timedelta(days=1)


def hold_lease(tx: Tx, name: str, holder: str) -> bool:
    """Take or renew the lease of a recurring job; False while another server has it.

    One's own is renewed when half of it is gone, so that an idle desk does not write every second; another's that ends
    later than a lease can was taken under a clock that has been set back since, and holds nobody off.
    """
    lease = tx.session.get(Lease, name)
    if lease is None:
        tx.session.add(Lease(name=name, holder=holder, until=tx.wall + LEASE))
        return True
    left = lease.until - tx.wall
    if lease.holder != holder and timedelta(0) < left <= LEASE:
        return False
    if lease.holder == holder and LEASE / 2 < left <= LEASE:
        return True
    lease.holder, lease.until = holder, tx.wall + LEASE
    return True


def drop_leases(tx: Tx, holder: str) -> None:
    """Give up a server's leases when it stops, so that the next one need not wait for their end."""
    for lease in tx.session.exec(select(Lease).where(Lease.holder == holder)).all():
        tx.session.delete(lease)


def sweep(tx: Tx, desk: DeskContext) -> int:
    """Look after the tickets whose time has come; returns how many there were, `AT_ONCE` when there may be more."""
    ready = select(Ticket).where(col(Ticket.live) == LIVE, col(Ticket.until) <= tx.now).order_by("until").limit(AT_ONCE)
    tickets = tx.session.exec(ready).all()
    for ticket in tickets:
        look_after(tx, desk, ticket)
    return len(tickets)


def look_after(tx: Tx, desk: DeskContext, ticket: Ticket) -> None:
    """Record what fell due on a ticket's clocks, do what its pack asks for, and have its place computed anew."""
    facts = facts_of(events_of(tx.session, ticket.id or 0))
    clocks = computed(desk, ticket, facts, tx.now)
    for effect in due_effects(clocks, facts, tx.now):
        _carry_out(tx, desk, ticket, effect)
    tx.touched.add(ticket.id or 0)


def _carry_out(tx: Tx, desk: DeskContext, ticket: Ticket, effect: Effect) -> None:
    fact = effect.fact(0, tx.now)
    mark(
        tx,
        ticket,
        fact.kind.value,
        clock=effect.clock.value,
        value=effect.standard,
        reason=effect.key,
        started=effect.started.isoformat(),
        due=effect.due.isoformat() if effect.due else None,
    )
    number = case_number(ticket.id or 0)
    if effect.kind is EffectKind.BREACH:
        tx.news.append(f"Case {number} is LATE: {effect.clock.value.replace('_', ' ')}")
    elif effect.action is not None and effect.action.kind is not ActionKind.FORWARD_TO_VOICEMAIL:
        bound = desk.shelf.applied(ticket.brand_id, ticket.opened_at)
        pack = next(applied.pack for applied in bound if applied.pack.id == effect.pack)
        message = pack.message(effect.action.message)
        if message is not None:
            send_automatic(tx, desk, ticket, message)


def forget_requests(tx: Tx) -> None:
    """Drop answers kept for repeated requests once nobody can be repeating them any more."""
    for request in tx.session.exec(select(Request).where(col(Request.at) < tx.wall - REQUESTS_KEPT).limit(500)).all():
        tx.session.delete(request)


def close_old(tx: Tx, after: timedelta) -> int:
    """Close tickets that were resolved long enough ago; returns how many."""
    old = select(Ticket).where(col(Ticket.status) == RESOLVED, col(Ticket.updated_at) < tx.now - after)
    tickets = tx.session.exec(old.limit(AT_ONCE)).all()
    for ticket in tickets:
        set_status(tx, ticket, move(ticket.status, Deed.CLOSE_AFTER_DAYS), f"resolved {after.days} days ago")
    return len(tickets)
