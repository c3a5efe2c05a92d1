"""An `Outgoing` as the bytes of a mail; every header is written here, so that no text can become one."""

import binascii
import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime

from agentconsole.domain.errors import Refused
from agentconsole.domain.mail import Address, Attachment, Outgoing
from agentconsole.domain.text import clean_name

LINE_LIMIT = 76
SUBJECT_LIMIT = 400
REFERENCES_KEPT = 20

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_TEXT_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_CONTENT_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,60}/[A-Za-z0-9!#$&^_.+-]{1,100}")


def message_id(outbox_id: int | str, desk_id: str, domain: str) -> str:
    """Make the Message-ID of an outbox entry: the same for every attempt, so that a server's copy can be recognised."""
    digest = hashlib.sha256(f"agentconsole/message-id/1|{desk_id}|{outbox_id}".encode()).hexdigest()
    return f"<{digest[:40]}@{_domain(domain)}>"


def compose(mail: Outgoing, *, desk: str, sent_at: datetime) -> bytes:
    """Write a mail with CRLF line ends, ASCII only (RFC 5322, RFC 2045); `desk` goes into X-Agentconsole-Loop.

    Refuses an address or an own Message-ID that cannot stand in a header; control characters elsewhere are left out.
    """
    headers = [
        ("Date", format_datetime(sent_at)),
        ("From", _mailbox(mail.from_)),
        ("To", _mailboxes(mail.to)),
        ("Message-ID", _known_id(mail.message_id)),
        ("Subject", _words(_CONTROLS.sub(" ", mail.subject)[:SUBJECT_LIMIT])),
    ]
    if mail.reply_to:
        headers.append(("Reply-To", _mailbox(mail.reply_to)))
    # What a customer's mailer called its mail is no reason not to answer: an id that cannot be written is left out.
    if _MESSAGE_ID.fullmatch(mail.in_reply_to):
        headers.append(("In-Reply-To", mail.in_reply_to))
    if references := [known for known in mail.references if _MESSAGE_ID.fullmatch(known)]:
        headers.append(("References", " ".join(references[-REFERENCES_KEPT:])))
    if mail.automatic:
        headers += [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]
    headers += [("X-Agentconsole-Loop", _words(_CONTROLS.sub("", desk))), ("MIME-Version", "1.0")]
    return b"".join(_header(name, value) for name, value in headers) + _body(mail)


def envelope_sender(mail: Outgoing) -> str:
    """Give the address that bounces go to: none for automatic mail, so that nothing answers it (RFC 3834)."""
    return "" if mail.automatic else mail.from_.email


def _body(mail: Outgoing) -> bytes:
    text = _text_part(mail.text)
    if not mail.attachments:
        return text
    # "=_" can stand neither in base64 nor in quoted-printable, so the boundary is in no part.
    boundary = "=_" + hashlib.sha256(mail.message_id.encode()).hexdigest()[:32]
    parts = [text, *(_attachment_part(attachment) for attachment in mail.attachments)]
    opened = b"".join(b"--%b\r\n%b" % (boundary.encode(), part) for part in parts)
    return _header("Content-Type", f'multipart/mixed; boundary="{boundary}"') + b"\r\n%b--%b--\r\n" % (
        opened,
        boundary.encode(),
    )


def _text_part(text: str) -> bytes:
    """Write the text in quoted-printable where most of it stays readable, else in base64."""
    plain = _TEXT_CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    octets = plain.encode()
    head = _header("Content-Type", "text/plain; charset=utf-8")
    if sum(octet > 126 for octet in octets) * 3 > len(octets):
        return head + _base64(octets.replace(b"\n", b"\r\n"))
    lines = (_quoted_line(line) for line in octets.split(b"\n"))
    body = b"\r\n".join(lines).removesuffix(b"\r\n") + b"\r\n"
    return head + _header("Content-Transfer-Encoding", "quoted-printable") + b"\r\n" + body


def _quoted_line(line: bytes) -> bytes:
    """Write one line in quoted-printable; a leading dot or "From " is hidden from servers that would alter it."""
    quoted = binascii.b2a_qp(line, istext=False).replace(b"=\n", b"=\r\n")
    quoted = re.sub(rb"(?m)^\.", b"=2E", quoted)
    return re.sub(rb"(?m)^From ", b"=46rom ", quoted)


def _attachment_part(attachment: Attachment) -> bytes:
    kind = attachment.content_type if _CONTENT_TYPE.fullmatch(attachment.content_type) else "application/octet-stream"
    if kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"  # those may not be in base64 (RFC 2046), and would be read as mail again
    name = clean_name(attachment.name)
    return (
        _header("Content-Type", kind)
        + _header("Content-Disposition", f"attachment; {_filename(name)}")
        + _base64(attachment.content)
    )


def _filename(name: str) -> str:
    if _ATOMS.fullmatch(name.replace(".", "")) and len(name) < 60:
        return f'filename="{name}"'
    # RFC 2231 section 3: pieces short enough for a line each.
    octets = "utf-8''" + "".join(
        chr(octet) if chr(octet).isascii() and (chr(octet).isalnum() or octet in b".-_") else f"%{octet:02X}"
        for octet in name.encode()
    )
    pieces = [octets[start : start + 48] for start in range(0, len(octets), 48)]
    return "; ".join(f"filename*{number}*={piece}" for number, piece in enumerate(pieces))


def _base64(octets: bytes) -> bytes:
    body = b"".join(
        binascii.b2a_base64(octets[start : start + 57], newline=False) + b"\r\n" for start in range(0, len(octets), 57)
    )
    return _header("Content-Transfer-Encoding", "base64") + b"\r\n" + body


def _header(name: str, value: str) -> bytes:
    """Fold one header at its spaces; the value is ASCII without control characters by now, and that is asserted."""
    if not value.isascii() or _CONTROLS.search(value):
        raise Refused(f"The {name} of this mail has characters that no header can hold.")
    line = f"{name}:"
    lines: list[str] = []
    for word in value.split(" "):
        if len(line) + 1 + len(word) > LINE_LIMIT and line.strip() and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join((*lines, line)).encode("ascii") + b"\r\n"


def _mailboxes(addresses: Sequence[Address]) -> str:
    if not addresses:
        raise Refused("The mail has no recipient.")
    return ", ".join(map(_mailbox, addresses))


def _mailbox(address: Address) -> str:
    email = _writable(address.email)
    name = " ".join(_CONTROLS.sub(" ", address.name).split())[:120]
    if not name:
        return email
    if name.isascii() and "=?" not in name:
        quoted = name if _ATOMS.fullmatch(name) else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        return f"{quoted} <{email}>"
    return f"{_words(name)} <{email}>"


def _writable(email: str) -> str:
    local, _, domain = email.rpartition("@")
    written = f"{local}@{_domain(domain)}"
    if not _EMAIL.fullmatch(written):
        raise Refused(f"The address {email[:80]!r} cannot be written to.")
    return written


def _domain(domain: str) -> str:
    """Write a domain in ASCII (IDNA)."""
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError as trouble:
        raise Refused(f"The domain {domain[:80]!r} does not exist in any spelling.") from trouble


def _known_id(known: str) -> str:
    if not _MESSAGE_ID.fullmatch(known):
        raise Refused(f"The Message-ID {known[:80]!r} cannot stand in a header.")
    return known


def _words(text: str) -> str:
    """Write text as encoded words (RFC 2047) unless it is ASCII that no reader would take for one."""
    if text.isascii() and "=?" not in text and max(map(len, text.split(" "))) < 60:
        return " ".join(text.split())
    return " ".join(f"=?utf-8?b?{binascii.b2a_base64(piece, newline=False).decode()}?=" for piece in _pieces(text))


def _pieces(text: str) -> Iterator[bytes]:
    """Cut text into UTF-8 pieces of at most 42 bytes, never inside a character: each fits an encoded word."""
    piece = b""
    for letter in text:
        octets = letter.encode()
        if len(piece) + len(octets) > 42:
            yield piece
            piece = b""
        piece += octets
    if piece:
        yield piece
