"""Mail out: each brand's mail to its mail server, side by side, and what became of it back into the desk."""

import asyncio
import contextlib
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from agentconsole.channels.email import smtp
from agentconsole.channels.email.account import Account, Security
from agentconsole.channels.email.compose import compose, envelope_sender
from agentconsole.config.clock import seconds_passed
from agentconsole.domain.errors import Refused
from agentconsole.domain.mail import Outgoing
from agentconsole.server.desk import OpenDesk
from agentconsole.server.sent_mail import SentMail
from agentconsole.server.troubles import Troubles
from agentconsole.services import leases, outbox, outbox_doubt, outbox_late, outbox_leaving
from agentconsole.services.mailboxes import MailboxSettings, settings_of
from agentconsole.services.outbox_leaving import LEASE, Parcel
from agentconsole.storage.transaction import DESK, Tx

MOST_BRANDS = 32
GOOD_FOR = 5.0
"""Seconds for which the database's word holds that a mail is this server's to send."""


@dataclass(frozen=True, slots=True)
class NoMailbox:
    """Nothing can leave for a brand, because it has no mailbox."""

    sentence: str


Outcome = smtp.Delivered | smtp.Refusal | smtp.Unknown | smtp.Withheld | NoMailbox


class Postman(Protocol):
    """Carry a composed mail to where mail goes; called from a thread for each brand."""

    def carry(self, brand: str, mail: Outgoing, message: bytes) -> Outcome: ...


class SmtpPostman:
    """Carry mail to the SMTP server of its brand, and keep a copy of what has left."""

    def __init__(self, desk: OpenDesk, sent_mail: SentMail) -> None:
        self._desk = desk
        self._sent_mail = sent_mail

    def carry(self, brand: str, mail: Outgoing, message: bytes) -> Outcome:
        """Hand a message over; a brand without a mailbox keeps its mail waiting.

        The copy is kept before the desk notes the mail as sent: should it die in between, the copy proves it.
        """
        boxes = self._desk.reader.run(lambda session: settings_of(session, self._desk.context))
        box = next((box for box in boxes if box.brand == brand), None)
        if box is None:
            return NoMailbox(f"no mailbox is connected for {brand}; `agentconsole mail connect` connects one")
        with contextlib.closing(self._sent_mail.open(box, mail)) as sent_folder:
            recipients = [to.email for to in mail.to]
            outcome = smtp.deliver(
                message, envelope_sender(mail), recipients, smtp_account(box), lambda: self._may_go(mail.message_id)
            )
            if isinstance(outcome, smtp.Delivered):
                sent_folder.keep(mail.message_id, message)
        return outcome

    def _may_go(self, message_id: str) -> bool:
        """Tell whether a mail is still this server's to send: others take it for dead when it was frozen for a while.

        Frozen between the database's answer and here, it does not believe that answer.
        """
        asked = seconds_passed()
        holder = self._desk.holder
        try:
            is_lost = self._desk.reader.run(lambda session: outbox_leaving.is_lost(session, message_id, holder))
        except Refused:
            return False
        return not is_lost and seconds_passed() - asked < GOOD_FOR


def smtp_account(box: MailboxSettings) -> Account:
    """Return the account that sends for a mailbox."""
    host, port, security = box.smtp
    return Account(host, port, Security(security), box.user, box.password, box.ca_file)


class MailOut:
    """Send the mail of all brands, each brand's one after another: a slow server holds up only its own."""

    def __init__(self, desk: OpenDesk, postman: Postman, sent_mail: SentMail) -> None:
        self._desk = desk
        self._postman = postman
        self._sent_mail = sent_mail
        self._stopping = threading.Event()
        self._threads = ThreadPoolExecutor(MOST_BRANDS, thread_name_prefix="mail out")
        self._busy: dict[str, asyncio.Future[None]] = {}
        self._leaving: dict[str, int] = {}
        self._troubles = Troubles()
        self._renewed = desk.wall.now()

    def begin(self, brands: Iterable[str]) -> None:
        """Start with the brands that have something to do and are not at it already."""
        loop = asyncio.get_running_loop()
        self._busy = {brand: work for brand, work in self._busy.items() if not work.done()}
        for brand in brands:
            if brand not in self._busy and not self._stopping.is_set():
                self._busy[brand] = loop.run_in_executor(self._threads, self._work_through, brand)

    async def renew(self) -> None:
        """Hold on to the mails that slow servers are still taking: they are not in doubt."""
        leaving, now = tuple(self._leaving.values()), self._desk.wall.now()
        if leaving and abs(now - self._renewed) > LEASE / 4:
            self._renewed = now
            await asyncio.wrap_future(self._desk.writer.submit(DESK, lambda tx: outbox_leaving.renew(tx, leaving)))

    async def stop(self) -> None:
        """Stop; mails that are being handed over are finished first, so that they are noted as sent."""
        self._stopping.set()
        self._sent_mail.stopping.set()
        await asyncio.gather(*self._busy.values())
        self._threads.shutdown()

    def _work_through(self, brand: str) -> None:
        try:
            if self._desk.writer.run(DESK, lambda tx: self._hold(tx, brand)):
                self._sent_mail.look_for(brand)
                self._send_all(brand)
            self._troubles.worked(f"mail of {brand}")
        except Exception as error:  # the edge of a brand's thread: it must run again, and the others go on
            self._troubles.failed(f"mail of {brand}", error)
        finally:
            self._leaving.pop(brand, None)

    def _send_all(self, brand: str) -> None:
        while not self._stopping.is_set():
            parcels = self._desk.writer.run(DESK, lambda tx: self._collect(tx, brand))
            if not parcels:
                return
            self._leaving[brand] = parcels[0].outbox
            send(self._desk, self._postman, parcels[0])

    def _collect(self, tx: Tx, brand: str) -> tuple[Parcel, ...]:
        """Take one mail at a time: when something fails, only the one at hand is in doubt."""
        lease = self._hold(tx, brand)
        if not lease:
            return ()
        return outbox_leaving.collect(tx, self._desk.context, self._desk.holder, limit=1, brand=brand, lease=lease)

    def _hold(self, tx: Tx, brand: str) -> int:
        return leases.hold(tx, leases.mail_out(brand), self._desk.holder)


def send(desk: OpenDesk, postman: Postman, parcel: Parcel) -> None:
    """Send one parcel and record what became of it."""
    try:
        message = compose(parcel.mail, desk=desk.context.uid[:8], sent_at=desk.clock.now())
        outcome = postman.carry(parcel.brand, parcel.mail, message)
    except Refused as refused:
        outcome = smtp.Refusal(True, refused.sentence)
    desk.writer.run(DESK, lambda tx: _record(tx, parcel, outcome, desk.holder))


def _record(tx: Tx, parcel: Parcel, outcome: Outcome, holder: str) -> None:
    """Record what became of a mail: that it left is true whoever has it now, all else only as long as it is ours."""
    number = parcel.outbox
    if isinstance(outcome, smtp.Delivered):
        outbox.sent(tx, number)
        return
    if not outbox_leaving.is_under(tx, parcel, holder):
        return
    match outcome:
        case smtp.Withheld():
            outbox_leaving.never_left(tx, number)
        case smtp.Refusal(_, sentence, down=True):
            outbox_late.unreachable(tx, number, sentence)
        case smtp.Refusal(permanent, sentence):
            outbox_late.not_sent(tx, number, sentence, permanent=permanent)
        case smtp.Unknown(sentence):
            outbox_doubt.unknown(tx, number, sentence)
        case NoMailbox(sentence):
            outbox_late.no_mailbox(tx, number, sentence)
