"""Telling in bulk what happened: the rows and events that the use cases would have left, without their queries.

Working through the use cases one by one takes ten times as long, and a newcomer waits for it. A test holds both
against each other.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from agentconsole.demo.ledger import Ledger, Row
from agentconsole.demo.past import Deed, Tale
from agentconsole.domain.clocks import Situation
from agentconsole.domain.events import FactKind
from agentconsole.domain.queue import placing
from agentconsole.domain.terms import Author, Channel, ClockKind, ContactKind, Priority, Status
from agentconsole.domain.threading import same_address
from agentconsole.domain.ticket import Deed as Move
from agentconsole.domain.ticket import case_number, move
from agentconsole.security.reply_token import reply_token
from agentconsole.server.intake import CUSTOMER
from agentconsole.services.addressing import desk_address, outgoing_subject
from agentconsole.services.context import DeskContext
from agentconsole.storage.events import text_reference
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import DESK, Actor, Tx

SHOWN_OF_LAST = 300
_AFTER = {"open": Move.REPLY, "resolve": Move.REPLY_RESOLVE}
_CLOCKS = {"email-first": ClockKind.FIRST_RESPONSE, "email-next": ClockKind.NEXT_RESPONSE}
_CUSTOMERS = sa.text("SELECT email, id FROM customer")
_OVER = (Status.RESOLVED, Status.CLOSED)


def acting(user: User) -> Actor:
    """Return a colleague as the event log names her."""
    return Actor(login=user.login, user_id=user.id, role=user.role)


@dataclass(slots=True)
class Case:
    """Follow one tale: its ticket's row as it changes, the Message-IDs of its mail, and the mail that is held."""

    ticket: Row
    thread: list[str] = field(default_factory=list)
    held: tuple[Row, Row] | None = None


@dataclass(slots=True)
class Chronicle:
    """Tell deeds in the order of time, between `resume` and `write`."""

    tx: Tx
    desk: DeskContext
    staff: Mapping[str, User]
    ledger: Ledger
    cases: dict[int, Case] = field(default_factory=dict)
    _customers: dict[str, int] = field(default_factory=dict)
    _domains: dict[str, str] = field(default_factory=dict)
    _told: set[int] = field(default_factory=set)

    def resume(self) -> None:
        """Go on after what others have written meanwhile."""
        self.ledger.resume()
        known = self.tx.session.connection().execute(_CUSTOMERS).all()
        self._customers = {email: number for email, number in known}

    def tell(self, deed: Deed) -> None:
        """Tell one deed, at its instant and by its doer."""
        self.tx.now = deed.at
        self.tx.actor = acting(self.staff[deed.who]) if deed.who else DESK
        telling = {
            "mail": self._mail,
            "take": self._take,
            "note": self._note,
            "reply": self._reply,
            "sent": self._sent,
            "breach": self._breach,
            "close": self._close,
        }
        telling[deed.do](deed)
        self._told.add(deed.tale.number)

    def write(self) -> None:
        """Write what was told; what is over is placed for good, the others are left to the projection."""
        for number in self._told:
            ticket = self.cases[number].ticket
            if ticket["status"] in _OVER:
                self._settle(ticket)
            else:
                self.tx.touched.add(ticket["id"])
        self._told.clear()
        self.ledger.write()

    def _settle(self, ticket: Row) -> None:
        """Place a ticket that is over as the projection would, which needs none of its clocks for that."""
        self.tx.touched.discard(ticket["id"])
        placed = placing(
            (),
            Situation(
                channel=Channel.EMAIL,
                queue=ticket["queue"],
                priority=ticket["priority"],
                kind=ticket["kind"],
                brand=ticket["brand_id"],
                status=ticket["status"],
                escalated=False,
            ),
            self.tx.now,
            complaint=False,
            vip=False,
            opened_at=ticket["opened_at"],
            late_first=self.desk.late_first,
        )
        ticket |= {"live": False, "tier": placed.tier.rank, "sort_key": placed.sort_key, "until": placed.until}
        ticket["next_verb"] = placed.next_verb.value

    def _set_status(self, ticket: Row, status: Status, reason: str) -> None:
        if ticket["status"] is not status:
            ticket["status"] = status
            self.ledger.record("ticket.status", ticket, status=status.value, reason=reason)

    def _mail(self, deed: Deed) -> None:
        self.tx.actor = CUSTOMER
        sender = deed.tale.customer
        case = self.cases.get(deed.tale.number) or self._open(deed.tale)
        message_id = f"<past-{deed.tale.number}-{len(case.thread)}@{sender.email.partition('@')[2]}>"
        contact = self._contact(case.ticket, ContactKind.MESSAGE, Author.CUSTOMER, sender.name, deed.text)
        contact |= {"email": same_address(sender.email), "auth": "pass", "message_id": message_id}
        case.ticket["waited_text"] = " ".join(deed.text[: SHOWN_OF_LAST * 2].split())[:SHOWN_OF_LAST]
        self.ledger.record("ticket.contact", case.ticket, **_reference(contact), raw="")
        if case.thread:
            self._set_status(case.ticket, move(case.ticket["status"], Move.CUSTOMER_WROTE), "the customer wrote")
        case.ticket["fresh"] = True
        case.thread.append(message_id)

    def _open(self, tale: Tale) -> Case:
        address = same_address(tale.customer.email)
        if address not in self._customers:
            row = self.ledger.add(Customer, name=tale.customer.name, email=address, created_at=self.tx.now)
            self._customers[address] = row["id"]
        ticket = self.ledger.add(
            Ticket,
            brand_id=tale.brand,
            channel=Channel.EMAIL,
            customer_id=self._customers[address],
            subject=tale.subject,
            status=Status.NEW,
            priority=Priority.NORMAL,
            opened_at=self.tx.now,
            updated_at=self.tx.now,
            version=0,
            tags=list(tale.tags),
        )
        number = ticket["id"]
        self.ledger.make_findable(number, f"{case_number(number)} {tale.subject} {tale.customer.name} {address}")
        opened = {"channel": "email", "brand": tale.brand, "priority": "normal", "status": "new"}
        self.ledger.record("ticket.opened", ticket, **opened, customer=self._customers[address])
        self.tx.arrived += 1
        return self.cases.setdefault(tale.number, Case(ticket))

    def _contact(self, ticket: Row, kind: ContactKind, author: Author, name: str, text: str) -> Row:
        self.ledger.make_findable(ticket["id"], text)
        return self.ledger.add(
            Contact,
            ticket_id=ticket["id"],
            at=self.tx.now,
            kind=kind,
            author=author,
            channel=Channel.EMAIL,
            user_id=self.tx.actor.user_id,
            name=name,
            text=text,
            salt=secrets.token_hex(16),
        )

    def _take(self, deed: Deed) -> None:
        ticket = self.cases[deed.tale.number].ticket
        ticket["owner_id"] = self.staff[deed.who].id
        self.ledger.record("ticket.owner", ticket, owner=deed.who)
        if ticket["status"] is Status.NEW:
            self._set_status(ticket, Status.OPEN, "taken")

    def _note(self, deed: Deed) -> None:
        ticket = self.cases[deed.tale.number].ticket
        contact = self._contact(ticket, ContactKind.NOTE, Author.AGENT, self.staff[deed.who].name, deed.text)
        self.ledger.record("ticket.note", ticket, **_reference(contact))

    def _reply(self, deed: Deed) -> None:
        case = self.cases[deed.tale.number]
        contact = self._contact(case.ticket, ContactKind.MESSAGE, Author.AGENT, self.staff[deed.who].name, deed.text)
        message_id = self._message_id(case.ticket, contact["id"])
        contact |= {"email": same_address(deed.tale.customer.email), "message_id": message_id}
        mail = self._held(case, contact, deed.then)
        held = self.desk.hold_seconds
        self.ledger.record("ticket.reply", case.ticket, **_reference(contact), held_seconds=held, anyway=False)
        case.ticket["fresh"] = False
        case.held = contact, mail
        case.thread.append(message_id)

    def _held(self, case: Case, contact: Row, then: str) -> Row:
        return self.ledger.add(
            Outbox,
            contact_id=contact["id"],
            ticket_id=case.ticket["id"],
            brand_id=case.ticket["brand_id"],
            recipient=contact["email"],
            then=then,
            message_id=contact["message_id"],
            subject=outgoing_subject(case.ticket["subject"], case.ticket["id"]),
            in_reply_to=case.thread[-1],
            references=" ".join(case.thread),
            created_at=self.tx.now,
            not_before=self.tx.now,
            attempts=1,
        )

    def _message_id(self, ticket: Row, contact: int) -> str:
        brand = ticket["brand_id"]
        if brand not in self._domains:
            self._domains[brand] = desk_address(self.tx.session, self.desk, brand).email.rpartition("@")[2]
        token = reply_token(ticket["id"], self.desk.reply_key)
        return f"<{token}.{contact}.{self.desk.uid[:8]}@{self._domains[brand]}>"

    def _sent(self, deed: Deed) -> None:
        case = self.cases[deed.tale.number]
        if case.held is None:
            raise ValueError(f"nothing is held on tale {deed.tale.number}")
        contact, mail = case.held
        event = self.ledger.record("ticket.contact", case.ticket, **_reference(contact), message_id=mail["message_id"])
        mail |= {"state": "sent", "sent_at": self.tx.now, "sent_event": event}
        self.ledger.change(Outbox, mail)
        self._set_status(case.ticket, move(case.ticket["status"], _AFTER[mail["then"]]), "answered")
        case.held = None

    def _breach(self, deed: Deed) -> None:
        self.ledger.record(
            FactKind.BREACHED.value,
            self.cases[deed.tale.number].ticket,
            clock=_CLOCKS[deed.standard].value,
            value=deed.standard,
            reason="breach",
            started=deed.started.isoformat() if deed.started else None,
            due=deed.at.isoformat(),
        )

    def _close(self, deed: Deed) -> None:
        self._set_status(self.cases[deed.tale.number].ticket, Status.CLOSED, "resolved 14 days ago")


def _reference(contact: Row) -> Row:
    """Return what the log keeps of an entry, as `services.contacts.reference` does."""
    return {
        "contact": contact["id"],
        "author": contact["author"].value,
        "contact_kind": contact["kind"].value,
        "channel": contact["channel"].value,
        "text": text_reference(contact["salt"], contact["text"]),
    }
