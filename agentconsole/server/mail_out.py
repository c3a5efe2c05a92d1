"""Mail out: one parcel from the outbox to a mail server, and what became of it back into the desk."""

import logging
from typing import Protocol

from agentconsole.channels.email import smtp
from agentconsole.channels.email.account import Account, Security
from agentconsole.channels.email.compose import compose, envelope_sender
from agentconsole.domain.errors import Refused
from agentconsole.domain.mail import Outgoing
from agentconsole.server.desk import OpenDesk
from agentconsole.services import outbox
from agentconsole.services.mailboxes import MailboxSettings, settings_of
from agentconsole.services.outbox import Parcel
from agentconsole.storage.transaction import DESK

log = logging.getLogger(__name__)
Outcome = smtp.Delivered | smtp.Refusal | smtp.Unknown


class Postman(Protocol):
    """Carry a composed mail to where mail goes."""

    def carry(self, brand: str, mail: Outgoing, message: bytes) -> Outcome: ...


class SmtpPostman:
    """Carry mail to the SMTP server of its brand."""

    def __init__(self, desk: OpenDesk) -> None:
        self._desk = desk

    def carry(self, brand: str, mail: Outgoing, message: bytes) -> Outcome:
        """Hand a message over; a brand without a mailbox keeps its mail waiting."""
        boxes = self._desk.reader.run(lambda session: settings_of(session, self._desk.context))
        box = next((box for box in boxes if box.brand == brand), None)
        if box is None:
            return smtp.Refusal(False, f"no mailbox is connected for {brand}; `agentconsole mail connect` connects one")
        return smtp.deliver(message, envelope_sender(mail), [to.email for to in mail.to], smtp_account(box))


def smtp_account(box: MailboxSettings) -> Account:
    """Return the account that sends for a mailbox."""
    host, port, security = box.smtp
    return Account(host, port, Security(security), box.user, box.password, box.ca_file)


def send(desk: OpenDesk, postman: Postman, parcel: Parcel) -> None:
    """Send one parcel and record what became of it."""
    try:
        message = compose(parcel.mail, desk=desk.context.uid[:8], sent_at=desk.clock.now())
        outcome = postman.carry(parcel.brand, parcel.mail, message)
    except Refused as refused:
        outcome = smtp.Refusal(True, refused.sentence)
    number = parcel.outbox
    match outcome:
        case smtp.Delivered():
            desk.writer.run(DESK, lambda tx: outbox.sent(tx, number))
        case smtp.Refusal(permanent, sentence):
            desk.writer.run(DESK, lambda tx: outbox.not_sent(tx, number, sentence, permanent=permanent))
        case smtp.Unknown(sentence):
            desk.writer.run(DESK, lambda tx: outbox.unknown(tx, number, sentence))
