"""One ticket whole: its history, its clocks, its customer and the asker's drafts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session, col, func, select

from agentconsole.domain.clocks import Clock
from agentconsole.domain.policy import Pack, Trigger
from agentconsole.domain.queue import Tier
from agentconsole.domain.review import suggestions
from agentconsole.domain.terms import Author, ContactKind
from agentconsole.domain.ticket import allowed, case_number
from agentconsole.domain.untrusted import NOTHING, Untrusted
from agentconsole.queries.clock_rows import clock_row
from agentconsole.storage.tables.attachment import Attachment
from agentconsole.storage.tables.brand import Brand
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.draft import Draft
from agentconsole.storage.tables.mailbox import Mailbox
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.user import User
from agentconsole.wire.rows import AttachmentRow, CaseView, ContactRow, CustomerRow, DraftRow, OthersDraft

MOST_CONTACTS = 500
LONGEST_READ = 20_000
MOST_TEXT = 4_000_000
"""Characters of history that one answer carries: a customer must not be able to make a case too large to be opened."""


def read_case(
    session: Session,
    ticket: Ticket,
    clocks: tuple[Clock, ...],
    deciding: str,
    *,
    packs: Sequence[Pack],
    me: int,
    now: datetime,
) -> CaseView:
    """Return a ticket whole, under the `packs` that bind it; of a very long history the newest entries."""
    trigger = _money_trigger(packs)
    contacts = _contacts(session, ticket, clocks)
    brand = session.get_one(Brand, ticket.brand_id)
    mailbox = session.get(Mailbox, ticket.brand_id)
    return CaseView(
        ticket=ticket.id or 0,
        number=case_number(ticket.id or 0),
        version=ticket.version,
        subject=Untrusted(ticket.subject),
        status=ticket.status.value,
        priority=ticket.priority.value,
        channel=ticket.channel.value,
        brand=brand.id,
        brand_name=Untrusted(brand.name),
        from_address=Untrusted(mailbox.address) if mailbox else NOTHING,
        kind=ticket.kind,
        owner=_login(session, ticket.owner_id),
        escalated_to=_login(session, ticket.escalated_to),
        tags=tuple(map(Untrusted, ticket.tags)),
        opened_at=ticket.opened_at,
        next=ticket.next_verb,
        tier=Tier(ticket.tier).state.value,
        flags="E" if ticket.escalated_to is not None else "",
        contacts=contacts,
        clocks=tuple(clock_row(clock, now) for clock in clocks),
        deciding=deciding,
        customer=_customer(session, ticket.customer_id),
        drafts=_drafts(session, ticket.id or 0, me),
        others_drafts=_others_drafts(session, ticket.id or 0, me),
        link_to=case_number(ticket.link_to) if ticket.link_to else "",
        allowed=tuple(move.deed.value for move in allowed(ticket.status)),
        hints=tuple(map(Untrusted, suggestions(_last_words(contacts), trigger.limit if trigger else None))),
        as_of=now,
        money_limit=str(trigger.limit) if trigger else "",
        money_clause=f"{trigger.clause}" if trigger else "",
    )


def _money_trigger(packs: Sequence[Pack]) -> Trigger | None:
    """Return the trigger with the lowest money limit (001-113)."""
    limited = [trigger for pack in packs for trigger in pack.triggers if trigger.limit is not None]
    return min(limited, key=lambda trigger: trigger.limit or Decimal(0), default=None)


def _last_words(contacts: Sequence[ContactRow]) -> str:
    wrote = [contact for contact in contacts if contact.author == Author.CUSTOMER.value]
    return wrote[-1].text.verbatim()[:LONGEST_READ] if wrote else ""


def _login(session: Session, user_id: int | None) -> str:
    return session.get_one(User, user_id).login if user_id is not None else ""


def _contacts(session: Session, ticket: Ticket, clocks: tuple[Clock, ...]) -> tuple[ContactRow, ...]:
    newest = select(Contact).where(Contact.ticket_id == ticket.id, col(Contact.taken_back).is_(False))
    contacts = _newest_that_fit(session.exec(newest.order_by(col(Contact.id).desc()).limit(MOST_CONTACTS)))
    mails = {mail.contact_id: mail for mail in session.exec(select(Outbox).where(Outbox.ticket_id == ticket.id)).all()}
    files: dict[int, list[AttachmentRow]] = {}
    here = (
        select(Attachment).join(Contact, col(Contact.id) == Attachment.contact_id).where(Contact.ticket_id == ticket.id)
    )
    for file in session.exec(here).all():
        files.setdefault(file.contact_id, []).append(
            AttachmentRow(Untrusted(file.name), Untrusted(file.content_type), file.size, file.sha256)
        )
    last_answer = max((contact.id or 0 for contact in contacts if _answers(contact)), default=0)
    return tuple(
        _contact_row(
            contact,
            mails.get(contact.id or 0),
            tuple(files.get(contact.id or 0, ())),
            clocks,
            fresh=ticket.fresh and contact.author is Author.CUSTOMER and (contact.id or 0) > last_answer,
        )
        for contact in contacts
    )


def _newest_that_fit(newest_first: Iterable[Contact]) -> list[Contact]:
    """Return the newest entries, oldest first; always one, and further ones while their texts fit."""
    kept: list[Contact] = []
    room = MOST_TEXT
    for contact in newest_first:
        room -= len(contact.text) + len(contact.quoted)
        if kept and room < 0:
            break
        kept.append(contact)
    return kept[::-1]


def _answers(contact: Contact) -> bool:
    return contact.author is Author.AGENT and contact.kind is ContactKind.MESSAGE


def _contact_row(
    contact: Contact,
    mail: Outbox | None,
    files: tuple[AttachmentRow, ...],
    clocks: tuple[Clock, ...],
    *,
    fresh: bool,
) -> ContactRow:
    return ContactRow(
        id=contact.id or 0,
        at=contact.at,
        kind=contact.kind.value,
        author=contact.author.value,
        name=Untrusted(contact.name),
        channel=contact.channel.value,
        text=Untrusted(contact.text),
        quoted=Untrusted(contact.quoted),
        email=Untrusted(contact.email),
        delivery=mail.state if mail else "",
        delivery_note=Untrusted(mail.trouble) if mail else NOTHING,
        verdict=_verdict(mail, clocks),
        auth=contact.auth,
        fresh=fresh,
        attachments=files,
    )


def _verdict(mail: Outbox | None, clocks: tuple[Clock, ...]) -> str:
    """Say beside an answer whether it kept its promise: the clock that its sending met."""
    if mail is None or mail.sent_at is None or mail.automatic:
        return ""
    for clock in clocks:
        if clock.met_at == mail.sent_at and clock.amount is not None:
            return "late" if clock.breached_at is not None or clock.is_late(mail.sent_at) else "in time"
    return ""


def _customer(session: Session, customer_id: int) -> CustomerRow:
    customer = session.get_one(Customer, customer_id)
    tickets = session.exec(select(func.count()).where(Ticket.customer_id == customer_id)).one()
    return CustomerRow(
        id=customer_id,
        name=Untrusted(customer.name),
        email=Untrusted(customer.email),
        phone=Untrusted(customer.phone),
        zone=Untrusted(customer.zone),
        language=Untrusted(customer.language),
        since=customer.created_at,
        tickets=tickets,
        note=Untrusted(customer.note),
    )


def _others_drafts(session: Session, ticket: int, me: int) -> tuple[OthersDraft, ...]:
    """Return who else has begun a text here, the latest first; its owner keeps it, whoever has the ticket by now."""
    begun = select(User.login, Draft.kind, Draft.saved_at).join(Draft, col(Draft.user_id) == User.id)
    here = begun.where(Draft.ticket_id == ticket, Draft.user_id != me)
    return tuple(OthersDraft(*row) for row in session.exec(here.order_by(col(Draft.saved_at).desc())))


def _drafts(session: Session, ticket: int, me: int) -> tuple[DraftRow, ...]:
    """Return one's own drafts here, one of a kind, the latest first: she may have begun a reply and a note."""
    mine = select(Draft).where(Draft.user_id == me, Draft.ticket_id == ticket).order_by(col(Draft.saved_at).desc())
    return tuple(
        DraftRow(ticket, one.kind, Untrusted(one.text), (one.line, one.column), one.seen, one.saved_at)
        for one in session.exec(mine)
    )
