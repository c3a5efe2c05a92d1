"""How a ticket's mail is addressed and threaded: subject, references, Message-ID and the address with the token."""

import re

from sqlmodel import Session, col, select

from agentconsole.domain.mail import Address
from agentconsole.domain.threading import reply_address
from agentconsole.domain.ticket import case_number
from agentconsole.security.reply_token import reply_token
from agentconsole.services.context import DeskContext
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.mailbox import Mailbox
from agentconsole.storage.tables.ticket import Ticket

_ALREADY_RE = re.compile(r"^\s*(?:(?:re|aw|sv|antw|res|rif|tr)\s*:\s*)+", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*\[#[\d-]{1,12}\]")
LONGEST_SUBJECT = 200
MOST_REFERENCES = 20
NO_MAILBOX_DOMAIN = "desk.invalid"


def outgoing_subject(subject: str, ticket: int) -> str:
    """Return the subject of an answer: one Re:, and the case number that a customer can quote."""
    bare = _NUMBERED.sub("", _ALREADY_RE.sub("", subject)).strip()
    return f"Re: {bare[:LONGEST_SUBJECT]} [#{case_number(ticket)}]"


def references_of(session: Session, ticket: Ticket) -> tuple[str, ...]:
    """Return the Message-IDs of a ticket's mail, oldest first, the first and the newest when there are many."""
    known = session.exec(
        select(Contact.message_id)
        .where(Contact.ticket_id == ticket.id, Contact.message_id != "")
        .order_by(col(Contact.id))
    ).all()
    known = list(dict.fromkeys(known))
    return tuple(known if len(known) <= MOST_REFERENCES else [known[0], *known[-MOST_REFERENCES + 1 :]])


def desk_address(session: Session, desk: DeskContext, brand: str) -> Address:
    """Return the address a brand writes from; one that leads nowhere while it has no mailbox."""
    mailbox = session.get(Mailbox, brand)
    name = desk.shelf.brand(brand).name
    nowhere = desk.addresses.get(brand, f"{brand}@{NO_MAILBOX_DOMAIN}")
    return Address(name, mailbox.address if mailbox else nowhere)


def answer_address(session: Session, desk: DeskContext, brand: str, ticket: int) -> Address:
    """Return the address a customer answers to, which carries the ticket's reply token."""
    return reply_address(desk_address(session, desk, brand), reply_token(ticket, desk.reply_key))


def message_id_for(session: Session, desk: DeskContext, ticket: Ticket, contact: int) -> str:
    """Return the Message-ID of a contact's mail: the same whenever it is sent again, and proof of its ticket."""
    domain = desk_address(session, desk, ticket.brand_id).email.rpartition("@")[2]
    return f"<{reply_token(ticket.id or 0, desk.reply_key)}.{contact}.{desk.uid[:8]}@{domain}>"
