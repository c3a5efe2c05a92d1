"""Messages: what was said and told in this session, newest first, for whoever looked away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from rich.style import Style

from agentconsole.tui.lines import Line, heading, wrap
from agentconsole.tui.messages import KEPT, Messages
from agentconsole.tui.mode import Console, Hint, Key, Mode
from agentconsole.tui.widgets.canvas import Canvas

TIME_CELLS = 11
_STEPS = {"j": 1, "down": 1, "k": -1, "up": -1}
_LEAVE = ("escape", "enter", "ctrl+g", "ctrl+c")


class MessagesMode(Mode):
    """List the messages with their times; those that are too long for the line are read whole here."""

    name = "messages"

    def __init__(self, console: Console, paint: Callable[[str], Style], messages: Messages) -> None:
        super().__init__(console)
        self._messages = messages
        self._top = 0
        self._height = 1
        self.canvas = Canvas(self.draw, paint, id=self.name)
        self.body = self.canvas

    def enter(self, argument: object) -> None:
        """Begin with the newest."""
        self._top = 0
        self.canvas.redraw()

    def forget(self) -> None:
        """Forget all messages: someone else has signed in."""
        self._messages.forget()

    def tick(self, now: datetime) -> None:
        """Show what came meanwhile."""
        self.canvas.redraw()

    def title(self) -> str:
        """Name the screen."""
        return "messages"

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys."""
        return (Hint("j k", "older, newer"), Hint("Enter", "close"), Hint("q", "back"))

    def handle(self, key: Key) -> bool:
        """Scroll, or go back."""
        if key.name in _LEAVE:
            self.console.back()
        elif key.name in _STEPS:
            self._top += _STEPS[key.name]
        elif key.name in ("pagedown", "pageup", "space"):
            self._top += (-1 if key.name == "pageup" else 1) * max(1, self._height - 1)
        elif key.name in ("home", "end", "G"):
            self._top = 0 if key.name == "home" else KEPT * self._height
        else:
            return False
        self.canvas.redraw()
        return True

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay the messages out in a body of this size."""
        lines = self._lines(width)
        self._height = max(1, height - 1)
        self._top = min(max(self._top, 0), max(0, len(lines) - self._height))
        return [heading("messages, newest first", width), *lines[self._top : self._top + self._height]]

    def _lines(self, width: int) -> list[Line]:
        lines: list[Line] = []
        for said in self._messages.log:
            first, *rest = wrap(said.marked, max(width - TIME_CELLS - 1, 10))
            at = f" {said.at.astimezone(self.desk.zone):%H:%M:%S}  "
            lines.append(Line(((at, "column"), (first, said.role))))
            lines.extend(Line(((" " * TIME_CELLS, ""), (text, said.role))) for text in rest)
        return lines or [Line(((" Nothing was said yet.", ""),))]
