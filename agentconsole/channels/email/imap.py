"""A mailbox read over IMAP: what is new since a position, waiting for more, and the Sent folder."""

import contextlib
import imaplib
import re
import select
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from types import TracebackType
from typing import Any, Self

import imap_tools

from agentconsole.channels.email.account import Account, Security, refuse_plain_network, tls_context
from agentconsole.channels.email.frames import RAW_LIMIT
from agentconsole.channels.email.trouble import reason
from agentconsole.domain.errors import Refused

BATCH_BYTES = 8 * 1024 * 1024
BATCH_MESSAGES = 50
IDLE_SECONDS = 25 * 60.0

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_INTERNAL_DATE = re.compile(rb'INTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_SENT_NAMES = ("sent", "inbox.sent", "inbox/sent", "sent items", "sent mail", "sent messages")
_TROUBLE = (OSError, imaplib.IMAP4.error, imap_tools.ImapToolsError, ValueError)


class MailboxDown(Exception):
    """Say in one sentence why the mailbox cannot be read now."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Position:
    """Say how far a mailbox has been read: all UIDs up to `uid`, while the server keeps `uidvalidity`."""

    uidvalidity: int = 0
    uid: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """Hold one raw mail; `internal_date` is when the server got it (UTC), `size` how long it says it is."""

    uidvalidity: int
    uid: int
    raw: bytes
    internal_date: datetime | None
    size: int


class Mailbox:
    """Read one folder of one account; use as a context manager, from one thread at a time.

    Every trouble with the server or the network becomes one `MailboxDown`; the connection is then of no more use.
    """

    def __init__(self, account: Account, folder: str = "INBOX", poll: float = 60.0) -> None:
        self._account = account
        self._folder = folder
        self._poll = poll
        self._box: Any = None

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def connect(self) -> None:
        """Connect, verify the certificate, sign in and open the folder for reading only."""
        with self._one_sentence():
            refuse_plain_network(self._account)
            try:
                self._box = self._connected()
                self._box.login(self._account.user, self._account.password, initial_folder=None)
                self._open(self._folder)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Leave; safe to call at any time and more than once."""
        box, self._box = self._box, None
        if box is not None:
            with contextlib.suppress(*_TROUBLE):
                box.logout()
            with contextlib.suppress(*_TROUBLE):
                box.client.shutdown()

    def newest(self) -> Position:
        """Say where the folder ends now: what is above it is new."""
        with self._one_sentence():
            uidvalidity = self._open(self._folder)
            return Position(uidvalidity, max(self._uids_from(1), default=0))

    def fetch_new(self, after: Position) -> Iterator[Fetched]:
        """Yield the mails above a position, lowest UID first, without marking them read.

        When the server has renumbered the folder (another UIDVALIDITY), everything in it is yielded again, under the
        new number. Mails are fetched in batches of at most 50 and some 8 MB; of one over 25 MB one byte more is read,
        so that it is known to be too large.
        """
        with self._one_sentence():
            uidvalidity = self._open(self._folder)
            lowest = after.uid + 1 if after.uidvalidity == uidvalidity else 1
            uids = self._uids_from(lowest)
        for start in range(0, len(uids), BATCH_MESSAGES):
            with self._one_sentence():
                sizes = self._sizes(uids[start : start + BATCH_MESSAGES])
            for batch in _batches(sizes):
                with self._one_sentence():
                    mails = self._bodies(uidvalidity, batch, sizes)
                yield from mails

    def wait(self, seconds: float) -> bool:
        """Wait for new mail: True as soon as the server tells of some, False when the time is over.

        With IDLE for at most 25 minutes; on a server without it, one look after the poll interval.
        """
        with self._one_sentence():
            if self._told_of_mail():
                return True
            if "IDLE" in self._box.client.capabilities:
                told = self._box.idle.wait(timeout=min(seconds, IDLE_SECONDS))
                return any(b"EXISTS" in line for line in told) or self._told_of_mail()
            select.select([self._box.client.sock], [], [], min(seconds, self._poll))
            return self._told_of_mail()

    def open_sent(self) -> str:
        """Open the Sent folder, known by its mark (RFC 6154) or else its name; returns its name, empty without one."""
        with self._one_sentence():
            folders = self._box.folder.list()
            marked = [folder.name for folder in folders if "\\sent" in (flag.lower() for flag in folder.flags)]
            named = [folder.name for folder in folders if folder.name.lower() in _SENT_NAMES]
            name = str(next(iter((*marked, *named)), ""))
            if name:
                self._open(name)
            return name

    def files_sent_mail(self) -> bool:
        """Say whether this server is known to put mail that it sends into the Sent folder by itself: Gmail is."""
        return "X-GM-EXT-1" in self._box.client.capabilities

    def append_sent(self, folder: str, message: bytes, at: datetime) -> None:
        """Keep a copy of a mail in the Sent folder."""
        with self._one_sentence():
            self._box.append(message, folder, dt=at, flag_set=[imap_tools.MailMessageFlags.SEEN])

    def find_in_sent(self, message_id: str) -> bool:
        """Say whether a mail is in the Sent folder, which is open; refuses a Message-ID that no server could search."""
        if not _MESSAGE_ID.fullmatch(message_id):
            raise Refused(f"The Message-ID {message_id[:80]!r} cannot be searched for.")
        with self._one_sentence():
            # Only now does a server tell of what came since the folder was opened (RFC 9051 section 6.1.2).
            self._box.client.noop()
            quoted = '"' + message_id.replace("\\", "\\\\").replace('"', '\\"') + '"'
            found = self._command("SEARCH", "HEADER", "Message-ID", quoted)
            return any(line for line in found if line and line.strip())

    def _connected(self) -> Any:
        account = self._account
        if account.security is Security.PLAIN:
            return imap_tools.MailBoxUnencrypted(account.host, account.port, timeout=account.timeout)
        if account.security is Security.STARTTLS:
            return imap_tools.MailBoxStartTls(
                account.host, account.port, ssl_context=tls_context(account), timeout=account.timeout
            )
        return imap_tools.MailBox(account.host, account.port, ssl_context=tls_context(account), timeout=account.timeout)

    def _open(self, folder: str) -> int:
        """Open a folder read-only and give its UIDVALIDITY."""
        self._box.folder.set(folder, readonly=True)
        told = self._box.client.untagged_responses.get("UIDVALIDITY", [b"0"])
        return int(told[-1])

    def _uids_from(self, lowest: int) -> list[int]:
        # "EXISTS" told from here on means mail that the search below may not have seen; `wait` looks for it.
        self._box.client.untagged_responses.pop("EXISTS", None)
        found = self._command("SEARCH", "UID", f"{lowest}:*")
        uids = sorted({int(word) for line in found if line for word in line.split()})
        # "n:*" always matches the last mail, also where its UID is below n (RFC 9051 section 6.4.8).
        return [uid for uid in uids if uid >= lowest]

    def _sizes(self, uids: Sequence[int]) -> dict[int, int]:
        lines = self._command("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        told = [(_UID.search(line), _SIZE.search(line)) for line in lines if isinstance(line, bytes)]
        sizes = {int(uid[1]): int(size[1]) for uid, size in told if uid and size}
        return {uid: sizes[uid] for uid in uids if uid in sizes}

    def _bodies(self, uidvalidity: int, uids: Sequence[int], sizes: dict[int, int]) -> list[Fetched]:
        wanted = f"(UID INTERNALDATE BODY.PEEK[]<0.{RAW_LIMIT + 1}>)"
        answers = _messages(self._command("FETCH", ",".join(map(str, uids)), wanted))
        told = ((_UID.search(about), about, raw) for about, raw in answers)
        mails = {int(uid[1]): (about, raw) for uid, about, raw in told if uid}
        return [
            Fetched(uidvalidity, uid, mails[uid][1], _internal_date(mails[uid][0]), sizes[uid])
            for uid in uids
            if uid in mails
        ]

    def _command(self, name: str, *arguments: str) -> list[Any]:
        """Send one UID command and give its data lines."""
        status, data = self._box.client.uid(name, *arguments)
        if status != "OK":
            raise imaplib.IMAP4.error(f"{name} was answered with {status}")
        return [line for line in data if line is not None]

    def _told_of_mail(self) -> bool:
        self._box.client.noop()
        return "EXISTS" in self._box.client.untagged_responses

    @contextlib.contextmanager
    def _one_sentence(self) -> Iterator[None]:
        """Turn every trouble into one sentence; what the server said in it is cleaned."""
        try:
            yield
        except _TROUBLE as trouble:
            raise MailboxDown(
                f"The mailbox on {self._account.host} cannot be read: {reason(trouble, imap_tools.MailboxLoginError)}."
            ) from trouble
        except Refused as refused:
            raise MailboxDown(refused.sentence) from refused


def _batches(sizes: dict[int, int]) -> Iterator[list[int]]:
    """Group UIDs so that a batch is one mail, or several of some 8 MB together."""
    batch: list[int] = []
    weight = 0
    for uid, size in sizes.items():
        if batch and weight + size > BATCH_BYTES:
            yield batch
            batch, weight = [], 0
        batch.append(uid)
        weight += size
    if batch:
        yield batch


def _messages(answer: Sequence[Any]) -> list[tuple[bytes, bytes]]:
    """Pair what a FETCH says about each mail with its literal; items may stand before it, behind it or both."""
    mails: list[tuple[bytes, bytes]] = []
    for item in answer:
        if isinstance(item, tuple):
            mails.append((bytes(item[0]), bytes(item[1])))
        elif mails and not item.lstrip()[:1].isdigit():
            mails[-1] = (mails[-1][0] + b" " + item, mails[-1][1])
        else:
            mails.append((item, b""))
    return mails


def _internal_date(about: bytes) -> datetime | None:
    """Read INTERNALDATE as UTC, without asking the locale for the month's name."""
    found = _INTERNAL_DATE.search(about)
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, ahead, minutes = (part.decode() for part in found.groups())
    offset = timedelta(hours=int(ahead), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    try:
        zone = timezone(offset)
        local = datetime(
            int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=zone
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
