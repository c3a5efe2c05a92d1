"""Mailboxes of the brands: setting them, opening their passwords, and how far they have been read."""

import re
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from agentconsole.domain.errors import Gap, Refused
from agentconsole.services import outbox_late
from agentconsole.services.context import DeskContext
from agentconsole.storage.tables.desk import Desk
from agentconsole.storage.tables.mailbox import Mailbox
from agentconsole.storage.tables.raw_mail import RawMail
from agentconsole.storage.transaction import Tx
from agentconsole.wire.commands import SetMailbox

_SECURITY = ("ssl", "starttls", "plain")
FIND_OUT, OURSELVES, SERVER, NOBODY = "auto", "file", "server", "none"
"""Who puts sent mail into the Sent folder: found out with the first mail, the desk, the server by itself, nobody."""
LONGEST_HOLD = 60
MOST_SERVERS = 8
_SERVER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """Carry a mailbox with its opened password, out of the transaction."""

    brand: str
    address: str
    imap: tuple[str, int, str]
    smtp: tuple[str, int, str]
    user: str
    password: str
    folder: str
    ca_file: str
    sent_copy: str
    uidvalidity: int
    uid: int

    def __repr__(self) -> str:
        return f"MailboxSettings(brand={self.brand!r}, address={self.address!r})"


def set_mailbox(tx: Tx, desk: DeskContext, ask: SetMailbox) -> str:
    """Connect a brand's mailbox, or change it; returns the brand. An empty password keeps the one that is sealed."""
    brand = desk.shelf.meant(ask.brand).id
    gaps = [
        Gap(name, f"choose {', '.join(_SECURITY)}")
        for name in ("imap_security", "smtp_security")
        if getattr(ask, name) not in _SECURITY
    ]
    if ask.sent not in (FIND_OUT, OURSELVES, SERVER, NOBODY):
        gaps.append(Gap("sent", f"choose {FIND_OUT}, {OURSELVES}, {SERVER} or {NOBODY}"))
    if ask.address.count("@") != 1 or not ask.address.isprintable() or " " in ask.address:
        gaps.append(Gap("address", "an address like care@example.com"))
    if len(ask.authserv_ids) > MOST_SERVERS or not all(map(_SERVER.fullmatch, ask.authserv_ids)):
        gaps.append(Gap("authserv_ids", f"at most {MOST_SERVERS} names of servers, like mx.example.com"))
    if not 0 <= ask.hold <= LONGEST_HOLD:
        gaps.append(Gap("hold", f"0 to {LONGEST_HOLD} seconds"))
    if gaps:
        raise Refused(f"Not connected: {'; '.join(f'{gap.field}: {gap.what}' for gap in gaps)}.", gaps=tuple(gaps))
    box = tx.session.get(Mailbox, brand)
    if box is None and not ask.password:
        raise Refused("Not connected: the password is missing.", gaps=(Gap("password", "missing"),))
    sealed = desk.vault.seal(ask.password.encode(), place(brand)) if ask.password else ""
    is_new = box is None or (box.imap_host, box.imap_port, box.folder, box.user) != (
        ask.imap_host,
        ask.imap_port,
        ask.folder,
        ask.user,
    )
    if box is None:
        box = Mailbox(**_fields(ask), brand_id=brand, sealed_password=sealed)
        tx.session.add(box)
    else:
        for name, value in _fields(ask).items():
            setattr(box, name, value)
        box.sealed_password = sealed or box.sealed_password
    if is_new:
        box.uidvalidity, box.uid = ask.uidvalidity, ask.uid
    box.authserv_ids = " ".join(ask.authserv_ids) or None
    box.sent_copy = None if ask.sent == FIND_OUT else ask.sent
    outbox_late.go_now(tx, brand)
    tx.session.get_one(Desk, 1).hold_seconds = desk.hold_seconds = ask.hold
    tx.record("mailbox.set", subject=brand, body={"imap": ask.imap_host, "smtp": ask.smtp_host})
    return brand


def _fields(ask: SetMailbox) -> dict[str, Any]:
    names = ("address", "imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security", "user")
    return {name: getattr(ask, name) for name in (*names, "folder", "ca_file")}


def place(brand: str) -> str:
    """Return the one place where a brand's mailbox password opens."""
    return f"mailbox.sealed_password.{brand}"


def settings_of(session: Session, desk: DeskContext) -> tuple[MailboxSettings, ...]:
    """Return all mailboxes with their passwords opened, for the jobs that use them."""
    return tuple(
        MailboxSettings(
            brand=box.brand_id,
            address=box.address,
            imap=(box.imap_host, box.imap_port, box.imap_security),
            smtp=(box.smtp_host, box.smtp_port, box.smtp_security),
            user=box.user,
            password=desk.vault.open(box.sealed_password, place(box.brand_id)).decode(),
            folder=box.folder,
            ca_file=box.ca_file,
            sent_copy=box.sent_copy or FIND_OUT,
            uidvalidity=box.uidvalidity,
            uid=box.uid,
        )
        for box in session.exec(select(Mailbox).order_by("brand_id")).all()
    )


def trusted_servers(session: Session, source: str) -> tuple[str, ...]:
    """Return the servers whose word on its sender is believed of a kept message: those of its brand's mailbox.

    Not those of other brands: a server takes only such headers out of a mail as bear its own name (RFC 8601 section 5).
    """
    named = select(Mailbox.authserv_ids).join(RawMail, col(RawMail.brand_id) == Mailbox.brand_id)
    found = session.exec(named.where(RawMail.source == source)).first()
    return tuple((found or "").split())


def read_up_to(tx: Tx, read: MailboxSettings, uidvalidity: int, uid: int) -> None:
    """Note how far a mailbox was read, in the transaction that notes the message.

    A brand whose mailbox was moved meanwhile has been read nowhere yet: the numbers of the old one say nothing.
    """
    box = tx.session.get_one(Mailbox, read.brand)
    if (box.imap_host, box.imap_port, box.folder, box.user) == (*read.imap[:2], read.folder, read.user):
        box.uidvalidity, box.uid = uidvalidity, uid
        # Reading all that is there may take long; with its first mail a mailbox is no longer unreachable.
        went_well(tx, read.brand)


def files_sent_mail(tx: Tx, used: MailboxSettings, who: str) -> None:
    """Note who puts a mailbox's sent mail into its Sent folder, as the first mail has shown."""
    box = tx.session.get_one(Mailbox, used.brand)
    if box.sent_copy is None and (box.imap_host, box.user) == (used.imap[0], used.user):
        box.sent_copy = who
        tx.record("mailbox.learned", subject=used.brand, body={"sent": who})


def went_well(tx: Tx, brand: str) -> None:
    """Note that a mailbox answered."""
    box = tx.session.get_one(Mailbox, brand)
    box.read_at, box.trouble, box.trouble_at = tx.wall, "", None


def went_wrong(tx: Tx, brand: str, sentence: str) -> None:
    """Note that a mailbox did not answer, and since when."""
    box = tx.session.get_one(Mailbox, brand)
    if not box.trouble:
        box.trouble_at = tx.wall
        tx.news.append(f"Mail of {brand}: {sentence}")
    box.trouble = sentence
