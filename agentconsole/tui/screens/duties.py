"""The duties: what the policies ask for again and again, by when, whose it is, and the rule behind each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from rich.style import Style
from textual.geometry import Offset

from agentconsole.domain.errors import Refused
from agentconsole.tui.duties import DutyBook
from agentconsole.tui.duty_lines import columns_of_duties, duty_line
from agentconsole.tui.format import shows_seconds
from agentconsole.tui.lines import Line, heading, wrap
from agentconsole.tui.mode import Console, Hint, Key, Mode
from agentconsole.tui.widgets.canvas import Canvas
from agentconsole.wire.duties import DUTIES, DutyRow, ExplainDuty
from agentconsole.wire.frames import AnyAnswer, Explained
from agentconsole.wire.rows import Why

NOTHING_ASKED = "The policies of this desk ask for no duty."
_MOVES = {"j": 1, "down": 1, "k": -1, "up": -1}
_EXPLAINS = ("enter", "equals_sign")
_LEAVE = ("escape", "ctrl+g", "ctrl+c")


class DutiesMode(Mode):
    """List all duties, what is due first in front; one signs off what is under the cursor, or has it explained."""

    name = "duties"

    def __init__(self, console: Console, paint: Callable[[str], Style], book: DutyBook) -> None:
        super().__init__(console)
        self._book = book
        self._at = ""
        self._why: Why | None = None
        self._refusal = ""
        self.canvas = Canvas(self.draw, paint, id=self.name)
        self.body = self.canvas
        book.shown.append(self._read)

    @property
    def current(self) -> DutyRow | None:
        """Return the duty under the cursor, the first one as long as there was no other."""
        rows = self._book.rows
        return next((row for row in rows if row.duty == self._at), rows[0] if rows else None)

    def enter(self, argument: object) -> None:
        """Show the duties as they are known, and read them again."""
        self._why, self._refusal = None, ""
        self._book.chosen = lambda: self.current
        self._book.read()
        self.canvas.redraw()

    def leave(self) -> None:
        """Let nothing be under a cursor that is not seen."""
        self._book.chosen = lambda: None

    def forget(self) -> None:
        """Forget the duties: someone else has signed in."""
        self._book.forget()
        self._at, self._why, self._refusal = "", None, ""

    def changed(self, tickets: frozenset[int]) -> None:
        """Read the duties again where one of them was signed off or missed."""
        if DUTIES in tickets:
            self._book.read()

    def tick(self, now: datetime) -> None:
        """Let the countdowns run."""
        self.canvas.redraw()

    def counts_seconds(self, now: datetime) -> bool:
        """Tell whether a countdown shows seconds, or soon does."""
        return any(row.clock is not None and shows_seconds(row.clock, now) for row in self._book.rows)

    def title(self) -> str:
        """Name the screen."""
        return "duties"

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys."""
        signs = (Hint("S", "sign off"),) if self.console.permits("sign_off_duty") else ()
        return (*signs, Hint("Enter", "why"), Hint(":signoff", "with a note"), Hint("q", "back"))

    def cursor(self) -> Offset | None:
        """Return where the duty under the cursor stands."""
        return Offset(0, 3 + self._place()) if self._book.rows else None

    def handle(self, key: Key) -> bool:
        """Move, explain, or go back."""
        if key.name in _LEAVE:
            self.console.back()
        elif key.name in _EXPLAINS:
            self._explain()
        elif key.name in _MOVES:
            self._move(self._place() + _MOVES[key.name])
        elif key.name in ("home", "end", "G"):
            self._move(0 if key.name == "home" else len(self._book.rows) - 1)
        else:
            return False
        self.canvas.redraw()
        self.console.frame_changed()
        return True

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay the list out, and below it what is said of the duty under the cursor."""
        now, rows = self.console.thrift.drawn_at(self.desk.now()), self._book.rows
        if not rows:
            said = NOTHING_ASKED if self._book.is_read else "reading .."
            return [heading("duties", width), Line(((f" {said}", "quote"),))]
        current = self.current
        room = max(1, height - 4 - len(self._said(width)))
        top = max(0, min(self._place() - room + 1, len(rows) - room))
        lines = [heading("duties, what is due first in front", width), columns_of_duties(width)]
        lines += [duty_line(row, width, now, self.desk.zone, here=row is current) for row in rows[top : top + room]]
        return [*lines, *self._said(width)][:height]

    def _said(self, width: int) -> list[Line]:
        """Return what is said of the duty under the cursor: the rule, or a note that somebody left."""
        row = self.current
        if self._refusal:
            texts = [(self._refusal, "refused")]
        elif self._why is not None:
            texts = [(line.lines(500), "") for line in self._why.lines]
        else:
            texts = [(f"Note: {row.note.line(300)}", "quote")] if row is not None and row.note else []
        pieces = [(piece, look) for text, look in texts for piece in wrap(text, max(width - 2, 10))]
        title = self._why.title if self._why is not None else "about it"
        return (
            [Line(), heading(title, width), *(Line(((f" {piece}", look),)) for piece, look in pieces)] if texts else []
        )

    def _place(self) -> int:
        current = self.current
        return next((at for at, row in enumerate(self._book.rows) if row is current), 0)

    def _move(self, to: int) -> None:
        rows = self._book.rows
        if rows:
            self._at = rows[min(max(to, 0), len(rows) - 1)].duty
        self._why, self._refusal = None, ""

    def _read(self) -> None:
        """Draw what was read; the cursor stays on its duty, and an explanation is of before."""
        self._why = None
        if not self._at and self._book.rows:
            self._at = self._book.rows[0].duty
        self.canvas.redraw()

    def _explain(self) -> None:
        row = self.current
        if row is None:
            return
        name = row.duty

        def done(answer: AnyAnswer) -> None:
            if isinstance(answer, Explained) and self._at in ("", name):
                self._why, self._refusal = answer.why, ""
                self.canvas.redraw()

        def refused(refusal: Refused) -> None:
            self._refusal = refusal.sentence
            self.canvas.redraw()

        self.desk.ask(ExplainDuty(name), done, refused)
