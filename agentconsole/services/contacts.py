"""Adding an entry to a ticket's history: the row, its words in the index, and the log's reference to its text."""

import secrets
from datetime import datetime

from agentconsole.domain.terms import Author, Channel, ContactKind
from agentconsole.domain.text import storable
from agentconsole.storage import search
from agentconsole.storage.events import text_reference
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import Tx


def add_contact(
    tx: Tx,
    ticket: Ticket,
    *,
    kind: ContactKind,
    author: Author,
    name: str,
    text: str,
    channel: Channel | None = None,
    email: str = "",
    quoted: str = "",
    message_id: str = "",
    auth: str = "",
    raw: str = "",
    at: datetime | None = None,
) -> Contact:
    """Add an entry to a ticket, of `at` (UTC, now if None), and make its words findable; the event is the caller's.

    What the desk sends by itself says the same to many, and is no answer to a search. Its texts are made storable here,
    for the event names the text by a hash: it must be over what the row keeps.
    """
    text = storable(text)
    contact = Contact(
        ticket_id=ticket.id or 0,
        at=at or tx.now,
        kind=kind,
        author=author,
        channel=channel or ticket.channel,
        user_id=tx.actor.user_id,
        name=storable(name),
        email=storable(email),
        text=text,
        quoted=storable(quoted),
        auth=auth,
        message_id=storable(message_id),
        raw=raw,
        salt=secrets.token_hex(16),
    )
    tx.add(contact)
    if author is not Author.DESK:
        search.index(tx, ticket.id or 0, text)
    return contact


def reference(contact: Contact) -> dict[str, object]:
    """Return what the event log keeps of an entry: its number, what it is, and a reference to its text."""
    return {
        "contact": contact.id,
        "author": contact.author.value,
        "contact_kind": contact.kind.value,
        "channel": contact.channel.value,
        "text": text_reference(contact.salt, contact.text),
    }
