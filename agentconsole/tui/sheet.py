"""The composer laid out as lines: whom it goes to, the text, templates, what the customer wrote last, the checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from agentconsole.domain.review import Check, Level
from agentconsole.domain.text import clean
from agentconsole.domain.untrusted import NOTHING
from agentconsole.tui.blanks import Place, filled
from agentconsole.tui.buffer import Buffer, Row
from agentconsole.tui.case_side import side_of_text
from agentconsole.tui.lines import Line, Piece, beside, clip, fit, heading, wrap
from agentconsole.wire.rows import CaseView, ContactRow, QueueRow, TemplateRow

WIDE_FROM = 110
TALL_FROM = 18
"""Rows of the body from which on the composer shows more than the text."""

WORDS_FROM = 3
"""Rows below a text from which on they show what the customer wrote last."""

HELD = " y e w: held some seconds, u takes it back.   d keeps the draft and leaves."
MARKS = {Level.OK: ("ok ", "ok"), Level.NOTE: ("-- ", ""), Level.WARN: ("!! ", "warn"), Level.BLOCK: ("XX ", "refused")}
_TITLES = {
    "note": "Note on case {number}: staff only, the customer never sees it",
    "escalate": "Hand case {number} to the supervisor: why, and what is needed",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Gather what the composer shows. `state` is text, review, picker or stopped."""

    kind: str
    state: str
    buffer: Buffer
    case: CaseView | None
    row: QueueRow | None
    zone: tzinfo
    now: datetime
    templates: tuple[TemplateRow, ...] = ()
    values: Mapping[str, str] | None = None
    typed: str = ""
    picked: int = 0
    checks: tuple[Check, ...] = ()
    changes: tuple[str, ...] = ()
    marked: tuple[Place, Place] | None = None
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """Return the rows, the first row of the text in view, where the cursor stands in the body, and the text's size."""

    rows: list[Line]
    top: int
    cursor: tuple[int, int] | None
    width: int = 78
    height: int = 10


def lay_out(sheet: Sheet, width: int, height: int, top: int) -> Laid:
    """Lay the composer out in a body of this size; `top` is the first row of the text that was in view before."""
    if sheet.state == "stopped":
        return Laid([*_head(sheet, width), *_stopped(sheet, width)], top, None)
    side_width = min(max(42, width * 35 // 100), 56) if width >= WIDE_FROM else 0
    left_width = width - side_width - 1 if side_width else width
    head = _head(sheet, left_width)
    below = _below(sheet, left_width, height - len(head), wide=bool(side_width))
    room = max(1, height - len(head) - len(below))
    text, top, cursor = _text(sheet, left_width - 2, room, top)
    rows = [*head, *text, *[Line()] * (room - len(text)), *below]
    if side_width:
        rows = beside(rows, _side(sheet, side_width, height), left_width, height)
    place = None if cursor is None else (cursor[0] + 1, cursor[1] + len(head))
    return Laid(rows, top, place, left_width - 2, room)


def _head(sheet: Sheet, width: int) -> tuple[Line, ...]:
    rule = Line((("-" * width, "rule"),))
    shown = sheet.case or sheet.row
    number = shown.number if shown is not None else ""
    subject = shown.subject.line(300) if shown is not None else ""
    if sheet.kind != "reply":
        return Line(((clip(" " + _TITLES[sheet.kind].format(number=number), width), "head"),)), rule
    to = sheet.case.customer.email if sheet.case is not None else sheet.row.email if sheet.row is not None else NOTHING
    # Before a mailbox is connected there is no address; whose name the customer will read is known.
    us = (sheet.case.from_address or sheet.case.brand_name).line(80) if sheet.case is not None else ""
    sender = f"      From  {us}" if us else ""
    regarding = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    first = f" To  {to.line(120)}{sender}      Case {number}"
    return Line(((clip(first, width), "head"),)), Line(((clip(f" {regarding}", width), "head"),)), rule


def _text(sheet: Sheet, width: int, height: int, top: int) -> tuple[list[Line], int, tuple[int, int] | None]:
    """Return the rows of the text in view, with the cursor drawn into them unless the text is only read."""
    rows = sheet.buffer.rows(width)
    if sheet.state == "review":
        top = min(max(top, 0), max(0, len(rows) - height))
        return [_row(sheet, row, None) for row in rows[top : top + height]], top, None
    at = sheet.buffer.row_of_cursor(rows)
    if not top <= at < top + height:
        # Half a page at the edge: a line for each key would repaint everything at each key.
        top = max(0, at - height // 2)
    top = min(top, max(0, len(rows) - max(1, height // 2)))
    cell = min(sheet.buffer.cell_of_cursor(rows[at]), width)
    typing = sheet.state == "text"
    shown = [
        _row(sheet, row, sheet.buffer.column if typing and number == at else None)
        for number, row in enumerate(rows[top : top + height], top)
    ]
    return shown, top, (cell, at - top) if typing else None


def _row(sheet: Sheet, row: Row, cursor: int | None) -> Line:
    text = sheet.buffer.lines[row.line][row.start : row.end]
    marks: list[tuple[int, int, str]] = []
    if sheet.marked is not None and sheet.marked[0][0] == row.line:
        (_, first), (_, last) = sheet.marked
        marks.append((max(first - row.start, 0), min(last - row.start, len(text)), "caret"))
    elif cursor is not None:
        marks.append((cursor - row.start, cursor - row.start + 1, "caret"))
    pieces: list[Piece] = [(" ", "")]
    end = 0
    for first, last, look in marks:
        if first < last:
            pieces += [(text[end:first], ""), (text[first:last] or " ", look)]
            end = max(last, 0)
    return Line((*pieces, (text[end:], "")))


def _below(sheet: Sheet, width: int, room: int, *, wide: bool) -> list[Line]:
    if sheet.state == "review":
        lines = [heading("checks before sending", width), *_checks(sheet.checks, width)]
        lines.append(Line(((HELD, "quote"),)))
    elif sheet.state == "picker" and not wide:
        lines = _picker(sheet, width, room * 2 // 3)
    elif sheet.kind != "reply" or room < TALL_FROM - 3:
        return []
    elif sheet.unread and not wide:
        lines = _last_words(sheet, width, room // 2)
    elif wide:
        live = [check for check in sheet.checks if check.field != "words"]
        lines = [*_last_words(sheet, width, room // 3), heading("checks (live)", width), *_checks(tuple(live), width)]
    else:
        lines = _abbreviations(sheet, width)
        # What is answered stands in the room that the text does not need yet.
        free = room - len(lines) - len(sheet.buffer.rows(width - 2)) - 1
        if free >= WORDS_FROM:
            lines = [*_last_words(sheet, width, free), *lines]
    return lines[: max(0, room - 3)]


def _checks(checks: tuple[Check, ...], width: int) -> list[Line]:
    found: list[Line] = []
    for check in checks:
        mark, look = MARKS[check.level]
        clause = f" [{check.clause}]" if check.clause else ""
        for number, text in enumerate(wrap(check.sentence + clause, width - 5)):
            found.append(Line(((" ", ""), (mark if number == 0 else "   ", look), (text, ""))))
    return found


def _abbreviations(sheet: Sheet, width: int) -> list[Line]:
    """Name the templates in two columns, and the blanks that are left."""
    half = width // 2
    names = [fit(f" ;{row.abbr:<4} {row.title.line(60)}", half) for row in sheet.templates[:4]]
    rows = [Line((("".join(names[at : at + 2]), ""),)) for at in range(0, len(names), 2)]
    blank = next((check for check in sheet.checks if check.field == "placeholder" and check.level != Level.OK), None)
    if blank is not None:
        said = blank.sentence
    elif len(sheet.templates) > 4:
        said = f"{len(sheet.templates) - 4} more: ctrl+t shows them all."
    else:
        said = ""
    return [heading("insert with ;abbr Tab", width), *rows, Line(((clip(f" {said}", width), "quote"),))]


def _picker(sheet: Sheet, width: int, room: int) -> list[Line]:
    """List the templates that the search keeps, with the marked one's text filled for this customer."""
    listed = max(2, min(len(sheet.templates), room // 2))
    first = max(0, min(sheet.picked - listed // 2, len(sheet.templates) - listed))
    lines = [heading(f"templates: {sheet.typed}_" if sheet.state == "picker" else "templates   ;abbr Tab", width)]
    for number, row in enumerate(sheet.templates[first : first + listed], first):
        here = sheet.state == "picker" and number == sheet.picked
        text = f" {'>' if here else ' '} ;{row.abbr:<5} {row.title.line(80)}"
        lines.append(Line(((fit(text, width), "cursor" if here else ""),)))
    if not sheet.templates:
        return [*lines, Line(((" no template has that in it", "quote"),))]
    row = sheet.templates[sheet.picked]
    lines += [heading(f"preview ;{row.abbr} (customer's data filled)", width)]
    text = filled(row, sheet.values or {}).text
    lines += [Line(((f" {line}", "quote"),)) for line in wrap(text, width - 2)]
    return lines[: max(room, 4)]


def _side(sheet: Sheet, width: int, height: int) -> list[Line]:
    """Show the templates, and the clocks and the customer where the case view has them, too."""
    lines = _picker(sheet, width, height if sheet.state == "picker" else height // 3) if sheet.kind == "reply" else []
    if sheet.case is None or sheet.state == "picker":
        return lines
    return [*lines, *side_of_text(sheet.case, width, sheet.zone, sheet.now)][:height]


def _last_words(sheet: Sheet, width: int, room: int) -> list[Line]:
    """Show what the customer wrote last, or, once the sending was stopped, all that is new."""
    if sheet.case is None:
        return []
    wrote = [contact for contact in sheet.case.contacts if contact.author == "customer"]
    new = [contact for contact in sheet.case.contacts if contact.fresh] if sheet.unread else []
    lines: list[Line] = []
    for contact in new or wrote[-1:]:
        told = _came(contact) if new else _whose(contact)
        lines.append(heading(f"{told}, {_when(contact.at, sheet.zone)}", width))
        lines += [Line(((f"   {text}", ""),)) for text in wrap(contact.text.lines(8_000).strip(), width - 4)]
    if len(lines) > room > 1:
        lines = [*lines[: room - 1], Line((("   ..", "quote"),))]
    return lines


def _whose(contact: ContactRow) -> str:
    if contact.author == "customer":
        return "last message from the customer"
    return f"{contact.kind} by {contact.name.line(40)}"


def _came(contact: ContactRow) -> str:
    """Name what came while the text was written."""
    who = contact.name.line(40) or "the customer"
    return f"new: {who} wrote" if contact.author == "customer" else f"new: {contact.kind} by {who}"


def _when(at: datetime, zone: tzinfo) -> str:
    there = at.astimezone(zone)
    return f"{there:%a} {there.day} {there:%b %H:%M}"


def _stopped(sheet: Sheet, width: int) -> list[Line]:
    """Frame 25: say what happened while the agent wrote, and what can be done."""
    lines = [Line((("!! NOT SENT.", "refused"), (" While you wrote, something changed in this case:", ""))), Line()]
    for change in sheet.changes:
        first, *rest = clean(change[:4_000]).split("\n")
        lines += [Line(((f"   {text}", ""),)) for text in wrap(first, width - 4)]
        lines += [Line(((f"          {text}", "quote"),)) for line in rest for text in wrap(line, width - 12)]
    choices = (
        ("v", "read the new messages next to your draft (best)"),
        ("y", "send anyway: it crossed, and the case stays open"),
        ("Enter", "back to editing"),
        ("d", "keep as draft and leave"),
    )
    lines += [Line(), Line((("   Your text is kept.", ""),)), Line()]
    lines += [Line((("   ", ""), (f"{key:<6}", "key"), (f" {label}", ""))) for key, label in choices]
    return lines
