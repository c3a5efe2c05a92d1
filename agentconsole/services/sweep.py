"""The sweep: what falls due by itself is recorded and done, exactly once, and the queue's order follows the time."""

import logging
from datetime import timedelta

from agentconsole.domain.clocks import Effect, EffectKind, due_effects
from agentconsole.domain.policy import ActionKind
from agentconsole.domain.ticket import Deed, case_number, move
from agentconsole.services.automatic import send_automatic
from agentconsole.services.context import DeskContext
from agentconsole.services.history import events_in, facts_of
from agentconsole.services.projection import computed, refresh
from agentconsole.services.tickets import find_ticket, mark, set_status
from agentconsole.storage.link import in_transaction
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import Tx
from agentconsole.storage.types import micros

log = logging.getLogger(__name__)
AT_ONCE = 200
REQUESTS_KEPT = timedelta(days=1)
TRIED_AGAIN_AFTER = timedelta(minutes=5)
# `live` and `status` are written, not bound: a partial index is not used for a bound value.
_READY = "SELECT id FROM ticket WHERE live = 1 AND until <= :now ORDER BY until, id LIMIT :most"
_OLD = "SELECT id FROM ticket WHERE status = 'resolved' AND updated_at < :before ORDER BY updated_at, id LIMIT :most"
_LATER = "UPDATE ticket SET until = :later WHERE id = :ticket"
_FORGET = "DELETE FROM request WHERE id IN (SELECT id FROM request WHERE at < :before LIMIT 500)"


def sweep(tx: Tx, desk: DeskContext) -> int:
    """Look after the tickets whose time has come; returns how many there were, `AT_ONCE` when there may be more."""
    ready = tx.rows(_READY, now=micros(tx.now), most=AT_ONCE)
    for (number,) in ready:
        _look_after_alone(tx, desk, number)
    return len(ready)


def _look_after_alone(tx: Tx, desk: DeskContext, number: int) -> None:
    """Look after one ticket; one that cannot be is left as it was and tried again later, and holds up no other."""
    try:
        with tx.part():
            look_after(tx, desk, find_ticket(tx, number))
            refresh(tx, desk)
    except Exception:  # whatever it is about this ticket, the others have their clocks too
        if not in_transaction(tx.connection):
            raise
        tx.rows(_LATER, ticket=number, later=micros(tx.now + TRIED_AGAIN_AFTER))
        if number not in desk.troubled:
            log.exception("case %s could not be looked after and is tried again later", case_number(number))
        desk.troubled.add(number)
    else:
        desk.troubled.discard(number)


def look_after(tx: Tx, desk: DeskContext, ticket: Ticket) -> None:
    """Record what fell due on a ticket's clocks, do what its pack asks for, and have its place computed anew."""
    facts = facts_of(events_in(tx, ticket.id or 0))
    clocks = computed(desk, ticket, facts, tx.now)
    for effect in due_effects(clocks, facts, tx.now):
        _carry_out(tx, desk, ticket, effect)
    tx.touch(ticket.id or 0)


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
    tx.rows(_FORGET, before=micros(tx.wall - REQUESTS_KEPT))


def close_old(tx: Tx, after: timedelta) -> int:
    """Close tickets that were resolved long enough ago; returns how many."""
    old = tx.rows(_OLD, before=micros(tx.now - after), most=AT_ONCE)
    for (number,) in old:
        ticket = find_ticket(tx, number)
        set_status(tx, ticket, move(ticket.status, Deed.CLOSE_AFTER_DAYS), f"resolved {after.days} days ago")
    return len(old)
