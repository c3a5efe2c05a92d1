"""Frames on the socket: four bytes of length (big endian), then one MessagePack struct."""

import asyncio
from datetime import datetime

import msgspec

from agentconsole.domain.untrusted import NOTHING, Untrusted
from agentconsole.wire.backups import Manifest
from agentconsole.wire.commands import AnyCommand
from agentconsole.wire.duties import Duties
from agentconsole.wire.plain import read, written
from agentconsole.wire.policies import PolicyAnswer
from agentconsole.wire.policy_reading import ReadingAnswer
from agentconsole.wire.queries import AnyQuery
from agentconsole.wire.rows import (
    AddressRow,
    AuditReport,
    BlankRow,
    BrandRow,
    CaseView,
    DeskStatus,
    PersonRow,
    PresenceRow,
    QueuePage,
    SearchRow,
    TemplateRow,
    UserRow,
    Why,
)
from agentconsole.wire.stands import Stand

PROTOCOL = 1
LARGEST_FRAME = 32 * 1024 * 1024
LARGEST_OF_STRANGER = 64 * 1024
"""What a connection may send before anybody has signed in: a thousand of them must not fill the memory."""


class Ask(msgspec.Struct, frozen=True):
    """Ask for a command or a query. The same `request` of one person is done once and answered alike for a day."""

    number: int
    body: AnyCommand | AnyQuery
    request: str = ""


class Welcome(msgspec.Struct, frozen=True, tag=True):
    """Greet a connection: who the desk is, what time it is there, and how fast its clock runs (1.0 but in the demo)."""

    desk: Untrusted
    version: str
    protocol: int
    now: datetime
    speed: float
    zone: str
    peer: str
    demo: bool = False


class SignedIn(msgspec.Struct, frozen=True, tag=True):
    """Answer a complete sign-in; `must_change` asks for a password of one's own before the first ticket.

    `stand` is where this person was when she was here last; `to_read` counts the policies that she has to accept or to
    read again.
    """

    login: str
    name: Untrusted
    role: str
    brands: tuple[tuple[str, Untrusted], ...]
    drafts: tuple[str, ...]
    idle_seconds: int
    notes: tuple[str, ...] = ()
    permits: tuple[str, ...] = ()
    must_change: bool = False
    stand: Stand | None = None
    to_read: int = 0


class Enrolling(msgspec.Struct, frozen=True, tag=True):
    """Answer a first sign-in: the key to put into the authenticator, as text in groups and as rows of a QR code."""

    login: str
    seed_text: str
    uri: str
    qr: tuple[str, ...]
    qr_marks: tuple[str, ...]


class Enrolled(msgspec.Struct, frozen=True, tag=True):
    """Answer a confirmed enrolment: the recovery codes, shown once, and the sign-in that is complete with it."""

    codes: tuple[str, ...]
    signed_in: SignedIn


class Codes(msgspec.Struct, frozen=True, tag=True):
    """Answer RenewCodes: the new recovery codes, shown once."""

    codes: tuple[str, ...]


class Done(msgspec.Struct, frozen=True, tag=True):
    """Answer a command: what to say on the message line, and what it made."""

    said: Untrusted = NOTHING
    ticket: int | None = None
    version: int | None = None
    contact: int | None = None
    held_until: datetime | None = None
    secret: str = ""


class No(msgspec.Struct, frozen=True, tag=True):
    """Refuse: one sentence, the named gaps, and for a stale command what happened meanwhile."""

    sentence: Untrusted
    code: str = "refused"
    gaps: tuple[tuple[str, Untrusted], ...] = ()
    changes: tuple[Untrusted, ...] = ()


class Page(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadQueue."""

    page: QueuePage


class Case(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadCase."""

    case: CaseView


class Explained(msgspec.Struct, frozen=True, tag=True):
    """Answer ExplainClock."""

    why: Why


class Templates(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadTemplates."""

    rows: tuple[TemplateRow, ...]


class People(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadPeople."""

    rows: tuple[PersonRow, ...]


class Found(msgspec.Struct, frozen=True, tag=True):
    """Answer Search."""

    rows: tuple[SearchRow, ...]


class Users(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadUsers."""

    rows: tuple[UserRow, ...]


class Addresses(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadAddresses: the rules, until when they are set aside (UTC), and where the asker is, as rules say it."""

    rows: tuple[AddressRow, ...]
    open_until: datetime | None = None
    here: str = ""


class Brands(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadBrands."""

    rows: tuple[BrandRow, ...]


class Status(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadStatus."""

    status: DeskStatus


class Audited(msgspec.Struct, frozen=True, tag=True):
    """Answer VerifyAudit."""

    report: AuditReport


class Copied(msgspec.Struct, frozen=True, tag=True):
    """Answer BeginBackup: where the copy of the database lies, and what it holds."""

    file: str
    manifest: Manifest


class Blanks(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadBlanks."""

    rows: tuple[BlankRow, ...]


AnyAnswer = (
    SignedIn
    | Enrolling
    | Enrolled
    | Codes
    | Done
    | No
    | Page
    | Case
    | Explained
    | Templates
    | People
    | Found
    | Users
    | Addresses
    | Brands
    | Status
    | Audited
    | Copied
    | Blanks
    | PolicyAnswer
    | ReadingAnswer
    | Duties
)


class Answer(msgspec.Struct, frozen=True, tag=True):
    """Answer the Ask of the same number."""

    number: int
    body: AnyAnswer


class Changed(msgspec.Struct, frozen=True, tag=True):
    """Tell a session which tickets moved; `queue`: order or counts may have changed; `news` is for the message line."""

    tickets: tuple[int, ...] = ()
    queue: bool = True
    news: tuple[Untrusted, ...] = ()
    arrived: int = 0


class Present(msgspec.Struct, frozen=True, tag=True):
    """Tell a session who is at which tickets now; tickets not named are as before, unless it is the `whole`."""

    rows: tuple[PresenceRow, ...]
    whole: bool = False


class Reaching(msgspec.Struct, frozen=True, tag=True):
    """Tell a session that the desk is reconnecting to its database, or has it `back`."""

    back: bool = False


class Locked(msgspec.Struct, frozen=True, tag=True):
    """Tell a session that it is locked now; `code_needed` says whether unlocking asks for the code."""

    since: datetime
    reason: str
    code_needed: bool = False


class Ended(msgspec.Struct, frozen=True, tag=True):
    """Tell a session that it is over, and why."""

    reason: str


FromServer = Welcome | Answer | Changed | Present | Reaching | Locked | Ended

_encoder = msgspec.msgpack.Encoder(enc_hook=written)
_asks: msgspec.msgpack.Decoder[Ask] = msgspec.msgpack.Decoder(Ask)
_tells: msgspec.msgpack.Decoder[FromServer] = msgspec.msgpack.Decoder(FromServer, dec_hook=read)


# Also what msgspec passes on: a text that is no UTF-8, and nesting without end.
_NO_MESSAGE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class BadFrame(Exception):
    """Report a frame that is too long, cut short or no message of ours."""


def frame(message: Ask | FromServer) -> bytes:
    """Return the bytes of one message, with its length in front."""
    body = _encoder.encode(message)
    return len(body).to_bytes(4, "big") + body


async def read_body(reader: asyncio.StreamReader, longest: int = LARGEST_FRAME) -> bytes | None:
    """Read one frame's body; None at a clean end of the stream. Raises BadFrame when it is too long or cut short."""
    try:
        head = await reader.readexactly(4)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise BadFrame("the frame's length was cut short") from None
        return None
    length = int.from_bytes(head, "big")
    if length > longest:
        raise BadFrame(f"a frame of {length} bytes is over the limit of {longest}")
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        raise BadFrame("the frame was cut short") from None


def read_ask(body: bytes) -> Ask:
    """Decode what a session asks; raises BadFrame."""
    try:
        return _asks.decode(body)
    except _NO_MESSAGE as error:
        raise BadFrame(f"not a question of ours: {error}") from None


def read_tell(body: bytes) -> FromServer:
    """Decode what the server tells; raises BadFrame."""
    try:
        return _tells.decode(body)
    except _NO_MESSAGE as error:
        raise BadFrame(f"not an answer of ours: {error}") from None
