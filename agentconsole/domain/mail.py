"""What a mail is to the desk once it has been read, and what the desk hands over to be sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """Name one correspondent; `name` may be empty, `email` is empty when the mail gave none that can be used."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """Carry one enclosed file: a cleaned name to show, and the SHA-256 (hex) under which its content is stored."""

    name: str
    content_type: str
    size: int
    sha256: str
    content: bytes


class AutoKind(StrEnum):
    """Say what kind of machine wrote a mail; `none` means that a person did, as far as the mail tells."""

    NONE = "none"
    AUTO_REPLY = "auto_reply"
    BULK = "bulk"
    BOUNCE = "bounce"
    OWN_LOOP = "own_loop"


class AuthResult(StrEnum):
    """Say whether our own receiving server proved the sender's address (RFC 8601), disproved it, or did not say."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Bounce:
    """Report that a mail of ours was not delivered (RFC 3464); `status` is the enhanced code such as `5.1.1`, or empty.

    `original_message_id` is empty when the report does not name the mail; `hard` means that trying again is useless.
    A `delayed` mail is still being tried by the server that reports: it has not come back.
    """

    original_message_id: str
    recipient: str
    status: str
    hard: bool
    delayed: bool = False


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """Hold one mail from outside, read and cleaned: every text is safe to show, every Message-ID has its brackets.

    `sent_at` is UTC and only what the sender claims. `auth` counts only results of a server the desk trusts.
    `headers_dropped` and `notes` say what the limits left out, in sentences fit for an agent.
    """

    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    sender: Address
    reply_to: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    sent_at: datetime | None
    text: str
    html_used: bool
    attachments: tuple[Attachment, ...]
    auto: AutoKind
    bounce: Bounce | None
    auth: AuthResult
    headers_dropped: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unparsable:
    """Say in one sentence why a mail could not be read; its raw text is kept and becomes a ticket of its own."""

    reason: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Hold one mail the desk is about to send; `automatic` mail is marked as such and never asks for a bounce."""

    message_id: str
    from_: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    in_reply_to: str
    references: tuple[str, ...]
    reply_to: Address | None
    automatic: bool
    attachments: tuple[Attachment, ...] = ()
