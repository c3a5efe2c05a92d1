"""How a queue is drawn: tabs, columns, one line a ticket, and what is said about the ticket under the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from agentconsole.domain.text import clean_line
from agentconsole.tui.format import CHANNELS, clock_cell, due_text, state_of, used_bar
from agentconsole.tui.lines import Line, Piece, clip, fit, width_of, wrap
from agentconsole.tui.theme import ON_CURSOR
from agentconsole.wire.rows import Counts, QueueRow

WIDE_FROM = 110
"""From this width on the preview has a pane of its own, and the list shows how much of a target is used."""

MOST_ABOUT = 40

WHY_FIRST = {
    "LIVE": "a person is waiting now.",
    "DUE": "this promise can still be kept, and has the least time left.",
    "LATE": "this promise is broken: the longest over its target first.",
    "SOON": "its time is running low.",
    "ok": "it has time left; the list goes by that.",
    "SHUT": "the desk is closed for this one; its clock stands still.",
    "WAIT": "we wait for the customer; its clock stands still.",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The widths of a list's columns in cells; 0 leaves a column out."""

    number: int
    customer: int
    subject: int
    used: int = 0
    who: int = 0

    @classmethod
    def of(cls, width: int, number: int, *, owners: bool) -> Columns:
        """Divide a list's width; the subject gets what is left."""
        number = min(max(number, 4), 9)
        used = 11 if width >= 86 else 0
        who = 6 if owners or width >= 86 else 0
        customer = min(max(width // 6, 10), 22) if width >= 60 else 8
        taken = 2 + 4 + 1 + 6 + 1 + used + 8 + 3 + number + 1 + 3 + customer + 1 + who
        return cls(number, customer, max(width - taken, 4), used, who)


def tabs_line(view: str, counts: Counts, filter_text: str, shown: str, places: str, width: int) -> Line:
    """Draw the views with their counts, the open work tabs, and the filter with what it keeps."""
    pieces: list[Piece] = []
    names = (
        ("mine", "My work", counts.mine),
        ("team", "Team", counts.team),
        ("unassigned", "Unassigned", counts.unassigned),
    )
    for name, title, count in names:
        text = f"[{title} {count}]" if name == view else f" {title} {count} "
        pieces.append((f" {text}" if not pieces else text, "here" if name == view else "tab"))
    if places:
        pieces.append((f" {places} ", "tab"))
    if width >= 60:
        pieces.append((f" / {clip(filter_text, 30) or 'filter:'}", "here" if filter_text else "tab"))
    used = sum(len(text) for text, _ in pieces)
    if used + len(shown) + 1 <= width:
        pieces.append((" " * (width - used - len(shown)) + shown, "tab"))
    return Line(tuple(pieces))


def columns_line(columns: Columns) -> Line:
    """Draw the headings of the columns."""
    used = f"{'USED':<{columns.used}}" if columns.used else ""
    who = "WHO" if columns.who else ""
    text = (
        f"  STATE  LEFT {used}NEXT    CH {fit('CASE', columns.number)} FL {fit('CUSTOMER', columns.customer)}"
        f" {fit('SUBJECT', columns.subject)}{who}"
    )
    return Line(((text, "column"),))


def row_line(
    row: QueueRow, columns: Columns, now: datetime, *, here: bool, chosen: bool, arrived: bool, present: str = ""
) -> Line:
    """Draw one ticket: `>` is the cursor, `*` a selected row, `+` one that arrived since the list was sorted.

    `present` (`<bo` looks, `*bo` writes) takes its place before the customer's name, so that no column moves for it.
    """
    word, left = clock_cell(row.clock, now)
    mark = ">" if here else "*" if chosen else "+" if arrived else " "
    second = "*" if here and chosen else " "
    look = "cursor" if here else ""
    used = fit(used_bar(row.clock, now), columns.used) if columns.used else ""
    who = f" {fit(row.owner or '--', columns.who - 1)}" if columns.who else ""
    customer, subject = f"{present} {row.customer.line(60)}".lstrip(), row.subject.line(200) or "(no subject)"
    flags = ("!" if row.starving else "") + row.flags + ("*" if row.fresh and "*" not in row.flags else "")
    return Line(
        (
            (mark + second, look),
            (f"{word:<4}", word + ON_CURSOR if here else word),
            (
                f" {left:>6} {used}{fit(row.next or '--', 7)} {CHANNELS.get(row.channel, '--')} "
                f"{fit(row.number, columns.number)} {fit(flags, 2)} "
                f"{fit(customer, columns.customer)} {fit(subject, columns.subject)}{who}",
                look,
            ),
        )
    )


def about(
    row: QueueRow, width: int, now: datetime, zone: tzinfo, *, airy: bool = False, most: int = MOST_ABOUT
) -> list[Line]:
    """Say about a ticket who it is, why it stands where it does, and what its clock goes by; `airy` spaces it out.

    It takes at most `most` lines; a sentence that had to be cut for that ends in `..`.
    """
    who = row.customer.line(80) or row.email.line(80)
    lines = [Line(((clip(f" {row.number} {row.channel}, {who}", width), "head"),))]
    waiting = row.waiting_text.line(300)
    texts = [f"Why here: {_why(row, now)}"]
    if row.clock is not None:
        clause = f" ({row.clock.clause})" if row.clock.clause.strip() else ""
        rule = f"{clean_line(row.clock.text, 160)}{clause}" if row.clock.text else row.clock.standard
        due = f", due {due_text(row.clock.due_at, now, zone)}" if row.clock.due_at is not None else ""
        if most < MOST_ABOUT:
            rule = clip(rule, max(width - 2 - width_of(f"Rule: {due}"), 2))  # when it is due is what matters
        texts.append(f"Rule: {rule}{due}")
    if waiting:
        texts.append(f"> {waiting}")
    for text in texts:
        if airy:
            lines.append(Line())
        lines.extend(Line(((f" {piece}", ""),)) for piece in _wrapped(text, max(width - 2, 10), most - len(lines)))
    return lines[:most]


def _wrapped(text: str, width: int, room: int) -> list[str]:
    pieces = list(wrap(text, width))
    if 0 < room < len(pieces):
        return [*pieces[: room - 1], fit(f"{pieces[room - 1]} {pieces[room]}", width)]
    return pieces[: max(room, 0)]


def _why(row: QueueRow, now: datetime) -> str:
    if row.starving:
        return "it has waited more than twice its target, so it goes before the rest."
    state = state_of(row.clock, now).value if row.clock is not None else row.tier
    return WHY_FIRST.get(state, "no clock runs on it.")
