"""Taking in a raw message: kept on the disk first, then read in the limited child, then filed."""

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime

from agentconsole.channels.email.sandbox import ParserChild
from agentconsole.domain.mail import ParsedMail, Unparsable
from agentconsole.server.desk import OpenDesk
from agentconsole.services import intake
from agentconsole.services.intake import Filed
from agentconsole.storage.transaction import Actor, Tx

CUSTOMER = Actor(login="customer")
LARGEST_MAIL = 25 * 1024 * 1024


class Intake:
    """Take in messages one at a time; safe to call from any thread but the event loop's."""

    def __init__(self, desk: OpenDesk, child: ParserChild) -> None:
        self._desk = desk
        self._child = child
        self._one_at_a_time = threading.Lock()

    def take_in(
        self,
        *,
        source: str,
        brand: str,
        raw: bytes,
        received_at: datetime,
        noted: Callable[[Tx], None] = lambda _: None,
    ) -> Filed:
        """Keep and file one message. `noted` runs in the transaction that notes its arrival (a mailbox's position)."""
        self._desk.context.shelf.brand(brand)
        if len(raw) > LARGEST_MAIL:
            return self._too_large(source, brand, raw, received_at, noted)
        with self._one_at_a_time:
            sha256 = self._desk.context.store.put(raw)

            def note(tx: Tx) -> bool:
                noted(tx)
                return intake.keep(tx, source=source, sha256=sha256, brand=brand, received_at=received_at)

            if not self._desk.writer.run(CUSTOMER, note):
                return Filed("again", None, "it was filed before")
            return self._file(source, raw)

    def _too_large(
        self, source: str, brand: str, raw: bytes, received_at: datetime, noted: Callable[[Tx], None]
    ) -> Filed:
        limit = LARGEST_MAIL // (1024 * 1024)
        reason = f"it has {len(raw) / 1048576:.0f} MB, more than the {limit} MB that are read"
        cut = raw[: 1024 * 1024]
        sha256 = self._desk.context.store.put(cut)

        def work(tx: Tx) -> Filed:
            noted(tx)
            if not intake.keep(tx, source=source, sha256=sha256, brand=brand, received_at=received_at):
                return Filed("again", None, "it was filed before")
            return intake.file_mail(tx, self._desk.context, source, Unparsable(f"{reason}; its beginning is kept"), cut)

        return self._desk.writer.run(CUSTOMER, work)

    def finish_waiting(self) -> int:
        """File what an earlier run had kept and not filed; returns how many."""
        waiting = self._desk.writer.run(CUSTOMER, intake.waiting)
        for source, sha256 in waiting:
            with self._one_at_a_time:
                self._file(source, self._desk.context.store.get(sha256))
        return len(waiting)

    def _file(self, source: str, raw: bytes) -> Filed:
        mail = self._child.parse(raw)
        if isinstance(mail, ParsedMail):
            for attachment in mail.attachments:
                self._desk.context.store.put(attachment.content)
        return self._desk.writer.run(CUSTOMER, lambda tx: intake.file_mail(tx, self._desk.context, source, mail, raw))


def import_source(brand: str, raw: bytes) -> str:
    """Return the source name of an imported message: the same file is imported once per brand."""
    return f"import:{brand}:{hashlib.sha256(raw).hexdigest()}"
