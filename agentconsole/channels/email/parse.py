"""A raw mail as a `ParsedMail`: any bytes in, cleaned values out; runs in the limited child process."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from agentconsole.channels.email.addresses import RECIPIENTS_LIMIT, read_addresses
from agentconsole.channels.email.authentication import sender_result
from agentconsole.channels.email.bounces import read_prose, read_report
from agentconsole.channels.email.charsets import decode_text, decode_words
from agentconsole.channels.email.frames import RAW_LIMIT
from agentconsole.channels.email.headers import Headers, read_parameters
from agentconsole.channels.email.site import Site
from agentconsole.channels.email.structure import Part, body_of, read_structure
from agentconsole.domain.loops import Marks, kind_of
from agentconsole.domain.mail import Address, Attachment, AuthResult, AutoKind, Bounce, ParsedMail, Unparsable
from agentconsole.domain.text import clean, clean_line, clean_name
from agentconsole.domain.threading import same_address

DECODED_LIMIT = 50 * 1024 * 1024
TEXT_LIMIT = 1_000_000
SUBJECT_LIMIT = 400
REFERENCES_LIMIT = 100

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_CONTENT_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}")
_PRIVATE_MARKS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-mail-autoreply", "x-cron-env")


@dataclass(slots=True)
class _Contents:
    """Gather a mail's texts and attachments on the walk through its parts."""

    texts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    html_used: bool = False
    decoded: int = 0

    def note(self, sentence: str) -> None:
        """Say once what was left out."""
        if sentence not in self.notes:
            self.notes.append(sentence)


def parse_mail(raw: bytes, site: Site) -> ParsedMail | Unparsable:
    """Read a mail within the limits of PROMISES 6.9; damage is noted and never raises."""
    if len(raw) > RAW_LIMIT:
        return Unparsable(f"The message is larger than {RAW_LIMIT // 1024 // 1024} MB.")
    if not raw.strip():
        return Unparsable("The message is empty.")
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    structure = read_structure(raw)
    root, headers = structure.root, structure.root.headers
    contents = _Contents(notes=structure.notes)
    _gather(raw, root, contents)
    writers = _addresses(headers, "from", contents)
    senders = writers or _addresses(headers, "sender", contents)
    if len(senders) > 1:
        contents.note("The mail names more than one sender; the first is shown.")
    sender = senders[0] if senders else Address("", "")
    if not sender.email:
        contents.note("The mail names no sender that can be answered.")
    reply_to = next((address for address in _addresses(headers, "reply-to", contents) if address.email), None)
    if reply_to and same_address(reply_to.email) != same_address(sender.email):
        contents.note(f"The mail asks for answers to {reply_to.email[:80]}; the desk answers its sender.")
    text = clean("\n\n".join(text.strip("\n") for text in contents.texts if text.strip()))
    bounce = read_report(raw, root)
    auto = kind_of(_marks(headers, root, bounce), sender.email, site.desk)
    if auto is AutoKind.BOUNCE and bounce is None:
        bounce = read_prose(headers, text)
    if headers.dropped:
        contents.note("Some headers are longer than the desk reads; the raw message has them all.")
    return ParsedMail(
        message_id=_first_id(headers.first("message-id")),
        in_reply_to=_first_id(headers.first("in-reply-to")),
        references=_references(headers),
        sender=sender,
        reply_to=reply_to,
        to=_addresses(headers, "to", contents),
        cc=_addresses(headers, "cc", contents),
        subject=clean_line(decode_words(headers.first("subject")), SUBJECT_LIMIT),
        sent_at=_instant(headers.first("date")),
        text=text,
        html_used=contents.html_used,
        attachments=tuple(contents.attachments),
        auto=auto,
        bounce=_cleaned(bounce) if auto is AutoKind.BOUNCE and bounce else None,
        auth=_proof(headers, sender, writers, site),
        headers_dropped=headers.dropped,
        notes=tuple(contents.notes),
    )


def _proof(headers: Headers, sender: Address, writers: Sequence[Address], site: Site) -> AuthResult:
    """Say whether the sender is proved: one who is not the one address in From is not, whatever a server says of it."""
    if sender.email and {same_address(writer.email) for writer in writers} != {same_address(sender.email)}:
        return AuthResult.FAIL
    return sender_result(headers, sender.email, site.authserv_ids)


def _gather(raw: bytes, part: Part, contents: _Contents, *, text_wanted: bool = True) -> None:
    """Walk the parts, at most 20 deep: the text a person would see, and everything else as attachments."""
    if part.content_type == "multipart/alternative" and part.children:
        chosen = _chosen(raw, part)
        for child in part.children:
            if text_wanted and child is chosen:
                _gather(raw, child, contents)
            elif not _is_text(child):
                _gather(raw, child, contents, text_wanted=False)
    elif part.children:
        for child in part.children:
            _gather(raw, child, contents, text_wanted=text_wanted)
    elif not _is_text(part):
        _attach(raw, part, contents)
    elif text_wanted:
        contents.texts.append(_text(raw, part, contents))


def _chosen(raw: bytes, alternative: Part) -> Part:
    """Choose among alternatives: the plain text unless it is blank, else the last, which is the richest."""
    plain = next((child for child in alternative.children if child.content_type == "text/plain"), None)
    if plain and body_of(raw, plain).strip():
        return plain
    rich = [child for child in alternative.children if child.content_type.startswith(("text/html", "multipart/"))]
    return rich[-1] if rich else alternative.children[-1]


def _is_text(part: Part) -> bool:
    """Say whether a part is meant to be read; one with a name is a file, unless it is all there is to the mail."""
    disposition, _ = read_parameters(part.headers.first("content-disposition"))
    is_file = disposition == "attachment" or (part.depth > 0 and _given_name(part) != "")
    return part.content_type in ("text/plain", "text/html") and not is_file


def _text(raw: bytes, part: Part, contents: _Contents) -> str:
    text = decode_text(body_of(raw, part), part.parameters.get("charset", "")).replace("\r\n", "\n")
    room = max(0, TEXT_LIMIT - sum(map(len, contents.texts)))
    if part.content_type == "text/html":
        from agentconsole.channels.email.markup import HTML_LIMIT, text_of_html  # noqa: PLC0415  brings lxml

        contents.html_used = True
        if len(text) > HTML_LIMIT:
            contents.note("The HTML is longer than the desk shows; the rest is in the raw message.")
        text, readable = text_of_html(text[: min(HTML_LIMIT, room)])
        if not readable:
            contents.note("The HTML could not be laid out; its bare text is shown.")
    if len(text) > room:
        contents.note(f"The text is longer than {TEXT_LIMIT:,} characters; the rest is in the raw message.")
    return text[:room]


def _attach(raw: bytes, part: Part, contents: _Contents) -> None:
    content = body_of(raw, part)
    contents.decoded += len(content)
    if contents.decoded > DECODED_LIMIT:
        contents.note("The attachments are larger than 50 MB together; the rest is only in the raw message.")
        return
    kind = part.content_type if _CONTENT_TYPE.fullmatch(part.content_type) else "application/octet-stream"
    name = clean_name(_given_name(part) or ("message.eml" if kind == "message/rfc822" else ""))
    digest = hashlib.sha256(content).hexdigest()
    contents.attachments.append(Attachment(name, kind, len(content), digest, content))


def _given_name(part: Part) -> str:
    _, disposition = read_parameters(part.headers.first("content-disposition"))
    return decode_words(disposition.get("filename", "") or part.parameters.get("name", ""))


def _addresses(headers: Headers, name: str, contents: _Contents) -> tuple[Address, ...]:
    found = tuple(address for value in headers.all(name)[:20] for address in read_addresses(value))
    if len(found) >= RECIPIENTS_LIMIT:
        contents.note(f"Only the first {RECIPIENTS_LIMIT} addresses are kept.")
    return found[:RECIPIENTS_LIMIT]


def _marks(headers: Headers, root: Part, bounce: Bounce | None) -> Marks:
    receipt = root.content_type == "multipart/report" and bounce is None
    return Marks(
        auto_submitted=clean_line(headers.first("auto-submitted"), 100),
        precedence=clean_line(headers.first("precedence"), 100),
        is_list=headers.has("list-id") or headers.has("list-unsubscribe-post"),
        null_return_path=headers.has("return-path") and headers.first("return-path").strip() in ("<>", ""),
        report=bounce is not None,
        loop=clean_line(headers.first("x-agentconsole-loop"), 200),
        answered_by_machine=receipt or any(headers.has(name) for name in _PRIVATE_MARKS),
    )


def _first_id(value: str) -> str:
    found = _MESSAGE_ID.search(value)
    return clean_line(found.group(), 260) if found else ""


def _references(headers: Headers) -> tuple[str, ...]:
    """List the References oldest first, each once; of very many the newest, which lie nearest to the thread's end."""
    found = dict.fromkeys(clean_line(known, 260) for known in _MESSAGE_ID.findall(headers.first("references")))
    return tuple(found)[-REFERENCES_LIMIT:]


def _instant(date: str) -> datetime | None:
    """Read a Date header as UTC; None for one that is missing, senseless or out of this century."""
    try:
        stamp = parsedate_to_datetime(date[:100])
        instant = stamp.replace(tzinfo=stamp.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return instant if 1990 <= instant.year <= 2100 else None


def _cleaned(bounce: Bounce) -> Bounce:
    return Bounce(
        original_message_id=clean_line(bounce.original_message_id, 260),
        recipient=clean_line(bounce.recipient, 320),
        status=bounce.status,
        hard=bounce.hard,
        delayed=bounce.delayed,
    )
