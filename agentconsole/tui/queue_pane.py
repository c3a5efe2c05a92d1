"""Laying out a view of the queue: the list, what is said about its ticket, and who is at the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from agentconsole.domain.text import clean_line
from agentconsole.tui.duty_lines import above_list
from agentconsole.tui.lines import Line, clip, heading, wrap
from agentconsole.tui.messages import Messages
from agentconsole.tui.places import Places
from agentconsole.tui.presence import mark
from agentconsole.tui.queue_list import QueueList
from agentconsole.tui.queue_rows import WIDE_FROM, Columns, about, columns_line, row_line, tabs_line
from agentconsole.wire.brands import NO_BRAND
from agentconsole.wire.duties import DutyRow
from agentconsole.wire.rows import Counts, PersonRow, QueuePage, WatcherRow

STRIP_FROM = 33
"""From this height of the body on there is room for who is at the desk and for its news."""

ABOUT_FROM = 16
ABOUT_LINES = 4
WITHOUT_CASES = (
    "Your role answers no cases. Accounts, mailboxes and policies are looked after on the desk's host: "
    "`agentconsole user`, `mail`, `policy`, `doctor`."
)
NAMES = {"mine": "you", "team": "the team", "unassigned": "nobody in particular"}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a view shows now.

    `present` names who else is at a ticket, `preview`: what is said about the ticket under the cursor is wanted,
    `beside`: it has a pane of its own, `takes`: one may take a case, `serves`: the desk has a brand to answer for,
    `duties`: those that are asked for now.
    """

    view: str
    filter: str
    wrong: str
    list: QueueList
    page: QueuePage | None
    now: datetime
    zone: tzinfo
    people: tuple[PersonRow, ...]
    present: Callable[[int], tuple[WatcherRow, ...]]
    beside: bool = False
    preview: bool = True
    takes: bool = True
    serves: bool = True
    duties: tuple[DutyRow, ...] = ()

    @property
    def counts(self) -> Counts:
        """Return the desk's counts as of the page."""
        return self.page.counts if self.page is not None else Counts()


class QueuePane:
    """Lay out the lines of a view; it keeps nothing but where tabs and news are found."""

    def __init__(self, places: Places, messages: Messages) -> None:
        self._places = places
        self._messages = messages

    def list_width(self, width: int, *, preview: bool) -> int:
        """Return how many columns the list gets; wide terminals show a preview beside it, if one is wanted."""
        return width if width < WIDE_FROM or not preview else width - min(max(width * 28 // 100, 31), 56) - 1

    def left(self, shown: Shown, width: int, height: int) -> list[Line]:
        """Lay out tabs, columns, rows, and what there is room for below them."""
        total = shown.page.total if shown.page is not None else 0
        whole = {"mine": shown.counts.mine, "team": shown.counts.team}.get(shown.view, shown.counts.unassigned)
        kept = f"{total} of {whole} " if shown.page is not None else "reading "
        tabs = tabs_line(shown.view, shown.counts, shown.filter, kept, self._places.tabs_text(), width)
        below = self._below(shown, width, height)
        duties = above_list(shown.duties, width, shown.now, shown.zone)
        room = max(1, height - 2 - len(below) - len(duties))
        shown.list.resize(room)
        if not shown.list.rows:
            return [tabs, *duties, *self._empty(shown, width, room + 1), *below]
        columns = Columns.of(
            width,
            max(len(row.number) for row in shown.list.rows),
            owners=shown.view == "team",
        )
        return [tabs, *duties, columns_line(columns), *self._rows(shown, columns, width), *below]

    def preview(self, shown: Shown, width: int) -> list[Line]:
        """Lay out what is said about the ticket under the cursor."""
        row = shown.list.current
        return about(row, width, shown.now, shown.zone, airy=True) if row is not None else []

    def _rows(self, shown: Shown, columns: Columns, width: int) -> list[Line]:
        lines: list[Line] = []
        for entry in shown.list.window():
            if isinstance(entry, str):
                lines.append(heading(entry, width))
            elif entry is None:
                lines.append(Line())
            else:
                row = shown.list.rows[entry]
                lines.append(
                    row_line(
                        row,
                        columns,
                        shown.now,
                        here=entry == shown.list.cursor,
                        chosen=row.ticket in shown.list.selected,
                        arrived=row.ticket in shown.list.arrived,
                        present=mark(shown.present(row.ticket)),
                    )
                )
        return lines

    def _below(self, shown: Shown, width: int, height: int) -> list[Line]:
        if height >= STRIP_FROM:
            return self._strip(shown.people, width)
        if shown.beside or not shown.preview or height < ABOUT_FROM or shown.list.current is None:
            return []
        said = about(shown.list.current, width, shown.now, shown.zone, most=ABOUT_LINES - 1)
        return [Line((("-" * width, "rule"),)), *said, *[Line()] * (ABOUT_LINES - 1 - len(said))]

    def _strip(self, people: Sequence[PersonRow], width: int) -> list[Line]:
        lines: list[Line] = []
        if people:
            lines.append(heading("Team now", width))
            lines.extend(_people_lines(people, width))
        if self._messages.news:
            lines.append(heading("News", width))
            lines.extend(Line(((clip(f"  {news}", width), ""),)) for news in self._messages.news[:3])
        return lines

    def _empty(self, shown: Shown, width: int, room: int) -> list[Line]:
        if shown.page is None:
            texts = [f"Reading what waits for {NAMES[shown.view]} .."]
        elif shown.filter:
            texts = _emptied(shown.page, shown.filter)
        else:
            texts = _nothing(shown)
        lines = [Line(), Line()]
        for text in texts:
            lines.extend(Line(((f"      {piece}", ""),)) for piece in wrap(text, max(width - 8, 20)))
        return [*lines, *[Line()] * room][:room]


def _people_lines(people: Sequence[PersonRow], width: int) -> list[Line]:
    each = 40
    cells = [
        f"  {clean_line(person.login, 10):<10} {'here' if person.online else 'away'}  {person.open:>3} open"
        f"  {person.late:>2} LATE"
        for person in people
    ]
    in_a_row = max(1, width // each)
    rows = [cells[start : start + in_a_row] for start in range(0, min(len(cells), in_a_row * 4), in_a_row)]
    return [Line((("".join(f"{cell:<{each}}" for cell in row).rstrip(), ""),)) for row in rows]


def _emptied(page: QueuePage, text: str) -> list[str]:
    why = f"; {page.emptied_by.line(80)}" if page.emptied_by else ""
    return [f"Nothing here matches {clean_line(text, 80)}{why}.", "", "/ changes the filter, / Esc clears it."]


def _nothing(shown: Shown) -> list[str]:
    if not shown.serves:
        return [NO_BRAND]
    counts = shown.counts
    mine = "Nothing waits for you. Well done." if shown.takes else WITHOUT_CASES
    texts = [
        {"mine": mine, "team": "Nothing waits for the team. Well done."}.get(
            shown.view, "No case is without an owner."
        ),
        "",
    ]
    if shown.view != "unassigned" and counts.unassigned:
        cases = "1 case is" if counts.unassigned == 1 else f"{counts.unassigned} cases are"
        first = "n takes one, " if shown.takes else ""
        texts.append(f"Unassigned    {cases} nobody's yet: {first}g o lists them")
    if shown.view == "mine" and counts.team:
        texts.append(f"Team          {counts.team} open: g t lists them")
    for person in shown.people:
        if person.late and shown.view == "mine":
            texts.append(f"              {clean_line(person.login, 20)} has {person.late} LATE")
    return texts
