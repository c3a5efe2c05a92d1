"""Mail in doubt: nobody knows whether it left, so it is looked for in the Sent folder before a person is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from agentconsole.services.mailboxes import NOBODY, SERVER
from agentconsole.services.outbox import bring_back, sent
from agentconsole.services.tickets import find_ticket, mark
from agentconsole.storage.tables.mailbox import Mailbox
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.transaction import Tx

SETTLES = timedelta(seconds=10)
"""How long a server that files sent mail by itself is given to do so."""
LOOK_AGAIN = timedelta(minutes=5)
MAY_HAVE_LEFT = "it is unknown whether the mail left"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Name one mail that is to be looked for in the Sent folder of its brand."""

    outbox: int
    brand: str
    message_id: str


def unknown(tx: Tx, outbox: int, sentence: str) -> None:
    """Record that nobody knows whether the mail server took a mail; it never goes again by itself (PROMISES 6)."""
    set_unknown(tx, tx.session.get_one(Outbox, outbox), sentence)


def set_unknown(tx: Tx, mail: Outbox, sentence: str) -> None:
    """Put a mail in doubt: it will be looked for, or a person is asked at once where there is nowhere to look."""
    mail.state, mail.lease_until, mail.trouble = "unknown", None, sentence
    mail.told_at, mail.look_at = None, _first_look(tx, mail)
    if mail.look_at is None:
        _ask(tx, mail)
    else:
        mark(tx, find_ticket(tx, mail.ticket_id), "mail.trouble", outbox=mail.id, state=mail.state)


def _first_look(tx: Tx, mail: Outbox) -> datetime | None:
    """Return when to look; None where there is nowhere to, or where what is found would prove nothing.

    A mail that a person sends again may lie in the Sent folder from the time before.
    """
    box = tx.session.get(Mailbox, mail.brand_id)
    if box is None or box.sent_copy == NOBODY or mail.again_at is not None:
        return None
    return tx.wall + SETTLES if box.sent_copy in (None, SERVER) else tx.wall


def _ask(tx: Tx, mail: Outbox) -> None:
    mail.told_at = tx.wall
    bring_back(tx, mail, MAY_HAVE_LEFT)


def to_look_for(session: Session, brand: str, wall: datetime) -> tuple[Doubt, ...]:
    """Return a brand's mails in doubt whose time to be looked for has come."""
    doubts = select(Outbox).where(Outbox.brand_id == brand, Outbox.state == "unknown", col(Outbox.look_at) <= wall)
    return tuple(Doubt(mail.id or 0, brand, mail.message_id) for mail in session.exec(doubts.order_by("id")).all())


def found(tx: Tx, outbox: int) -> None:
    """Record that a mail in doubt lies in the Sent folder, where only mail is put that has left."""
    mail = tx.session.get_one(Outbox, outbox)
    if _is_looked_for(mail):
        tx.record("mail.found", ticket=mail.ticket_id, body={"outbox": mail.id})
        sent(tx, outbox)


def absent(tx: Tx, outbox: int) -> None:
    """Record that a mail in doubt is not in the Sent folder: that proves nothing, so a person decides."""
    mail = tx.session.get_one(Outbox, outbox)
    if _is_looked_for(mail):
        mail.look_at, mail.trouble = None, f"{mail.trouble}; it is not in the Sent folder"
        _ask(tx, mail)


def not_looked(tx: Tx, numbers: Sequence[int], sentence: str) -> None:
    """Record that the Sent folder could not be read: a person may decide now, and it is read again later."""
    for mail in filter(_is_looked_for, (tx.session.get_one(Outbox, number) for number in numbers)):
        mail.look_at = tx.wall + LOOK_AGAIN
        if mail.told_at is None:
            mail.trouble = f"{mail.trouble}; the Sent folder cannot be read: {sentence}"
            _ask(tx, mail)


def _is_looked_for(mail: Outbox) -> bool:
    """Tell whether nobody has decided about a mail while it was looked for."""
    return mail.state == "unknown" and mail.look_at is not None
