"""What every verb on a ticket begins and ends with: find it, make sure its asker saw it as it is, leave a trace."""

import json
from collections.abc import Mapping

from sqlmodel import col, select

from agentconsole.domain.errors import Refused, Stale
from agentconsole.domain.terms import Author, Status
from agentconsole.domain.ticket import case_number
from agentconsole.storage.events import Head
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.event import Event
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.undo import Undo
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import DESK, Tx

ANSWERED = "answered"
"""Why a case moves on when its answer leaves."""

SHOWN_OF_TEXT = 160
MOST_TOLD = 40
_TOLD = {
    "ticket.contact": "{who} wrote",
    "ticket.note": "{who} added a note",
    "ticket.reply": "{who} answered",
    "ticket.owner": "{who} changed the owner",
    "ticket.status": "{who} changed the status to {status}",
    "ticket.priority": "{who} changed the priority to {priority}",
    "ticket.escalated": "{who} escalated it",
    "ticket.undone": "{who} took a change back",
}


def find_ticket(tx: Tx, number: int) -> Ticket:
    """Return the ticket of that number; refuses an unknown one."""
    ticket = tx.get(Ticket, number)
    if ticket is None:
        raise Refused(f"There is no case {number}.")
    return ticket


def seen_by_asker(tx: Tx, ticket: Ticket, seen: int) -> None:
    """Refuse when somebody else changed the ticket after the version its asker had on screen."""
    if seen >= ticket.version:
        return
    changes = changes_since(tx, ticket, seen)
    if changes:
        raise Stale(f"Not done: case {case_number(ticket.id or 0)} has moved on.", changes=changes)


def changes_since(tx: Tx, ticket: Ticket, seen: int) -> tuple[str, ...]:
    """Tell what others did to a ticket after version `seen`, oldest first, each with its time of day at the desk."""
    told = []
    # What says nothing of the case's own state, such as a mail that is tried again, has no version and ends no search.
    of_others = select(Event).where(
        Event.ticket == ticket.id, col(Event.kind).in_(_TOLD), Event.actor != tx.actor.login
    )
    for event in tx.session.exec(of_others.order_by(col(Event.seq).desc()).limit(MOST_TOLD)):
        body = json.loads(event.body)
        if int(body.get("version", 0)) <= seen:
            break
        if not _told_before(event, body):
            told.append(f"{event.at.astimezone(tx.zone):%H:%M} {_tell(event, body)}{_words(tx, body)}")
    return tuple(reversed(told))


def _words(tx: Tx, body: Mapping[str, object]) -> str:
    """Return the first words of what an event is about, as a second line; "" where it is about no text."""
    contact = tx.session.get(Contact, body["contact"]) if "contact" in body else None
    words = " ".join(contact.text[:SHOWN_OF_TEXT].split()) if contact is not None else ""
    return f":\n> {words}" if words else ""


def _told_before(event: Event, body: Mapping[str, object]) -> bool:
    """Tell whether this is only a reply leaving at last: that somebody answered was told when it was written."""
    return event.actor == DESK.login and (body.get("author") == Author.AGENT or body.get("reason") == ANSWERED)


def _tell(event: Event, body: Mapping[str, object]) -> str:
    who = "the customer" if event.actor == "customer" else event.actor
    return _TOLD[event.kind].format(who=who, status=body.get("status", ""), priority=body.get("priority", ""))


def mark(tx: Tx, ticket: Ticket, kind: str, **body: object) -> Head:
    """Record a change of a ticket under its next version; returns the log's newest entry, which is this."""
    ticket.version += 1
    ticket.updated_at = tx.now
    return tx.record(kind, ticket=ticket.id, body={"version": ticket.version, **body})


def set_status(tx: Tx, ticket: Ticket, status: Status, reason: str = "") -> None:
    """Move a ticket to a status and record it; staying where it is records nothing."""
    if ticket.status is not status:
        ticket.status = status
        mark(tx, ticket, "ticket.status", status=status.value, reason=reason)


def set_owner(tx: Tx, ticket: Ticket, owner: User | None) -> None:
    """Give a ticket to somebody or to nobody and record it."""
    ticket.owner_id = owner.id if owner else None
    mark(tx, ticket, "ticket.owner", owner=owner.login if owner else "")


def state_of(ticket: Ticket) -> dict[str, object]:
    """Return the fields that taking back restores."""
    return {
        "status": ticket.status.value,
        "owner_id": ticket.owner_id,
        "priority": ticket.priority.value,
        "tags": list(ticket.tags),
        "escalated_to": ticket.escalated_to,
    }


def undoable(tx: Tx, ticket: Ticket, verb: str, before: Mapping[str, object], outbox: int | None = None) -> None:
    """Remember how the ticket was before a change, for the person who made it."""
    if tx.actor.user_id is not None:
        tx.insert(
            Undo,
            user_id=tx.actor.user_id,
            ticket_id=ticket.id,
            at=tx.now,
            verb=verb,
            before={**before, "after": state_of(ticket)},
            outbox_id=outbox,
        )


def asker(tx: Tx) -> User:
    """Return the user behind the command; refuses the desk itself and the host's administrator, who work no tickets."""
    user = tx.get(User, tx.actor.user_id) if tx.actor.user_id is not None else None
    if user is None:
        raise Refused("Only somebody who is signed in can work on a case.")
    return user
