"""Automatic mail: acknowledgements and offers, under the caps that keep two machines from talking for ever."""

from datetime import timedelta

from sqlmodel import col, func, select

from agentconsole.domain.loops import DAY, HOUR, Ledger, why_not_answer
from agentconsole.domain.mail import AutoKind
from agentconsole.domain.policy import Message
from agentconsole.domain.templates import render
from agentconsole.domain.terms import Author, ContactKind
from agentconsole.domain.ticket import case_number
from agentconsole.services import outbox
from agentconsole.services.contacts import add_contact, reference
from agentconsole.services.context import DeskContext
from agentconsole.services.tickets import mark
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.mailbox import Mailbox
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import Tx


def send_automatic(tx: Tx, desk: DeskContext, ticket: Ticket, message: Message) -> str:
    """Send a pack's message to a ticket's customer; returns "" or the sentence that says why it may not go."""
    customer = tx.session.get_one(Customer, ticket.customer_id)
    newest = tx.session.exec(
        select(Contact)
        .where(Contact.ticket_id == ticket.id, Contact.author == Author.CUSTOMER)
        .order_by(col(Contact.id).desc())
        .limit(1)
    ).first()
    auto = AutoKind(newest.auto) if newest else AutoKind.NONE
    reason = why_not_answer(auto, customer.email, _own_addresses(tx), _ledger(tx, ticket, customer.email))
    if reason:
        mark(tx, ticket, "mail.withheld", message=message.id, reason=reason)
        return reason
    text = render(
        message.text,
        {
            "customer_name": customer.name,
            "case_number": case_number(ticket.id or 0),
            "brand_name": desk.shelf.brand(ticket.brand_id).name,
        },
    ).text
    contact = add_contact(
        tx,
        ticket,
        kind=ContactKind.AUTOMATIC,
        author=Author.DESK,
        name=desk.shelf.brand(ticket.brand_id).name,
        text=text,
        email=customer.email,
    )
    outbox.put(tx, desk, ticket, contact, automatic=True, hold=timedelta())
    mark(tx, ticket, "mail.automatic", message=message.id, **reference(contact))
    return ""


def _own_addresses(tx: Tx) -> frozenset[str]:
    return frozenset(tx.session.exec(select(Mailbox.address)).all())


def _ledger(tx: Tx, ticket: Ticket, address: str) -> Ledger:
    automatic = select(func.count()).where(col(Outbox.automatic).is_(True), Outbox.state != "taken_back")
    return Ledger(
        to_address_last_hour=tx.session.exec(
            automatic.where(Outbox.recipient == address, Outbox.created_at > tx.now - HOUR)
        ).one(),
        on_thread=tx.session.exec(automatic.where(Outbox.ticket_id == ticket.id)).one(),
        acknowledged_last_day=tx.session.exec(
            automatic.where(Outbox.ticket_id == ticket.id, Outbox.created_at > tx.now - DAY)
        ).one()
        > 0,
    )
