"""Taking in a raw message: kept on the disk first, then read in the limited child, then filed."""

import hashlib
import logging
import threading
from collections.abc import Callable
from datetime import datetime

from agentconsole.channels.email.sandbox import ParserChild, ReaderAway
from agentconsole.domain.mail import ParsedMail, Unparsable
from agentconsole.server.desk import OpenDesk
from agentconsole.services import intake, leases
from agentconsole.services.intake import Filed
from agentconsole.services.mailboxes import trusted_servers
from agentconsole.storage.transaction import Actor, Tx

log = logging.getLogger(__name__)
CUSTOMER = Actor(login="customer")
LARGEST_MAIL = 25 * 1024 * 1024


class Intake:
    """Take in messages one at a time; safe to call from any thread but the event loop's."""

    def __init__(self, desk: OpenDesk, child: ParserChild) -> None:
        self._desk = desk
        self._child = child
        self._one_at_a_time = threading.Lock()
        self._seen_waiting: frozenset[tuple[str, str]] = frozenset()

    def take_in(
        self,
        *,
        source: str,
        brand: str,
        raw: bytes,
        received_at: datetime,
        noted: Callable[[Tx], None] = lambda _: None,
        size: int = 0,
    ) -> Filed:
        """Keep and file one message. `noted` runs in the transaction that notes its arrival (a mailbox's position).

        `size` is what the whole message has, in bytes, where `raw` may be only its beginning.
        """
        self._desk.context.shelf.brand(brand)
        size = max(size, len(raw))
        if size > LARGEST_MAIL:
            return self._too_large(source, brand, raw, size, received_at, noted)
        with self._one_at_a_time:
            sha256 = self._desk.context.store.put(raw)

            def note(tx: Tx) -> bool:
                noted(tx)
                return intake.keep(tx, source=source, sha256=sha256, brand=brand, received_at=received_at)

            if not self._desk.writer.run(CUSTOMER, note):
                return Filed("again", None, "it was filed before")
            return self._file(source, raw)

    def _too_large(
        self, source: str, brand: str, raw: bytes, size: int, received_at: datetime, noted: Callable[[Tx], None]
    ) -> Filed:
        """Keep a message that nobody reads: as much of it as was handed over, which its reader has limited."""
        limit = LARGEST_MAIL // (1024 * 1024)
        kept = "it is kept whole" if len(raw) == size else f"its first {len(raw) / 1048576:.0f} MB are kept"
        reason = f"it has {size / 1048576:.1f} MB, more than the {limit} MB that are read; {kept}"
        sha256 = self._desk.context.store.put(raw)

        def work(tx: Tx) -> Filed:
            noted(tx)
            if not intake.keep(tx, source=source, sha256=sha256, brand=brand, received_at=received_at):
                return Filed("again", None, "it was filed before")
            return intake.file_mail(tx, self._desk.context, source, Unparsable(reason), raw)

        return self._desk.writer.run(CUSTOMER, work)

    def finish_waiting(self) -> int:
        """File what an earlier run had kept and not filed; returns how many there were."""
        waiting = self._desk.writer.run(CUSTOMER, self._waiting)
        if self._desk.database.is_shared:
            # What waits for the first time another server may be filing just now.
            seen, self._seen_waiting = self._seen_waiting, frozenset(waiting)
            waiting = tuple(one for one in waiting if one in seen)
        for source, sha256 in waiting:
            with self._one_at_a_time:
                if not self._finish(source, sha256):
                    break
        return len(waiting)

    def _waiting(self, tx: Tx) -> tuple[tuple[str, str], ...]:
        """Return what waits to be filed, as far as this server is the one to look after it."""
        if self._desk.database.is_shared and not leases.hold(tx, leases.SWEEP, self._desk.holder):
            return ()
        return intake.waiting(tx)

    def _finish(self, source: str, sha256: str) -> bool:
        """File one that waits; False where nobody reads mail now, so that the others need not be tried."""
        try:
            return self._file(source, self._desk.context.store.get(sha256)).outcome != intake.WAITING
        except (FileNotFoundError, ValueError) as gone:
            reason = f"its raw text is gone: {gone}"
            self._desk.writer.run(CUSTOMER, lambda tx: intake.give_up(tx, source, reason))
        except Exception:  # one message that cannot be filed must not keep the others, or the mailboxes, waiting
            log.exception("the message %s is kept and could not be filed", source)
        return True

    def _file(self, source: str, raw: bytes) -> Filed:
        trusted = self._desk.reader.run(lambda session: trusted_servers(session, source))
        try:
            mail = self._child.parse(raw, trusted)
        except ReaderAway as away:
            reason = str(away)
            log.warning("mail is kept and cannot be read now: %s", reason)
            return self._desk.writer.run(CUSTOMER, lambda tx: intake.wait_for_reader(tx, source, reason))
        if isinstance(mail, ParsedMail):
            for attachment in mail.attachments:
                self._desk.context.store.put(attachment.content)
        return self._desk.writer.run(CUSTOMER, lambda tx: intake.file_mail(tx, self._desk.context, source, mail, raw))


def import_source(brand: str, raw: bytes) -> str:
    """Return the source name of an imported message: the same file is imported once per brand."""
    return f"import:{brand}:{hashlib.sha256(raw).hexdigest()}"
