"""What help and palette have in common: a line to type in, a list of entries to choose from, Enter runs one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from rich.style import Style
from textual.geometry import Offset

from agentconsole.tui.line_edit import LineEdit
from agentconsole.tui.lines import Line
from agentconsole.tui.mode import Console, Hint, Key, Mode
from agentconsole.tui.widgets.canvas import Canvas

CLOSES = frozenset({"escape", "ctrl+g", "ctrl+c", "ctrl+p"})
STEPS = {"down": 1, "ctrl+n": 1, "up": -1, "pagedown": 8, "pageup": -8}


class OverlayMode(Mode, ABC):
    """Let one type to narrow a list down, move in it, and run what is marked."""

    def __init__(self, console: Console, paint: Callable[[str], Style]) -> None:
        super().__init__(console)
        self.edit = LineEdit()
        self.at = 0
        self.canvas = Canvas(self.draw, paint, id=self.name)
        self.body = self.canvas

    @property
    def takes_all_keys(self) -> bool:
        """Letters are typed here, not verbs."""
        return True

    def enter(self, argument: object) -> None:
        """Begin with nothing typed."""
        self.edit.set(argument if isinstance(argument, str) else "")
        self.at = 0
        self.typed()
        self.redraw()

    @abstractmethod
    def count(self) -> int:
        """Return how many entries there are; for the subclass."""

    @abstractmethod
    def run_marked(self) -> None:
        """Run the marked entry; for the subclass."""

    def typed(self) -> None:
        """Narrow the list down; for the subclass."""

    @abstractmethod
    def draw(self, width: int, height: int) -> list[Line]:
        """Lay it out; for the subclass."""

    def handle(self, key: Key) -> bool:
        """Type, move, run or close."""
        if key.name in CLOSES:
            self.console.back()
            return True
        if key.name == "enter":
            if self.count():
                self.run_marked()
            return True
        if key.name in STEPS:
            self.at = min(max(self.at + STEPS[key.name], 0), max(self.count() - 1, 0))
        elif self.edit.edit(key):
            self.at = 0
            self.typed()
        self.redraw()
        return True

    def paste(self, text: str) -> None:
        """Put pasted text into the line."""
        self.edit.insert(text)
        self.typed()
        self.redraw()

    def redraw(self) -> None:
        """Draw what changed."""
        self.canvas.redraw()
        self.console.frame_changed()

    def cursor(self) -> Offset | None:
        """Return where is typed; the line is the first of the body."""
        return Offset(self.prompt_column() + self.edit.caret_cell(40), 1)

    def prompt_column(self) -> int:
        """Return the column at which the typed line begins."""
        return 4

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys."""
        return (Hint("Enter", "run"), Hint("Esc", "close"), Hint("Up Down", "choose"))
