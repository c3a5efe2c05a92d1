"""Moving a ticket through its life: wait, resolve, reopen, priority, tags."""

import re
from datetime import datetime, timedelta

from agentconsole.domain.errors import Gap, Refused
from agentconsole.domain.terms import Author, ContactKind, Priority
from agentconsole.domain.ticket import Deed, case_number, move
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
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import Tx

_TAG = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
MOST_TAGS = 20
LONGEST_REASON = 200
FURTHEST_PROMISE = timedelta(days=366)


def wait(tx: Tx, number: int, seen: int, until: datetime | None, reason: str) -> Ticket:
    """Wait for the customer, or until an instant she was promised, which becomes a clock of its own."""
    ticket = find_ticket(tx, number)
    seen_by_asker(tx, ticket, seen)
    _checked(reason)
    if until is not None and until.tzinfo is None:
        raise Refused("A promised time needs its zone.", gaps=(Gap("until", "without a zone"),))
    if until is not None and until <= tx.now:
        raise Refused("A promise lies in the future: give a later time.", gaps=(Gap("until", "already past"),))
    if until is not None and until > tx.now + FURTHEST_PROMISE:
        raise Refused("A promise lies within a year: give an earlier time.", gaps=(Gap("until", "too far away"),))
    before = state_of(ticket)
    status = move(ticket.status, Deed.WAIT)
    _note(tx, ticket, reason)
    if until is None:
        set_status(tx, ticket, status, "waiting for the customer")
    else:
        promised = mark(tx, ticket, "ticket.promised", due=until.isoformat(), value="an answer", zone=tx.zone.key)
        before["promised"] = promised.seq
        set_status(tx, ticket, status, "promised an answer")
    if ticket.owner_id is None:
        set_owner(tx, ticket, asker(tx))
    ticket.fresh = False
    undoable(tx, ticket, "wait", before)
    return ticket


def _checked(reason: str) -> None:
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        raise Refused(
            f"A reason is one line of at most {LONGEST_REASON} characters.", gaps=(Gap("reason", "one short line"),)
        )


def _note(tx: Tx, ticket: Ticket, reason: str) -> None:
    """Keep a reason in the agent's own words as an internal note: the event log has no personal text in the clear."""
    if reason.strip():
        note = add_contact(
            tx, ticket, kind=ContactKind.NOTE, author=Author.AGENT, name=asker(tx).name, text=reason.strip()
        )
        mark(tx, ticket, "ticket.note", **reference(note))


def resolve(tx: Tx, number: int, seen: int, reason: str) -> Ticket:
    """End a ticket."""
    ticket = find_ticket(tx, number)
    seen_by_asker(tx, ticket, seen)
    _checked(reason)
    before = state_of(ticket)
    status = move(ticket.status, Deed.RESOLVE)
    _note(tx, ticket, reason)
    set_status(tx, ticket, status, "resolved")
    if ticket.owner_id is None:
        set_owner(tx, ticket, asker(tx))
    ticket.fresh = False
    undoable(tx, ticket, "resolve", before)
    return ticket


def reopen(tx: Tx, number: int, seen: int) -> Ticket:
    """Open a resolved ticket again."""
    ticket = find_ticket(tx, number)
    seen_by_asker(tx, ticket, seen)
    before = state_of(ticket)
    set_status(tx, ticket, move(ticket.status, Deed.REOPEN), "reopened")
    undoable(tx, ticket, "reopen", before)
    return ticket


def set_priority(tx: Tx, number: int, seen: int, priority: str) -> Ticket:
    """Set a ticket's priority; its clocks are computed anew from where they started."""
    if priority not in set(Priority):
        raise Refused(f'A priority is {", ".join(Priority)}, not "{priority}".')
    ticket = find_ticket(tx, number)
    seen_by_asker(tx, ticket, seen)
    if ticket.priority == priority:
        raise Refused(f"Case {case_number(number)} has priority {priority} already.")
    before = state_of(ticket)
    ticket.priority = Priority(priority)
    mark(tx, ticket, "ticket.priority", priority=priority, before=before["priority"])
    undoable(tx, ticket, "priority", before)
    return ticket


def tag(tx: Tx, number: int, add: tuple[str, ...], remove: tuple[str, ...]) -> Ticket:
    """Add and remove tags."""
    for word in add:
        if not _TAG.fullmatch(word):
            raise Refused(f'"{word}" cannot be a tag: small letters, digits, dash, underscore, at most 32.')
    ticket = find_ticket(tx, number)
    before = state_of(ticket)
    tags = [word for word in dict.fromkeys([*ticket.tags, *add]) if word not in remove]
    if len(tags) > MOST_TAGS:
        raise Refused(f"A case has at most {MOST_TAGS} tags.")
    ticket.tags = tags
    mark(tx, ticket, "ticket.tags", added=list(add), removed=list(remove))
    undoable(tx, ticket, "tags", before)
    return ticket


def customer_came_back(tx: Tx, ticket: Ticket) -> None:
    """Open a ticket whose customer wrote again."""
    set_status(tx, ticket, move(ticket.status, Deed.CUSTOMER_WROTE), "the customer wrote")
    ticket.fresh = True
