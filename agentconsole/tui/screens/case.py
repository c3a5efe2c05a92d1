"""The case view: one ticket whole, its conversation on the left, its clocks and its customer on the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rich.style import Style
from textual.geometry import Offset

from agentconsole.domain.errors import Refused
from agentconsole.tui.case_side import side
from agentconsole.tui.conversation import GoesAt, Layout, history
from agentconsole.tui.lines import Line, beside, clip, wrap
from agentconsole.tui.mode import Console, Hint, Key, Mode, Open, Target
from agentconsole.tui.presence import others
from agentconsole.tui.widgets.canvas import Canvas
from agentconsole.wire.rows import CaseView, QueueRow

SIDE_NARROW, SIDE_WIDE, SIDE_WIDEST = 31, 42, 56
WIDE_FROM = 110
AIRY_FROM = 60
TWO_PANES_FROM = 80
_VERBS = (("r", "reply"), ("i", "note"), ("e", "resolve"), ("w", "wait"), ("x", "escalate"), ("t", "take"))
_ALWAYS = ("escalate", "take")
"""Verbs that do not depend on where the ticket is in its life."""

_STEPS = {"j": 1, "down": 1, "k": -1, "up": -1}
_MOVES = {
    "move.down": "j",
    "move.up": "k",
    "move.page_down": "pagedown",
    "move.page_up": "pageup",
    "move.top": "home",
    "move.end": "end",
    "pane.next": "tab",
}
_PAGES = {"pagedown": 1, "pageup": -1, "space": 1}


@dataclass
class Pane:
    """Remember where a pane is scrolled to; `at_end` keeps it at its last line while it grows."""

    top: int = 0
    at_end: bool = False

    def window(self, lines: tuple[Line, ...], height: int) -> tuple[Line, ...]:
        """Return the lines in view, the top brought back into bounds."""
        last = max(0, len(lines) - height)
        self.top = last if self.at_end else min(max(self.top, 0), last)
        return lines[self.top : self.top + height]

    def scroll(self, step: int, length: int, height: int) -> bool:
        """Scroll by lines; False when it already stands at that end."""
        last = max(0, length - height)
        top = min(max(self.top + step, 0), last)
        moved = top != self.top
        self.top, self.at_end = top, top == last and step > 0
        return moved


def side_width(width: int) -> int:
    """Return how many of a body's columns the side pane gets."""
    if width < WIDE_FROM:
        return SIDE_NARROW
    return min(max(SIDE_WIDE, width * 35 // 100), SIDE_WIDEST)


def header(shown: CaseView | QueueRow | None, width: int, *, here: bool) -> tuple[Line, Line]:
    """Return number and subject with a rule below; `here` marks the pane that the keys scroll."""
    rule = Line((("-" * width, "rule"),))
    if shown is None:
        return Line(), rule
    subject = f"{'>' if here else ' '}{shown.number}  {shown.subject.line(300) or '(no subject)'}"
    return Line(((clip(subject, width), "head"),)), rule


class CaseMode(Mode):
    """Show one ticket and scroll through it; the verbs on it are the console's."""

    name = "case"

    def __init__(self, console: Console, paint: Callable[[str], Style], goes_at: GoesAt) -> None:
        super().__init__(console)
        self._goes_at = goes_at
        self.ticket = 0
        self._row: QueueRow | None = None
        self._case: CaseView | None = None
        self._refusal = ""
        self._talk, self._side = Pane(), Pane()
        self._on_side = False
        self._unfolded = False
        self._heights = (1, 1)
        self._laid_out: tuple[object, tuple[Line, ...]] = (None, ())
        self.canvas = Canvas(self.draw, paint, id="case")
        self.body = self.canvas

    def enter(self, argument: object) -> None:
        """Open a ticket from what is known of it, and read it whole; without an argument stay at the last one."""
        if isinstance(argument, Open) and argument.ticket != self.ticket:
            self.ticket, self._row = argument.ticket, argument.row
            self._case, self._refusal = None, ""
            self._talk, self._side = Pane(at_end=True), Pane()
            self._on_side = self._unfolded = False
        self._case = self.desk.case(self.ticket) or self._case
        self._read()
        self._show()

    def changed(self, tickets: frozenset[int]) -> None:
        """Read the ticket again when it moved."""
        if self.ticket in tickets:
            self._read()

    def forget(self) -> None:
        """Forget the ticket: someone else has signed in."""
        self.ticket, self._row, self._case, self._refusal = 0, None, None, ""

    def tick(self, now: datetime) -> None:
        """Let the clocks run."""
        self.canvas.redraw()

    def targets(self) -> tuple[Target, ...]:
        """Name the ticket in view."""
        if self._case is not None:
            case = self._case
            return (Target(case.ticket, case.number, case.version, case.customer.name, case.status, case.owner),)
        if self._row is not None:
            row = self._row
            return (Target(row.ticket, row.number, row.version, row.customer, row.status, row.owner),)
        return ()

    def title(self) -> str:
        """Name the case and its customer."""
        target = next(iter(self.targets()), None)
        return f"case {target.number} {target.customer.line(40)}".rstrip() if target else "case"

    def hints(self) -> tuple[Hint, ...]:
        """Name the verbs that this ticket allows, most useful first."""
        allowed = self._case.allowed if self._case is not None else ()
        shown = [Hint(key, label) for key, label in _VERBS if not allowed or label in allowed or label in _ALWAYS]
        return (Hint(".", "do next"), *shown, Hint("J K", "next, prev"), Hint("Tab", "pane"), Hint("q", "back"))

    def cursor(self) -> Offset | None:
        """Return the first line of the pane that the keys scroll."""
        width = self.canvas.size.width
        right = width - side_width(width) if self._on_side and width >= TWO_PANES_FROM else 0
        return self.canvas.region.offset + Offset(right, 0)

    def do(self, action: str) -> bool:
        """Move in this ticket, or go to the next or previous one of the list one came from."""
        if action in _MOVES:
            return self.handle(Key(_MOVES[action]))
        if action not in ("go.next_item", "go.previous_item"):
            return False
        step = 1 if action == "go.next_item" else -1
        other = self.console.neighbour(self.ticket, step)
        if other is None:
            self.console.say(
                "That is the last case of the list." if step > 0 else "That is the first case of the list."
            )
        else:
            self.console.go("case", other)
        return True

    def handle(self, key: Key) -> bool:
        """Scroll, change panes, show and fold quoted text."""
        if key.name in ("tab", "shift+tab"):
            self._on_side = not self._on_side
        elif key.name == "enter":
            self._unfolded = not self._unfolded
            self._talk.at_end = False
        elif not self._scrolled(key.name):
            return False
        self.canvas.redraw()
        return True

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay the ticket out in a body of this size."""
        one_pane = width < TWO_PANES_FROM
        beside_width = width if one_pane else side_width(width)
        left_width = width if one_pane else width - beside_width - 1
        self._heights = height - 2, height
        right = self._side.window(self._side_lines(beside_width), height)
        if one_pane and self._on_side:
            return list(right)
        left = [
            *header(self._case or self._row, left_width, here=not self._on_side),
            *self._talk.window(self._talk_lines(left_width), height - 2),
        ]
        return left if one_pane else beside(left, right, left_width, height)

    def _show(self) -> None:
        self.canvas.redraw()
        self.console.frame_changed()

    def _read(self) -> None:
        if self.ticket:
            ticket = self.ticket
            self.desk.read_case(ticket, self._arrived, lambda refusal: self._refused(ticket, refusal))

    def _arrived(self, case: CaseView) -> None:
        if case.ticket == self.ticket:
            self._case, self._refusal = case, ""
            self._show()

    def _refused(self, ticket: int, refusal: Refused) -> None:
        if ticket == self.ticket:
            self._refusal = refusal.sentence
            self._show()

    def _talk_lines(self, width: int) -> tuple[Line, ...]:
        if self._refusal:
            return tuple(Line(((f" {text}", "refused"),)) for text in wrap(self._refusal, width - 2))
        if self._case is None:
            return (Line(((" reading the case ..", "quote"),)),)
        now = self.console.thrift.drawn_at(self.desk.now())
        held = any(contact.delivery == "held" for contact in self._case.contacts)
        key = (self._case, width, self._unfolded, now.replace(microsecond=0) if held else None)
        if self._laid_out[0] != key:
            airy = width >= AIRY_FROM
            layout = Layout(width, self.desk.zone, unfolded=self._unfolded, airy=airy, goes_at=self._goes_at)
            self._laid_out = (key, history(self._case, layout, now))
        return self._laid_out[1]

    def _side_lines(self, width: int) -> tuple[Line, ...]:
        if self._case is None:
            return ()
        here = others(self.desk.present(self.ticket), self.desk.me.login)
        now = self.console.thrift.drawn_at(self.desk.now())
        first, *rest = side(self._case, width, self.desk.zone, now, here)
        mark = ">" if self._on_side else " "
        return (Line(((mark + first.text[1:], "head"),)), *rest)

    def _scrolled(self, name: str) -> bool:
        pane = self._side if self._on_side else self._talk
        lines = self._scrollable()
        height = self._heights[1 if self._on_side else 0]
        if name in _STEPS:
            pane.scroll(_STEPS[name], lines, height)
        elif name in _PAGES:
            pane.scroll(_PAGES[name] * max(1, height - 2), lines, height)
        elif name in ("home", "end", "G"):
            pane.scroll(-lines if name == "home" else lines, lines, height)
        else:
            return False
        return True

    def _scrollable(self) -> int:
        width = self.canvas.size.width
        beside_width = width if width < TWO_PANES_FROM else side_width(width)
        if self._on_side:
            return len(self._side_lines(beside_width))
        return len(self._talk_lines(width if width < TWO_PANES_FROM else width - beside_width - 1))
