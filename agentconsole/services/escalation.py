"""Handing a ticket to the supervisor: a note and an assignment."""

from sqlmodel import col, func, select

from agentconsole.domain.errors import Gap, Refused
from agentconsole.domain.terms import Author, ContactKind, Role, Status
from agentconsole.domain.ticket import case_number
from agentconsole.services.contacts import add_contact, reference
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
from agentconsole.storage.tables.ticket import LIVE, Ticket
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx


def escalate(tx: Tx, number: int, seen: int, note: str) -> Ticket:
    """Hand a ticket to a supervisor with a note that says what she needs to know (000-33, 002-31)."""
    if not note.strip():
        raise Refused("Not escalated: say what was tried and what is asked.", gaps=(Gap("text", "the note is empty"),))
    ticket = find_ticket(tx, number)
    seen_by_asker(tx, ticket, seen)
    before = state_of(ticket)
    contact = add_contact(tx, ticket, kind=ContactKind.NOTE, author=Author.AGENT, name=asker(tx).name, text=note)
    mark(tx, ticket, "ticket.note", **reference(contact))
    escalate_to_supervisor(tx, ticket, "escalated")
    undoable(tx, ticket, "escalate", before)
    return ticket


def escalate_to_supervisor(tx: Tx, ticket: Ticket, reason: str) -> None:
    """Assign a ticket to the supervisor who carries least; refuses when the desk has none but the asker."""
    supervisor = _least_loaded(tx)
    ticket.escalated_to = supervisor.id
    mark(tx, ticket, "ticket.escalated", value=supervisor.login, reason=reason)
    set_owner(tx, ticket, supervisor)
    if ticket.status is not Status.OPEN:
        set_status(tx, ticket, Status.OPEN, "escalated")
    tx.news.append(f"{tx.actor.login} escalated case {case_number(ticket.id or 0)} to {supervisor.login}")


def _least_loaded(tx: Tx) -> User:
    load = (
        select(func.count())
        .where(Ticket.owner_id == User.id, col(Ticket.live) == LIVE)
        .correlate(User)
        .scalar_subquery()
    )
    for role in (Role.SUPERVISOR, Role.MANAGER):
        wanted = select(User).where(User.role == role, col(User.disabled).is_(False), User.id != tx.actor.user_id)
        found = tx.session.exec(wanted.order_by(load, "login").limit(1)).first()
        if found is not None:
            return found
    raise Refused(
        "Nobody here can take an escalation: an administrator adds a supervisor with `agentconsole user add`."
    )
