"""The outbox: mail is written in the transaction that decides it, and what becomes of it stands on its ticket."""

import json
from datetime import timedelta

from sqlmodel import col, select

from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Author, ContactKind, Status
from agentconsole.domain.ticket import Deed, case_number, move
from agentconsole.services.addressing import message_id_for, outgoing_subject, references_of
from agentconsole.services.contacts import reference
from agentconsole.services.context import DeskContext
from agentconsole.services.history import REPLY
from agentconsole.services.tickets import ANSWERED, find_ticket, mark, set_status
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.event import Event
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import DESK, Tx

_AFTER = {"open": Deed.REPLY, "resolve": Deed.REPLY_RESOLVE, "wait": Deed.REPLY_WAIT}


def put(
    tx: Tx, desk: DeskContext, ticket: Ticket, contact: Contact, *, automatic: bool, hold: timedelta, then: str = "open"
) -> Outbox:
    """Write a mail into the outbox; it is held for `hold` of the machine's time, and then queued."""
    known = references_of(tx.session, ticket)
    contact.message_id = message_id_for(tx.session, desk, ticket, contact.id or 0)
    mail = Outbox(
        contact_id=contact.id or 0,
        ticket_id=ticket.id or 0,
        brand_id=ticket.brand_id,
        automatic=automatic,
        recipient=contact.email,
        then=then,
        message_id=contact.message_id,
        subject=outgoing_subject(ticket.subject, ticket.id or 0),
        in_reply_to=known[-1] if known else "",
        references=" ".join(known),
        created_at=tx.now,
        not_before=tx.wall + hold,
    )
    tx.session.add(mail)
    tx.session.flush()
    return mail


def sent(tx: Tx, outbox: int) -> None:
    """Record that the mail server took a mail: from now on it counts as an answer."""
    mail = tx.session.get_one(Outbox, outbox)
    if mail.state == "sent":
        return
    mail.state, mail.sent_at, mail.lease_until, mail.look_at, mail.trouble = "sent", tx.now, None, None, ""
    contact = tx.session.get_one(Contact, mail.contact_id)
    ticket = find_ticket(tx, mail.ticket_id)
    event = mark(tx, ticket, "ticket.contact", **reference(contact), message_id=mail.message_id)
    mail.sent_event = event.seq
    if mail.automatic:
        return
    # A ticket whose customer wrote again after the answer was written waits for another one; a closed one stays closed,
    # and one that somebody has set to waiting meanwhile waits.
    if mail.then in _AFTER and ticket.status is not Status.CLOSED and not _waits_since(tx, ticket, contact):
        deed = Deed.REPLY if _wrote_since(tx, contact) else _AFTER[mail.then]
        set_status(tx, ticket, move(ticket.status, deed), ANSWERED)


def _wrote_since(tx: Tx, answer: Contact) -> bool:
    later = select(Contact.id).where(
        Contact.ticket_id == answer.ticket_id,
        col(Contact.id) > answer.id,
        Contact.author == Author.CUSTOMER,
        Contact.kind == ContactKind.MESSAGE,
    )
    return tx.session.exec(later.limit(1)).first() is not None


def _waits_since(tx: Tx, ticket: Ticket, answer: Contact) -> bool:
    """Tell whether the last change of status is a person's, to waiting, after the answer was written."""
    steps = select(Event).where(Event.ticket == ticket.id, col(Event.kind).in_((REPLY, "ticket.status")))
    for event in tx.session.exec(steps.order_by(col(Event.seq).desc())):
        body = json.loads(event.body)
        if event.kind == "ticket.status":
            return body["status"] == Status.WAITING and event.actor != DESK.login
        if body["contact"] == answer.id:
            break
    return False


def bring_back(tx: Tx, mail: Outbox, reason: str, detail: str = "") -> None:
    """Put the ticket of a mail that did not arrive back onto the queue, and say so.

    `detail` is told and not recorded: a mail server's sentence likes to name the customer's address.
    """
    ticket = find_ticket(tx, mail.ticket_id)
    mark(tx, ticket, "mail.trouble", outbox=mail.id, state=mail.state)
    if not mail.automatic and ticket.status in (Status.RESOLVED, Status.WAITING, Status.CLOSED):
        set_status(tx, ticket, Status.OPEN, reason)
    if not mail.automatic:
        tx.news.append(f"Case {case_number(mail.ticket_id)}: {reason}{f' ({detail})' if detail else ''}")


def redeliver(tx: Tx, contact_id: int, decision: str) -> Ticket:
    """Send a mail again whose sending failed or is unknown, or note that it did leave."""
    mail = tx.session.exec(select(Outbox).where(Outbox.contact_id == contact_id)).first()
    if mail is None or mail.state not in ("unknown", "failed"):
        raise Refused("There is nothing to decide about this mail.")
    if decision == "sent":
        sent(tx, mail.id or 0)
    elif decision == "send":
        mail.state, mail.not_before, mail.attempts = "queued", tx.wall, 0
        mail.again_at, mail.waits_since, mail.told_at, mail.look_at = tx.wall, None, None, None
        mark(tx, find_ticket(tx, mail.ticket_id), "mail.sent_again", outbox=mail.id)
    else:
        raise Refused(f'Say "send" to send it again or "sent" when it did leave, not "{decision}".')
    return find_ticket(tx, mail.ticket_id)


def delayed(tx: Tx, mail: Outbox) -> None:
    """Record that a mail server is still trying to deliver a mail of ours: so far it stays the answer it is."""
    mail.trouble = "its delivery is delayed; the mail server goes on trying"
    mark(tx, find_ticket(tx, mail.ticket_id), "mail.delayed", outbox=mail.id)


def bounced(tx: Tx, mail: Outbox, contact: Contact) -> None:
    """Record that a mail of ours came back: it answered nobody, and its ticket is on the queue again."""
    mail.state = "failed"
    mail.trouble = "it came back undelivered"
    ticket = find_ticket(tx, mail.ticket_id)
    # A mail that never counted as sent withdraws no answer: there is no event 0.
    mark(tx, ticket, "ticket.contact", **reference(contact), ref=mail.sent_event or 0)
    bring_back(tx, mail, "the mail came back", mail.recipient)
