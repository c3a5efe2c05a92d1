"""The Sent folder of a brand's mailbox: a copy of what has left, never two, and what it proves about mail in doubt."""

import dataclasses
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from agentconsole.channels.email.imap import Mailbox, MailboxDown
from agentconsole.config.clock import seconds_passed
from agentconsole.domain.errors import Refused
from agentconsole.domain.mail import Outgoing
from agentconsole.server.desk import OpenDesk
from agentconsole.server.mail_in import imap_account
from agentconsole.services import mailboxes, outbox_doubt
from agentconsole.services.mailboxes import FIND_OUT, NOBODY, OURSELVES, SERVER, MailboxSettings, settings_of
from agentconsole.services.outbox_doubt import Doubt
from agentconsole.storage.transaction import DESK

log = logging.getLogger(__name__)
NETWORK_SECONDS = 10.0
FINDING_OUT = 3.0
BETWEEN_LOOKS = 0.25
REST_SECONDS = 300.0


class SentMail:
    """Keep and find copies of sent mail; safe to call from the threads of several brands."""

    def __init__(self, desk: OpenDesk) -> None:
        self.desk = desk
        self.stopping = threading.Event()
        self._resting: dict[str, float] = {}

    def open(self, box: MailboxSettings, mail: Outgoing) -> "SentFolder":
        """Open the Sent folder before a mail leaves, so that its copy is there as soon as it has left; never raises."""
        # Some servers file what people send and not what machines do: from that nothing can be learned.
        unwanted = box.sent_copy in (SERVER, NOBODY) or (box.sent_copy == FIND_OUT and mail.automatic)
        if unwanted or self._resting.get(box.brand, 0.0) > seconds_passed():
            return SentFolder(self, box, None, "")
        mailbox = _mailbox(box)
        try:
            mailbox.connect()
            return SentFolder(self, box, mailbox, mailbox.open_sent())
        except MailboxDown as trouble:
            mailbox.close()
            self.rest(box, trouble.sentence)
            return SentFolder(self, box, None, "")

    def rest(self, box: MailboxSettings, sentence: str) -> None:
        """Leave a mailbox that is down alone for five minutes, so that it does not delay the mail that is to leave."""
        self._resting[box.brand] = seconds_passed() + REST_SECONDS
        log.warning("copies of sent mail of %s cannot be kept: %s", box.brand, sentence)

    def look_for(self, brand: str) -> None:
        """Look for a brand's mails in doubt, and record for each whether it is there."""
        doubts = self.desk.reader.run(lambda session: outbox_doubt.to_look_for(session, brand, self.desk.wall.now()))
        if not doubts:
            return
        try:
            found = self._found(brand, doubts)
        except (MailboxDown, Refused) as trouble:
            numbers, sentence = [doubt.outbox for doubt in doubts], trouble.sentence
            self.desk.writer.run(DESK, lambda tx: outbox_doubt.not_looked(tx, numbers, sentence))
            return
        for doubt in doubts:
            record = outbox_doubt.found if doubt in found else outbox_doubt.absent
            self.desk.writer.run(DESK, lambda tx, record=record, number=doubt.outbox: record(tx, number))  # type: ignore[misc]

    def _found(self, brand: str, doubts: Sequence[Doubt]) -> set[Doubt]:
        boxes = self.desk.reader.run(lambda session: settings_of(session, self.desk.context))
        with _mailbox(next(box for box in boxes if box.brand == brand)) as mailbox:
            folder = mailbox.open_sent()
            return {doubt for doubt in doubts if folder and mailbox.find_in_sent(doubt.message_id)}


@dataclass(frozen=True, slots=True)
class SentFolder:
    """Hold the Sent folder open for one mail; without a mailbox, or without a folder, no copy is kept."""

    owner: SentMail
    box: MailboxSettings
    mailbox: Mailbox | None
    name: str

    def keep(self, message_id: str, message: bytes) -> None:
        """Keep a copy of a mail that has left, unless the server did so; never raises, for the mail has left."""
        if self.mailbox is None or not self.name:
            return
        try:
            if not self._is_filed(self.mailbox, message_id):
                self.mailbox.append_sent(self.name, message, self.owner.desk.wall.now())
        except (MailboxDown, Refused) as trouble:
            self.owner.rest(self.box, trouble.sentence)

    def close(self) -> None:
        """Leave the mailbox."""
        if self.mailbox is not None:
            self.mailbox.close()

    def _is_filed(self, mailbox: Mailbox, message_id: str) -> bool:
        """Tell whether the server has filed the mail by itself; the first mail shows whether this server does so."""
        if self.box.sent_copy != FIND_OUT:
            return mailbox.find_in_sent(message_id)
        filed = mailbox.files_sent_mail() or self._appears(mailbox, message_id)
        who = SERVER if filed else OURSELVES
        self.owner.desk.writer.run(DESK, lambda tx: mailboxes.files_sent_mail(tx, self.box, who))
        return filed

    def _appears(self, mailbox: Mailbox, message_id: str) -> bool:
        until = seconds_passed() + FINDING_OUT
        while not mailbox.find_in_sent(message_id):
            if seconds_passed() > until or self.owner.stopping.wait(BETWEEN_LOOKS):
                return False
        return True


def _mailbox(box: MailboxSettings) -> Mailbox:
    return Mailbox(dataclasses.replace(imap_account(box), timeout=NETWORK_SECONDS), box.folder)
