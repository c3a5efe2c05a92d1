"""The intake: a raw message is kept, then read, then joins its ticket or opens one, and never twice."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from agentconsole.domain.mail import Attachment, AutoKind, ParsedMail, Unparsable
from agentconsole.domain.replies import split_quoted
from agentconsole.domain.terms import Author, Channel, ClockKind, ContactKind, Priority, Status
from agentconsole.domain.text import clean
from agentconsole.domain.threading import (
    Join,
    Thread,
    case_number_in,
    join,
    same_address,
    threads_nearest_first,
    token_places,
)
from agentconsole.domain.ticket import case_number
from agentconsole.domain.ticket_reopen import customer_wrote
from agentconsole.security.reply_token import ticket_of_reply_token
from agentconsole.services import outbox
from agentconsole.services.contacts import add_contact, reference
from agentconsole.services.context import DeskContext
from agentconsole.services.history import events_in
from agentconsole.services.lifecycle import customer_came_back
from agentconsole.services.out_of_hours import tell_hours
from agentconsole.services.shelf import AT_ONCE
from agentconsole.services.tickets import mark
from agentconsole.storage import search
from agentconsole.storage.tables.attachment import Attachment as AttachmentTable
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.raw_mail import RawMail
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import Tx
from agentconsole.storage.types import instant, micros

WAITING = "waiting"
LONGEST_SUBJECT = 400
WORTH_NOTING = timedelta(seconds=1)
_RESPONSES = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)
_OVER = (Status.RESOLVED, Status.CLOSED)
SHOWN_OF_UNPARSABLE = 20_000
MOST_OWNERS = 5
_TWIN = (
    "SELECT contact_id FROM raw_mail WHERE sha256 = :sha256 AND source <> :source AND brand_id = :brand"
    " AND state IN ('filed', 'unparsable') LIMIT 1"
)
_OWNERS = (
    "SELECT c.ticket_id FROM contact c JOIN ticket t ON t.id = c.ticket_id WHERE c.message_id = :message_id"
    " ORDER BY t.brand_id <> :brand, c.id LIMIT :most"
)
# One that waits to begin later binds nothing that begins now.
_NEWEST_PACK = (
    "SELECT max(p.since) FROM pack_version p JOIN brand b ON b.pack_id = p.pack_id"
    " WHERE b.id = :brand AND p.since <= :soon"
)
_CUSTOMER = "SELECT id FROM customer WHERE email = :email LIMIT 1"


@dataclass(frozen=True, slots=True)
class Filed:
    """Report what became of a message: `new`, `joined`, `bounce`, `again` (here already), `unparsable` or `waiting`."""

    outcome: str
    ticket: int | None
    sentence: str


def keep(tx: Tx, *, source: str, sha256: str, brand: str, received_at: datetime) -> bool:
    """Note a raw message before it is read; False when this very arrival was filed before."""
    known = tx.get(RawMail, source)
    if known is not None:
        return known.state == "kept"
    tx.add(RawMail(source=source, sha256=sha256, brand_id=brand, received_at=received_at))
    return True


def wait_for_reader(tx: Tx, source: str, reason: str) -> Filed:
    """Note why a kept message could not be read yet; it is filed once it can be."""
    row = tx.get_one(RawMail, source)
    if row.state == "kept":
        row.note = reason
    return Filed(WAITING, None, f"is kept, and is read when that is possible again: {reason}")


def give_up(tx: Tx, source: str, reason: str) -> None:
    """Note that a kept message cannot be filed at all, because what was kept of it is gone."""
    row = tx.get_one(RawMail, source)
    row.state, row.note = "unparsable", reason
    tx.record("mail.lost", subject=source, body={"sha256": row.sha256})


def waiting(tx: Tx) -> tuple[tuple[str, str], ...]:
    """Return source and hash of the raw messages that were kept and not filed yet, oldest first."""
    kept = select(RawMail.source, RawMail.sha256).where(RawMail.state == "kept").order_by(col(RawMail.received_at))
    return tuple((source, sha256) for source, sha256 in tx.session.exec(kept).all())


def file_mail(tx: Tx, desk: DeskContext, source: str, mail: ParsedMail | Unparsable, raw: bytes) -> Filed:
    """File a kept message under its ticket. The caller has put `raw` and every attachment into the content store."""
    row = tx.get_one(RawMail, source)
    if row.state != "kept":
        return Filed("again", None, "it was filed before")
    twin = _twin(tx, row)
    if twin:
        row.state, row.contact_id = "again", twin[0][0]
        return Filed("again", None, "the same message was filed before")
    if isinstance(mail, Unparsable):
        return _file_unparsable(tx, row, mail, raw)
    row.message_id = mail.message_id
    bounced = _bounced_mail(tx, mail)
    if bounced is not None:
        return _file_bounce(tx, row, mail, bounced)
    return _file_message(tx, desk, row, mail)


def _file_message(tx: Tx, desk: DeskContext, row: RawMail, mail: ParsedMail) -> Filed:
    decision = join(
        mail,
        by_token=_by_token(tx, desk, mail),
        by_references=_by_references(tx, row.brand_id, mail),
        named=_named(tx, mail),
    )
    if isinstance(decision, Join):
        ticket = tx.get_one(Ticket, decision.ticket_id)
        if not _opens_anew(tx, desk, ticket):
            return _file_joined(tx, desk, row, mail, ticket)
        return _file_new(tx, desk, row, mail, ticket.id)
    return _file_new(tx, desk, row, mail, decision.propose_link)


def _opens_anew(tx: Tx, desk: DeskContext, ticket: Ticket) -> bool:
    """Tell whether a customer's word on a ticket that ended long ago opens a new one, as its pack says."""
    over_for = tx.now - (_over_since(tx, ticket) or tx.now)
    packs = desk.shelf.applied(ticket.brand_id, ticket.opened_at)
    rules = [standard for applied in packs for standard in applied.pack.standards if standard.clock in _RESPONSES]
    return any(customer_wrote(ticket.status, over_for, rule.on_reopen, rule.reopen_days) is None for rule in rules)


def _over_since(tx: Tx, ticket: Ticket) -> datetime | None:
    """Return since when a ticket is resolved or closed; None while it is neither."""
    since = None
    for event in reversed(events_in(tx, ticket.id or 0)):
        if event.kind == "ticket.status":
            if json.loads(event.body)["status"] not in _OVER:
                break
            since = event.at
    return since


def _twin(tx: Tx, row: RawMail) -> list[tuple[Any, ...]]:
    """Find the same message (the same bytes for the same brand), filed from elsewhere, by the contact it became."""
    return tx.rows(_TWIN, sha256=row.sha256, source=row.source, brand=row.brand_id)


def _thread(tx: Tx, number: int | None) -> Thread | None:
    ticket = tx.get(Ticket, number) if number is not None else None
    if ticket is None:
        return None
    customer = tx.get_one(Customer, ticket.customer_id)
    return Thread(ticket.id or 0, frozenset({customer.email}))


def _by_token(tx: Tx, desk: DeskContext, mail: ParsedMail) -> Thread | None:
    for place in token_places(mail):
        number = ticket_of_reply_token(place, desk.reply_key)
        if number is not None:
            return _thread(tx, number)
    return None


def _by_references(tx: Tx, brand: str, mail: ParsedMail) -> list[Thread]:
    threads: list[Thread] = []
    for message_id in threads_nearest_first(mail)[:40]:
        # A mail to two brands stands on a ticket of each, under one id: its answer belongs to the brand it came to.
        owners = tx.rows(_OWNERS, message_id=message_id, brand=brand, most=MOST_OWNERS)
        threads += filter(None, (_thread(tx, owner) for (owner,) in owners))
    return threads


def _named(tx: Tx, mail: ParsedMail) -> Thread | None:
    return _thread(tx, case_number_in(mail.subject))


def _customer(tx: Tx, mail: ParsedMail) -> Customer:
    address = same_address(mail.sender.email)
    known = tx.rows(_CUSTOMER, email=address) if address else []
    if known:
        return tx.get_one(Customer, known[0][0])
    name = mail.sender.name or mail.sender.email or "unknown sender"
    return tx.add(Customer(name=name[:120], email=address, created_at=tx.now))


def _file_joined(tx: Tx, desk: DeskContext, row: RawMail, mail: ParsedMail, ticket: Ticket) -> Filed:
    _add_message(tx, row, mail, ticket)
    if mail.auto is AutoKind.NONE:
        customer_came_back(tx, ticket)
        tell_hours(tx, desk, ticket, row)
    tx.news.append(f"{mail.sender.name or mail.sender.email} wrote on case {case_number(ticket.id or 0)}")
    return Filed("joined", ticket.id, f"joined case {case_number(ticket.id or 0)}")


def _file_new(tx: Tx, desk: DeskContext, row: RawMail, mail: ParsedMail, link_to: int | None) -> Filed:
    customer = _customer(tx, mail)
    subject = mail.subject or "(no subject)"
    received = _received(tx, row)
    ticket = open_ticket(tx, row.brand_id, Channel.EMAIL, customer, subject, link_to, received=received)
    _add_message(tx, row, mail, ticket)
    if mail.auto is AutoKind.NONE:
        tell_hours(tx, desk, ticket, row)
    return Filed("new", ticket.id, f"new case {case_number(ticket.id or 0)}")


def _received(tx: Tx, row: RawMail) -> datetime | None:
    """Return when our mail server had a message, None when it is new.

    Then its clock began, not when the desk came to fetch it.
    """
    return row.received_at if tx.now - row.received_at >= WORTH_NOTING else None


def _since(received: datetime | None) -> dict[str, str]:
    return {"received": received.isoformat()} if received is not None else {}


def open_ticket(
    tx: Tx,
    brand: str,
    channel: Channel,
    customer: Customer,
    subject: str,
    link_to: int | None = None,
    *,
    received: datetime | None = None,
) -> Ticket:
    """Open a ticket, as of when its first contact was `received` (UTC, now if None); that contact is the caller's."""
    since = received or _after_packs(tx, brand)
    ticket = Ticket(
        brand_id=brand,
        channel=channel,
        customer_id=customer.id or 0,
        subject=subject[:LONGEST_SUBJECT],
        status=Status.NEW,
        priority=Priority.NORMAL,
        link_to=link_to,
        opened_at=since,
        updated_at=tx.now,
        version=0,
        # pydantic takes half a millisecond to make the empty list by itself
        tags=[],
    )
    tx.add(ticket)
    search.index(tx, ticket.id or 0, search.opening_words(ticket.id or 0, subject, customer.name, customer.email))
    mark(
        tx,
        ticket,
        "ticket.opened",
        channel=channel.value,
        brand=brand,
        priority=ticket.priority.value,
        status=ticket.status.value,
        customer=customer.id,
        **_since(received),
    )
    tx.arrived += 1
    return ticket


def _after_packs(tx: Tx, brand: str) -> datetime:
    """Return now, or when the brand's newest pack binds where that is later because the clock stood still."""
    newest = tx.rows(_NEWEST_PACK, brand=brand, soon=micros(tx.now + AT_ONCE))[0][0]
    return tx.now if newest is None else max(tx.now, instant(newest))


def _add_message(tx: Tx, row: RawMail, mail: ParsedMail, ticket: Ticket) -> Contact:
    person = mail.auto is AutoKind.NONE
    received = _received(tx, row)
    parts = split_quoted(mail.text)
    contact = add_contact(
        tx,
        ticket,
        kind=ContactKind.MESSAGE if person else ContactKind.AUTOMATIC,
        author=Author.CUSTOMER,
        name=mail.sender.name or mail.sender.email or "unknown sender",
        text=_with_notes(parts.fresh, mail),
        channel=Channel.EMAIL,
        email=mail.sender.email,
        quoted=parts.quoted,
        message_id=mail.message_id,
        auth=mail.auth.value,
        raw=row.sha256,
        at=received,
    )
    contact.auto = mail.auto.value
    _attach(tx, contact, mail.attachments)
    row.state, row.contact_id = "filed", contact.id
    mark(tx, ticket, "ticket.contact", **reference(contact), raw=row.sha256, **_since(received))
    return contact


def _with_notes(text: str, mail: ParsedMail) -> str:
    return "\n".join([text, *(f"[{note}]" for note in mail.notes)]) if mail.notes else text


def _attach(tx: Tx, contact: Contact, attachments: tuple[Attachment, ...]) -> None:
    for attachment in attachments:
        tx.add(
            AttachmentTable(
                contact_id=contact.id or 0,
                name=attachment.name,
                content_type=attachment.content_type,
                size=attachment.size,
                sha256=attachment.sha256,
            )
        )


def _bounced_mail(tx: Tx, mail: ParsedMail) -> Outbox | None:
    original = mail.bounce.original_message_id if mail.bounce is not None else ""
    if not original:
        return None
    return tx.session.exec(select(Outbox).where(Outbox.message_id == original)).first()


def _file_bounce(tx: Tx, row: RawMail, mail: ParsedMail, sent: Outbox) -> Filed:
    ticket = tx.get_one(Ticket, sent.ticket_id)
    contact = add_contact(
        tx,
        ticket,
        kind=ContactKind.BOUNCE,
        author=Author.BOUNCE,
        name="mail server",
        text=mail.text,
        channel=Channel.EMAIL,
        email=mail.sender.email,
        message_id=mail.message_id,
        raw=row.sha256,
    )
    contact.auto = mail.auto.value
    row.state, row.contact_id = "filed", contact.id
    if mail.bounce is not None and mail.bounce.delayed:
        outbox.delayed(tx, sent)
        return Filed("bounce", ticket.id, f"a delay, filed on case {case_number(ticket.id or 0)}")
    outbox.bounced(tx, sent, contact)
    return Filed("bounce", ticket.id, f"a bounce, filed on case {case_number(ticket.id or 0)}")


def _file_unparsable(tx: Tx, row: RawMail, mail: Unparsable, raw: bytes) -> Filed:
    customer = tx.add(Customer(name="unknown sender", created_at=tx.now))
    ticket = open_ticket(tx, row.brand_id, Channel.EMAIL, customer, "A mail that could not be read")
    shown = clean(raw[:SHOWN_OF_UNPARSABLE].decode("utf-8", "replace"))
    contact = add_contact(
        tx,
        ticket,
        kind=ContactKind.MESSAGE,
        author=Author.CUSTOMER,
        name="unknown sender",
        text=f"This mail could not be read: {mail.reason}\nIts raw text is attached and begins:\n\n{shown}",
        raw=row.sha256,
    )
    tx.add(
        AttachmentTable(
            contact_id=contact.id or 0,
            name="message.eml",
            content_type="message/rfc822",
            size=len(raw),
            sha256=hashlib.sha256(raw).hexdigest(),
        )
    )
    row.state, row.contact_id, row.note = "unparsable", contact.id, mail.reason
    mark(tx, ticket, "ticket.contact", **reference(contact), raw=row.sha256)
    return Filed(
        "unparsable", ticket.id, f"could not be read ({mail.reason}), kept as case {case_number(ticket.id or 0)}"
    )
