"""Mail in: one thread a mailbox that waits for mail, takes it in, and tries again when the server is away."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC

from agentconsole.channels.email.account import Account, Security
from agentconsole.channels.email.imap import Fetched, Mailbox, MailboxDown, Position
from agentconsole.domain.errors import Refused
from agentconsole.server.desk import OpenDesk
from agentconsole.server.intake import Intake
from agentconsole.services import leases, mailboxes
from agentconsole.services.mailboxes import MailboxSettings, settings_of
from agentconsole.storage.tables.raw_mail import FETCHED
from agentconsole.storage.transaction import DESK, Tx

log = logging.getLogger(__name__)
IDLE_SECONDS = 20.0
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 60.0


class _AnotherServerReads(Exception):
    """Report that this server was taken for dead while it fetched a mail: its successor fetches that."""


class MailIn:
    """Watch the mailboxes of all brands; mailboxes that are set or changed while it runs are picked up."""

    def __init__(self, desk: OpenDesk, intake: Intake) -> None:
        self._desk = desk
        self._intake = intake
        self._stop = threading.Event()
        self._watchers: dict[str, tuple[MailboxSettings, threading.Event, threading.Thread]] = {}

    def settle(self) -> None:
        """Start a watcher for each mailbox that no other server reads, and restart those whose settings changed."""
        boxes = self._desk.reader.run(lambda session: settings_of(session, self._desk.context))
        ours = self._leases([box.brand for box in boxes])
        for box in boxes:
            known = self._watchers.get(box.brand)
            if known is not None:
                if leases.mail_in(box.brand) in ours and _same_account(known[0], box) and known[2].is_alive():
                    continue
                known[1].set()
            if leases.mail_in(box.brand) not in ours:
                self._watchers.pop(box.brand, None)
                continue
            stop = threading.Event()
            thread = threading.Thread(target=self._watch, args=(box.brand, stop), name=f"mail {box.brand}", daemon=True)
            self._watchers[box.brand] = (box, stop, thread)
            thread.start()

    def _leases(self, brands: list[str]) -> frozenset[str]:
        """Take or keep the leases of these mailboxes, as far as other servers do not have them."""
        if not brands:
            return frozenset()
        names, me = [leases.mail_in(brand) for brand in brands], self._desk.holder
        return self._desk.writer.run(DESK, lambda tx: leases.held(tx, names, me), behind=True)

    def stop(self) -> None:
        """Stop watching; a message that is being taken in is finished, one that is not is fetched again next time."""
        self._stop.set()
        for _, stop, _ in self._watchers.values():
            stop.set()

    def _settings(self, brand: str) -> MailboxSettings:
        boxes = self._desk.reader.run(lambda session: settings_of(session, self._desk.context))
        return next(box for box in boxes if box.brand == brand)

    def _watch(self, brand: str, stop: threading.Event) -> None:
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                box = self._settings(brand)
                with self._open(box) as mailbox:
                    pause = FIRST_PAUSE
                    self._read_until(mailbox, box, stop)
            except (MailboxDown, Refused) as trouble:
                if stop.is_set():
                    return
                sentence = getattr(trouble, "sentence", str(trouble))
                self._note(lambda tx, said=sentence: mailboxes.went_wrong(tx, brand, said))  # type: ignore[misc]
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except _AnotherServerReads:
                log.info("the mailbox of %s is read by another server now", brand)
                return
            except Exception:  # the edge of the watcher's thread: mail must go on
                if stop.is_set():
                    return
                log.exception("reading the mailbox of %s failed and will be tried again", brand)
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    @staticmethod
    def _open(box: MailboxSettings) -> Mailbox:
        return Mailbox(imap_account(box), box.folder)

    def _read_until(self, mailbox: Mailbox, opened: MailboxSettings, stop: threading.Event) -> None:
        while not stop.is_set():
            box = self._settings(opened.brand)
            if not _same_account(opened, box):
                return
            for fetched in mailbox.fetch_new(Position(box.uidvalidity, box.uid)):
                self._take_in(box, fetched)
                if stop.is_set():
                    return
            self._note(lambda tx: mailboxes.went_well(tx, opened.brand))
            mailbox.wait(IDLE_SECONDS)

    def _take_in(self, box: MailboxSettings, fetched: Fetched) -> None:
        brand = box.brand
        # Two servers may number alike, so a mailbox that moves must not be taken for the one it was.
        where = f"{box.user}@{box.imap[0]}:{box.imap[1]}/{box.folder}"

        def noted(tx: Tx) -> None:
            if not leases.hold(tx, leases.mail_in(brand), self._desk.holder):
                raise _AnotherServerReads
            mailboxes.read_up_to(tx, box, fetched.uidvalidity, fetched.uid)

        self._intake.take_in(
            source=f"{FETCHED}{brand}:{where}:{fetched.uidvalidity}:{fetched.uid}",
            brand=brand,
            raw=fetched.raw,
            received_at=(fetched.internal_date or self._desk.clock.now()).astimezone(UTC),
            noted=noted,
            size=fetched.size,
        )

    def _note(self, work: Callable[[Tx], None]) -> None:
        self._desk.writer.run(DESK, work)


def imap_account(box: MailboxSettings) -> Account:
    """Return the account that reads a mailbox."""
    host, port, security = box.imap
    return Account(host, port, Security(security), box.user, box.password, box.ca_file)


def _same_account(one: MailboxSettings, other: MailboxSettings) -> bool:
    return (one.address, one.imap, one.smtp, one.user, one.password, one.folder, one.ca_file) == (
        other.address,
        other.imap,
        other.smtp,
        other.user,
        other.password,
        other.folder,
        other.ca_file,
    )
