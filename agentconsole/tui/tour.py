"""The guided tour of the demo: which step it is at, and the strip that shows it above the message line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from agentconsole.tui.lines import Line, clip, heading

AT_LISTS = "queue"
HIDING = "action:select.none"
"""What Esc does on a list."""


class TourStep(Protocol):
    """What the tour asks for: `lines` explain it on a list, `brief` in one line elsewhere; any of `done` ends it."""

    @property
    def lines(self) -> tuple[str, ...]: ...
    @property
    def brief(self) -> str: ...
    @property
    def done(self) -> tuple[str, ...]: ...


class Tour:
    """Go from step to step as they are done: the console says what was done in words like `mode:case`."""

    def __init__(self, steps: Sequence[TourStep] = (), changed: Callable[[], None] = lambda: None) -> None:
        self._steps = tuple(steps)
        self._changed = changed
        self._at = 0
        self._is_hidden = False

    @property
    def has_steps(self) -> bool:
        """Tell whether there is a tour at all."""
        return bool(self._steps)

    @property
    def is_shown(self) -> bool:
        """Tell whether the strip is on the screen."""
        return not self._is_hidden and self._at < len(self._steps)

    def hear(self, word: str) -> None:
        """Go on when what was done is what the present step asks for, hide on Esc; a hidden tour stands still."""
        if not self.is_shown:
            return
        if word == HIDING:
            self.hide()
        elif word in self._steps[self._at].done:
            self._at += 1
            self._changed()

    def hide(self) -> None:
        """Take the strip off the screen."""
        self._is_hidden = True
        self._changed()

    def begin(self) -> None:
        """Show the strip: where it was hidden, or from the first step on when the last one is done."""
        if self._at >= len(self._steps):
            self._at = 0
        self._is_hidden = False
        self._changed()

    def strip(self, mode: str, width: int) -> list[Line]:
        """Draw the present step for a mode: heading and lines on a list, heading and one line elsewhere."""
        if not self.is_shown:
            return []
        step = self._steps[self._at]
        place = f"tour {self._at + 1} of {len(self._steps)}"
        if mode != AT_LISTS:
            return [heading(place, width), _line(step.brief, width)]
        title = f"{place}   (Esc hides it, :tour brings it back)"
        return [heading(title, width), *(_line(text, width) for text in step.lines)]


def _line(text: str, width: int) -> Line:
    return Line(((clip(f"  {text}" if text else "", width), ""),))
