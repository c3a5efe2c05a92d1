"""Who works on a ticket: take, give back, take the next one, assign."""

from sqlmodel import col, select

from agentconsole.domain.errors import Refused
from agentconsole.domain.queue import Tier, hand_out
from agentconsole.domain.terms import Role
from agentconsole.domain.ticket import Deed, case_number, move
from agentconsole.services.tickets import (
    asker,
    find_ticket,
    mark,
    seen_by_asker,
    set_owner,
    set_status,
    state_of,
    undoable,
)
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx

_HANDED_OUT = tuple(tier for tier in Tier if tier is not Tier.WAIT)
# `live = 1` is written, not bound: a partial index is not used for a bound value.
_WAITING = "SELECT sort_key, id FROM ticket WHERE live = 1 AND tier = :tier AND next_verb <> 'sending'"
_NOBODYS, _MINE = f"{_WAITING} AND owner_id IS NULL", f"{_WAITING} AND owner_id = :me"
_OF_BRAND = " AND brand_id = :brand"
_FIRST = " ORDER BY sort_key, id LIMIT 1"
_WORKERS = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER)


def take(tx: Tx, number: int, seen: int) -> Ticket:
    """Take a ticket. Somebody else's is refused, unless a supervisor or manager asks."""
    ticket = find_ticket(tx, number)
    me = asker(tx)
    if ticket.owner_id == me.id:
        raise Refused(f"Case {case_number(number)} is yours already.")
    if ticket.owner_id is not None and me.role is Role.AGENT:
        owner = tx.get_one(User, ticket.owner_id)
        raise Refused(f"{owner.login} has case {case_number(number)}: ask them, or a supervisor, to hand it over.")
    seen_by_asker(tx, ticket, seen)
    _own(tx, ticket, me, "take")
    return ticket


def _own(tx: Tx, ticket: Ticket, owner: User, verb: str) -> None:
    status = move(ticket.status, Deed.TAKE)
    before = state_of(ticket)
    set_owner(tx, ticket, owner)
    if ticket.escalated_to == owner.id:
        mark(tx, ticket, "ticket.accepted", value=owner.login)
    set_status(tx, ticket, status, "taken")
    undoable(tx, ticket, verb, before)


def give_back(tx: Tx, number: int, seen: int) -> Ticket:
    """Give one's own ticket back to the queue; a supervisor may give back anybody's."""
    ticket = find_ticket(tx, number)
    me = asker(tx)
    if ticket.owner_id is None:
        raise Refused(f"Nobody has case {case_number(number)}.")
    if ticket.owner_id != me.id and me.role is Role.AGENT:
        raise Refused(f"Case {case_number(number)} is not yours to give back.")
    seen_by_asker(tx, ticket, seen)
    before = state_of(ticket)
    set_owner(tx, ticket, None)
    undoable(tx, ticket, "give back", before)
    return ticket


def assign(tx: Tx, number: int, seen: int, to: str) -> Ticket:
    """Give a ticket to somebody who works at the desk."""
    ticket = find_ticket(tx, number)
    owner = tx.session.exec(select(User).where(User.login == to, col(User.disabled).is_(False))).first()
    if owner is None or owner.role not in _WORKERS:
        working = (
            select(User.login).where(col(User.disabled).is_(False), col(User.role).in_(_WORKERS)).order_by("login")
        )
        raise Refused(f'Nobody called "{to}" works here; there is {", ".join(tx.session.exec(working).all())}.')
    if ticket.owner_id == owner.id:
        raise Refused(f"{to} has case {case_number(number)} already.")
    seen_by_asker(tx, ticket, seen)
    _own(tx, ticket, owner, "assign")
    return ticket


def take_next(tx: Tx, brand: str = "", *, only_mine: bool = False) -> Ticket | None:
    """Take the first ticket that is mine or nobody's, by the queue's order, or `only_mine`; None when none waits.

    After every four others a late one is handed out, so that what is broken already does not starve (UX section 10).
    """
    me = asker(tx)
    sources = (_MINE,) if only_mine else (_NOBODYS, _MINE)
    waiting = {tier: found for tier in _HANDED_OUT if (found := _first(tx, me, tier, brand, sources)) is not None}
    if not waiting:
        return None
    tier = next(iter(waiting))
    if hand_out(me.taken, tier, late_waiting=Tier.LATE in waiting):
        tier = Tier.LATE
    me.taken = 0 if tier is Tier.LATE else me.taken + 1
    ticket = waiting[tier]
    if ticket.owner_id != me.id:
        _own(tx, ticket, me, "take")
    return ticket


def _first(tx: Tx, me: User, tier: Tier, brand: str, sources: tuple[str, ...]) -> Ticket | None:
    found = [
        place
        for source in sources
        for place in tx.rows(source + (_OF_BRAND if brand else "") + _FIRST, me=me.id, tier=tier.rank, brand=brand)
    ]
    return tx.get(Ticket, min(found)[1]) if found else None
