"""Answering: the reply, its hold of a few seconds, and the internal note."""

from datetime import timedelta

from agentconsole.domain.errors import Gap, Refused
from agentconsole.domain.terms import Author, Channel, ContactKind, Status
from agentconsole.domain.ticket import Deed, case_number, move
from agentconsole.services import outbox
from agentconsole.services.contacts import add_contact, reference
from agentconsole.services.context import DeskContext
from agentconsole.services.drafts import drop_draft
from agentconsole.services.escalation import escalate_to_supervisor
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
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx

LONGEST_REPLY = 200_000
_AFTER = {"open": Deed.REPLY, "resolve": Deed.REPLY_RESOLVE, "wait": Deed.REPLY_WAIT, "escalate": Deed.REPLY}


def _checked(text: str, what: str) -> str:
    if not text.strip():
        raise Refused(f"Nothing sent: the {what} is empty.", gaps=(Gap("text", "write something"),))
    if len(text) > LONGEST_REPLY:
        raise Refused(f"Nothing sent: a {what} has at most {LONGEST_REPLY:,} characters; this one has {len(text):,}.")
    return text


def reply(
    tx: Tx, desk: DeskContext, number: int, seen: int, text: str, then: str, *, anyway: bool, note: str = ""
) -> tuple[Ticket, Outbox]:
    """Answer the customer; the mail is held for the desk's seconds first.

    With `then` escalate the ticket goes to a supervisor at once, with the `note` that says why. The answer counts for
    the clocks, and the ticket moves on as `then` says, when the mail server has taken it.
    """
    if then not in _AFTER:
        raise Refused(f'After a reply a case can be {", ".join(_AFTER)}, not "{then}".')
    ticket = find_ticket(tx, number)
    me = asker(tx)
    customer = tx.session.get_one(Customer, ticket.customer_id)
    if not customer.email:
        raise Refused(f"Not sent: nobody knows an e-mail address of {customer.name}.", gaps=(Gap("to", "no address"),))
    if not anyway:
        seen_by_asker(tx, ticket, seen)
    before = {**state_of(ticket), "fresh": ticket.fresh}
    move(ticket.status, _AFTER[then])
    contact = add_contact(
        tx,
        ticket,
        kind=ContactKind.MESSAGE,
        author=Author.AGENT,
        name=me.name,
        text=_checked(text, "reply"),
        channel=Channel.EMAIL,
        email=customer.email,
    )
    mail = outbox.put(tx, desk, ticket, contact, automatic=False, hold=timedelta(seconds=desk.hold_seconds), then=then)
    mark(tx, ticket, "ticket.reply", **reference(contact), held_seconds=desk.hold_seconds, anyway=anyway)
    if ticket.owner_id is None:
        set_owner(tx, ticket, me)
    if then == "escalate":
        _hand_over(tx, ticket, me, note)
    ticket.fresh = False
    drop_draft(tx, number, "reply")
    undoable(tx, ticket, "reply", before, mail.id)
    return ticket, mail


def _hand_over(tx: Tx, ticket: Ticket, me: User, note: str) -> None:
    if note.strip():
        text = _checked(note.strip(), "note")
        contact = add_contact(tx, ticket, kind=ContactKind.NOTE, author=Author.AGENT, name=me.name, text=text)
        mark(tx, ticket, "ticket.note", **reference(contact))
    escalate_to_supervisor(tx, ticket, "escalated with the reply")


def add_note(tx: Tx, number: int, text: str) -> Ticket:
    """Add an internal note; it satisfies no clock and no customer sees it."""
    ticket = find_ticket(tx, number)
    me = asker(tx)
    contact = add_contact(
        tx, ticket, kind=ContactKind.NOTE, author=Author.AGENT, name=me.name, text=_checked(text, "note")
    )
    mark(tx, ticket, "ticket.note", **reference(contact))
    if ticket.status is Status.NEW and ticket.owner_id == me.id:
        set_status(tx, ticket, Status.OPEN, "worked on")
    drop_draft(tx, number, "note")
    tx.news.append(f"{me.login} added a note to case {case_number(number)}")
    return ticket
