"""A long text that is paged through, with a cursor on one of its entries, and how much of it was seen."""

from __future__ import annotations

from collections.abc import Sequence

from agentconsole.tui.lines import Line
from agentconsole.tui.mode import Key

_STEPS = {"j": 1, "down": 1, "k": -1, "up": -1}
_PAGES = {"space": 1, "pagedown": 1, "pageup": -1}
_ENDS = {"home": False, "end": True, "G": True}


class Pages:
    """Keep the lines, the first in view, the entry under the cursor, and the furthest line that was in view."""

    def __init__(self) -> None:
        self.at = self.top = self.seen = 0
        self._height = 1
        self._lines: tuple[Line, ...] = ()
        self._begins: tuple[int, ...] = ()

    def begin(self) -> None:
        """Begin with another text, of which nothing was seen."""
        self.at = self.top = self.seen = 0

    def lay(self, lines: Sequence[Line], begins: Sequence[int]) -> None:
        """Take the lines of a text, and where each of its entries begins."""
        self._lines, self._begins = tuple(lines), tuple(begins)
        self.at = min(self.at, max(len(self._begins) - 1, 0))

    @property
    def read(self) -> int:
        """Return how much of the text was in view, in percent."""
        return min(100, 100 * self.seen // max(1, len(self._lines)))

    def moves(self, key: Key) -> bool:
        """Move the cursor by a key; False where it is none for that."""
        last = max(len(self._begins) - 1, 0)
        if key.name in _PAGES:
            self._page(_PAGES[key.name])
        elif key.name in _STEPS:
            self.go(min(max(self.at + _STEPS[key.name], 0), last))
        elif key.name in _ENDS:
            self.go(last if _ENDS[key.name] else 0)
            self.top = len(self._lines) if _ENDS[key.name] else 0
        else:
            return False
        return True

    def go(self, at: int) -> None:
        """Put the cursor on an entry and bring it into view, by half pages at the edges."""
        self.at = at
        if at >= len(self._begins):
            return
        first = self._begins[at]
        last = self._begins[at + 1] if at + 1 < len(self._begins) else len(self._lines)
        if first < self.top:
            self.top = max(0, first - self._height // 2)
        elif last > self.top + self._height:
            self.top = max(0, min(first - 2, last - self._height // 2))

    def _page(self, step: int) -> None:
        last = max(0, len(self._lines) - self._height)
        self.top = min(max(self.top + step * max(1, self._height - 1), 0), last)
        there = range(self.top, self.top + self._height)
        shown = [at for at, line in enumerate(self._begins) if line in there]
        if shown:
            self.at = shown[0] if step > 0 and self.top < last else shown[-1] if step > 0 else shown[0]

    def window(self, height: int) -> list[Line]:
        """Return the lines in view, of which there is room for so many; they are seen from now on."""
        self._height = max(1, height)
        self.top = min(max(self.top, 0), max(0, len(self._lines) - self._height))
        self.seen = max(self.seen, min(self.top + self._height, len(self._lines)))
        shown = list(self._lines[self.top : self.top + self._height])
        here = self._begins[self.at] - self.top if self.at < len(self._begins) else -1
        if 0 <= here < len(shown):
            shown[here] = _marked(shown[here])
        return [*shown, *[Line()] * (self._height - len(shown))]


def _marked(line: Line) -> Line:
    """Mark the entry under the cursor at the left edge."""
    (text, role), *rest = line.pieces
    return Line(((">", "cursor"), (text[1:], role), *rest), line.part)
