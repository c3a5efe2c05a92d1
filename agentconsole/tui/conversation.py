"""The history of a ticket laid out as lines: who wrote what when, what became of it, what is quoted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from agentconsole.domain.text import clean_line
from agentconsole.domain.untrusted import Untrusted
from agentconsole.tui.lines import Line, Piece, spread, width_of, wrap
from agentconsole.wire.rows import AttachmentRow, CaseView, ContactRow

GoesAt = Mapping[int, datetime]
"""The instants at which held mails go, by the id of their contact, as far as this console was told."""

INDENT = "   "
FORGED = "this may not be from that address: its own server says so"
UNPROVEN = "no proof that it is from that address"
PROVEN = "sender checked"
SHOWN = 60_000
"""Characters of one message that are laid out; what is longer says so instead of making every key slow."""

_SENDING = {
    "held": ("held", "warn"),
    "queued": ("waiting to be sent", "warn"),
    "sending": ("sending", "warn"),
    "sent": ("sent", "met"),
    "unknown": ("not known whether it was sent", "refused"),
    "failed": ("not sent", "refused"),
    "taken back": ("taken back, not sent", "quote"),
}
_CHANNEL_WORDS = {"walkin": "visit", "webchat": "chat"}


@dataclass(frozen=True, slots=True)
class Layout:
    """Say how to lay a history out: the width in cells, the desk's zone, and which entries show their quoted text."""

    width: int
    zone: tzinfo
    unfolded: bool = False
    airy: bool = False
    goes_at: GoesAt = field(default_factory=dict)


def history(case: CaseView, layout: Layout, now: datetime) -> tuple[Line, ...]:
    """Lay out all entries of a ticket, oldest first; `now` is for the countdown of a held mail."""
    lines: list[Line] = []
    for contact in case.contacts:
        if lines and layout.airy:
            lines.append(Line(part=None))
        lines.extend(_entry(contact, layout, now))
    return tuple(lines)


def delivery(contact: ContactRow, goes_at: datetime | None, now: datetime) -> Piece:
    """Say in words what became of a mail: `held, goes in 8 s`, `not sent: mailbox unknown`."""
    state = contact.delivery.replace("_", " ")
    word, role = _SENDING.get(state, (state, "quote"))
    if contact.delivery == "held" and goes_at is not None:
        word = f"held, goes in {max(0, int((goes_at - now).total_seconds()))} s"
    note = contact.delivery_note.line(120)
    return (f"{word}: {note}" if note and word else note or word, role)


def _entry(contact: ContactRow, layout: Layout, now: datetime) -> Iterator[Line]:
    role = "note" if contact.kind in ("note", "automatic") else ""
    for line in _head(contact, layout, now):
        yield Line(line, contact.id)
    width = layout.width - len(INDENT)
    for text in wrap(_shown(contact.text), width):
        yield Line(((INDENT + text, role),), contact.id)
    if contact.quoted:
        yield from _quoted(contact, layout, width)
    for attachment in contact.attachments:
        yield Line(((INDENT + _attachment(attachment), "head"),), contact.id)


def _head(contact: ContactRow, layout: Layout, now: datetime) -> Iterator[tuple[Piece, ...]]:
    at = contact.at.astimezone(layout.zone)
    who, role = _who(contact, layout)
    goes_at = layout.goes_at.get(contact.id)
    mark = _mark(contact)
    first: tuple[Piece, ...] = ((f" {at:%a} {at.day} {at:%b %H:%M}  ", "head"), (who, role))
    proven = (f"  {PROVEN}", "quote")
    beside = contact.auth == "pass" and _room(first, mark, layout.width) >= width_of(proven[0])
    yield spread((*first, proven) if beside else first, mark, layout.width)
    if contact.delivery not in ("", "sent"):
        words, colour = delivery(contact, goes_at, now)
        for text in wrap(words, layout.width - len(INDENT) - 3):
            yield ((f"{INDENT}!! {text}" if colour == "refused" else f"{INDENT}-- {text}", colour),)
    if not beside:
        for text, look in _proof(contact, layout.width - len(INDENT)):
            yield ((f"{INDENT}{text}", look),)


def _proof(contact: ContactRow, width: int) -> Iterator[Piece]:
    """Say what our own mail server found of the sender's address (PROMISES H8): quietly where it is right."""
    mark, words, look = {
        "pass": ("--", PROVEN, "quote"),
        "none": ("--", UNPROVEN, ""),
        "fail": ("!!", FORGED, "warn"),
    }.get(contact.auth, ("", "", ""))
    for text in wrap(words, width - 3) if words else ():
        yield (f"{mark} {text}", look)


def _room(left: tuple[Piece, ...], right: Piece, width: int) -> int:
    """Return how many cells are left between what stands at the left edge and what at the right."""
    return width - sum(width_of(text) for text, _ in left) - (width_of(right[0]) + 1 if right[0] else 0)


def _mark(contact: ContactRow) -> Piece:
    if contact.fresh:
        return ("* NEW", "fresh")
    if contact.verdict:
        verdict = clean_line(contact.verdict, 30)
        return (f"[{verdict}]", "met" if verdict.startswith("in time") else "refused")
    return ("", "")


def _who(contact: ContactRow, layout: Layout) -> Piece:
    name = contact.name.line(80) or contact.email.line(80) or "unknown"
    channel = _CHANNEL_WORDS.get(contact.channel, contact.channel)
    if contact.kind == "note":
        return (f"note by {name} (internal)", "note")
    if contact.kind == "automatic":
        return ("automatic answer", "note")
    if contact.kind == "bounce":
        return (f"came back undelivered: {contact.email.line(80)}", "refused")
    if contact.author == "agent":
        return (f"{name} replied", "head")
    address = f"  <{contact.email.line(80)}>" if layout.airy and contact.email and contact.name else ""
    return (f"{name}{address}  ({channel})", "head")


def _shown(text: Untrusted) -> str:
    shown = text.lines(SHOWN).strip("\n")
    if len(text) > SHOWN:
        shown += f"\n(the message goes on: {len(text) - SHOWN:,} more characters)"
    return shown


def _quoted(contact: ContactRow, layout: Layout, width: int) -> Iterator[Line]:
    quoted = _shown(contact.quoted)
    count = quoted.count("\n") + 1
    words = "1 quoted line" if count == 1 else f"{count} quoted lines"
    yield Line(((f"{INDENT}> ({words}, Enter to {'fold' if layout.unfolded else 'show'})", "quote"),), contact.id)
    if layout.unfolded:
        for text in wrap(quoted, width - 2):
            yield Line(((f"{INDENT}> {text}", "quote"),), contact.id)


def _attachment(attachment: AttachmentRow) -> str:
    return f"[attachment {attachment.name.line(60)}, {_size(attachment.size)}]"


def _size(size: int) -> str:
    for unit, step in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= step:
            return f"{size / step:.0f} {unit}"
    return f"{size} bytes"
