"""The list of a queue as its user sees it: order, window, selection, and the cursor that stays on its ticket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from agentconsole.wire.rows import QueueRow

WAITS = "WAIT"
"""The tier of a ticket that waits for its customer, or for a promised date."""

WAITING = "waiting: for the customer, or a date"
CAME = "new below, not sorted yet: R sorts"


@dataclass(slots=True)
class QueueList:
    """Hold rows in the order they are shown, which is the desk's order only until something moves.

    Headings stand between the rows: above what waits, and above what has come below that since. `top` is the line shown
    first, rows and headings counted; it is below zero when rows above the cursor went away, so that the row under the
    cursor stays where it is on the screen (U14).
    """

    rows: list[QueueRow] = field(default_factory=list)
    cursor: int = 0
    top: int = 0
    height: int = 1
    selected: set[int] = field(default_factory=set)
    arrived: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)

    @property
    def current(self) -> QueueRow | None:
        """Return the row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    @property
    def chosen(self) -> tuple[QueueRow, ...]:
        """Return the selected rows, or else the one under the cursor."""
        if self.selected:
            return tuple(row for row in self.rows if row.ticket in self.selected)
        return (self.current,) if self.current is not None else ()

    @property
    def line(self) -> int:
        """Return the line of the window that the row under the cursor is on."""
        return self._place(self.cursor) - self.top

    def window(self) -> Iterator[int | str | None]:
        """Yield what each line of the window shows: a row by its index, a heading, or nothing."""
        headings = {at + before: title for before, (at, title) in enumerate(self._headings().items())}
        for line in range(self.top, self.top + self.height):
            index = line - sum(1 for at in headings if at < line)
            yield headings[line] if line in headings else index if 0 <= index < len(self.rows) else None

    def find(self, ticket: int) -> QueueRow | None:
        """Return a ticket's row."""
        return next((row for row in self.rows if row.ticket == ticket), None)

    def neighbour(self, ticket: int, step: int) -> QueueRow | None:
        """Return the row `step` rows from a ticket's, and put the cursor there."""
        at = next((index for index, row in enumerate(self.rows) if row.ticket == ticket), self.cursor)
        if not 0 <= at + step < len(self.rows):
            return None
        self.cursor = at + step
        self._show_cursor()
        return self.rows[self.cursor]

    def load(self, rows: tuple[QueueRow, ...], at: int = 0) -> None:
        """Show another list from its beginning; the cursor stands on the ticket `at`, if it is listed."""
        self.rows = list(rows)
        self.cursor = self.top = 0
        self.selected.clear()
        self.arrived.clear()
        self.waiting = _what_waits(self.rows)
        self.move_to(next((index for index, row in enumerate(rows) if row.ticket == at), 0))

    def resort(self, rows: tuple[QueueRow, ...]) -> None:
        """Show the desk's order; the cursor goes with its ticket."""
        ticket = self.current.ticket if self.current is not None else None
        self.rows = list(rows)
        self.arrived.clear()
        self.waiting = _what_waits(self.rows)
        self.cursor = next((index for index, row in enumerate(rows) if row.ticket == ticket), self.cursor)
        self._keep_selection()
        self.top = 0
        self._show_cursor()

    def merge(self, rows: tuple[QueueRow, ...]) -> int:
        """Take in what is new without moving what is seen: the order stays, arrivals go below.

        Return how many of them nobody has answered yet; a ticket that one took back is no news.
        """
        new = {row.ticket: row for row in rows}
        known = {row.ticket for row in self.rows}
        kept = [new[row.ticket] for row in self.rows if row.ticket in new]
        came = [row for row in rows if row.ticket not in known]
        line = self.line
        above = sum(1 for row in self.rows[: self.cursor] if row.ticket not in new)
        self.rows = kept + came
        self.cursor -= above
        self.arrived |= {row.ticket for row in came}
        self._keep_selection()
        self.top = self._place(self.cursor) - line
        if self.cursor >= len(self.rows):
            self.cursor = max(0, len(self.rows) - 1)
            self._show_cursor()
        return sum(row.fresh for row in came)

    def append(self, rows: tuple[QueueRow, ...]) -> None:
        """Add the next page below."""
        known = {row.ticket for row in self.rows}
        self.rows.extend(row for row in rows if row.ticket not in known)
        self.waiting |= {row.ticket for row in rows if row.tier == WAITS and row.ticket not in self.arrived}

    def move(self, step: int) -> None:
        """Move the cursor; at the edge the window moves by half its height, for a scrolled screen is dear to send."""
        if self.rows:
            self.cursor = min(max(self.cursor + step, 0), len(self.rows) - 1)
            self._show_cursor()

    def move_to(self, index: int) -> None:
        """Move the cursor to a row by its place; -1 is the last."""
        self.move((len(self.rows) if index < 0 else 0) + index - self.cursor)

    def move_past(self, ticket: int) -> None:
        """Put the cursor on the row after a ticket that its user is done with."""
        at = next((index for index, row in enumerate(self.rows) if row.ticket == ticket), None)
        if at is not None and self.cursor == at:
            self.move(1)

    def resize(self, height: int) -> None:
        """Fit the window to so many lines."""
        if height != self.height:
            self.height = max(1, height)
            self._show_cursor()

    def toggle(self) -> None:
        """Select the row under the cursor, or take it out of the selection, and step on."""
        if self.current is not None:
            self.selected ^= {self.current.ticket}
            self.move(1)

    def select_all(self) -> None:
        """Select all rows."""
        self.selected = {row.ticket for row in self.rows}

    def _keep_selection(self) -> None:
        self.selected &= {row.ticket for row in self.rows}
        self.arrived &= {row.ticket for row in self.rows}
        self.waiting &= {row.ticket for row in self.rows}

    def _headings(self) -> dict[int, str]:
        """Return the headings by the index of the row that each stands above, in their order."""
        first = next((index for index, row in enumerate(self.rows) if row.ticket in self.waiting), None)
        if first is None:
            return {}
        since = range(first, len(self.rows))
        came = next((index for index in since if self.rows[index].ticket in self.arrived), None)
        return {first: WAITING} if came is None else {first: WAITING, came: CAME}

    def _place(self, index: int) -> int:
        """Return the line of the whole list that a row is on."""
        return index + sum(1 for at in self._headings() if at <= index)

    def _show_cursor(self) -> None:
        half = max(1, self.height // 2)
        at = self._place(self.cursor)
        if self.cursor == 0 and at < self.height:
            self.top = min(self.top, 0)
        elif at < self.top:
            self.top = max(0, min(at, self.top - half))
        if at >= self.top + self.height:
            last = len(self.rows) + len(self._headings())
            self.top = max(at - self.height + 1, min(self.top + half, last - self.height))


def _what_waits(rows: list[QueueRow]) -> set[int]:
    """Return the tickets at the end of a list that wait for somebody else: they get a heading (UX 10, tier 7)."""
    return {row.ticket for row in takewhile(lambda row: row.tier == WAITS, reversed(rows))}
