"""The text being written: lines, a cursor, what readline users expect of both, and how it wraps on the screen."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from agentconsole.domain.text import clean
from agentconsole.tui.lines import width_of

LIMIT = 200_000
"""Characters that a text may have; typing and pasting stop there."""

_UNDO_STEPS = 60
_TOKEN = re.compile(r"\S+\s*|\s+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Row:
    """Show one row of the screen: characters `start` to `end` of a line."""

    line: int
    start: int
    end: int


@lru_cache(maxsize=2_000)
def breaks(text: str, width: int) -> tuple[int, ...]:
    """Return where each row of a line starts when it is `width` cells wide; spaces at a break hang over the edge."""
    starts, used = [0], 0
    for token in _TOKEN.finditer(text):
        word = token[0].rstrip()
        if used and used + width_of(word) > width:
            starts.append(token.start())
            used = 0
        if width_of(word) > width:
            used = 0
            for offset, letter in enumerate(word, token.start()):
                cells = width_of(letter)
                if used + cells > width and used:
                    starts.append(offset)
                    used = 0
                used += cells
            used += width_of(token[0][len(word) :])
        else:
            used += width_of(token[0])
    return tuple(starts)


class Buffer:
    """Hold a text and a cursor; `line` and `column` count characters from 0."""

    def __init__(self, text: str = "") -> None:
        self.lines: list[str] = [""]
        self.line = 0
        self.column = 0
        self.version = 0
        self._size = 0
        self._goal: int | None = None
        self._killed = ""
        self._before: list[tuple[tuple[str, ...], int, int]] = []
        self._typing = False
        self.load(text)

    @property
    def text(self) -> str:
        """Return the whole text."""
        return "\n".join(self.lines)

    @property
    def place(self) -> tuple[int, int]:
        """Return the cursor's line and column."""
        return self.line, self.column

    def load(self, text: str, place: tuple[int, int] | None = None) -> None:
        """Begin with another text, the cursor at `place` or at its end; what was undone before is forgotten."""
        self.lines = clean(text[:LIMIT]).split("\n")
        self._size = sum(map(len, self.lines)) + len(self.lines) - 1
        self._before.clear()
        self.version += 1
        self.go(*(place if place is not None else (len(self.lines) - 1, len(self.lines[-1]))))

    def go(self, line: int, column: int) -> None:
        """Put the cursor at a place, or at the nearest one that is there."""
        self.line = min(max(line, 0), len(self.lines) - 1)
        self.column = min(max(column, 0), len(self.lines[self.line]))
        self._goal = None
        self._typing = False

    def insert(self, text: str) -> bool:
        """Insert a cleaned text at the cursor; False, and nothing happens, when it would grow too long."""
        text = clean(text)
        if self._size + len(text) > LIMIT:
            return False
        self._remember(typing=len(text) == 1 and not text.isspace())
        typing = self._typing
        self._replace(self.place, self.place, text)
        self._typing = typing
        return True

    def replace(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        """Put a text in the place of what stands between two places, the cursor behind it."""
        self._remember()
        self._replace(start, end, clean(text))

    def undo(self) -> bool:
        """Take back the last change; False when there is none."""
        if not self._before:
            return False
        lines, line, column = self._before.pop()
        self.lines = list(lines)
        self._size = sum(map(len, self.lines)) + len(self.lines) - 1
        self.go(line, column)
        self.version += 1
        return True

    def yank(self) -> None:
        """Insert what was cut last."""
        self.insert(self._killed)

    def delete(self, motion: str, *, keep: bool = False) -> None:
        """Delete from the cursor to where a motion goes; `keep` it for `yank`."""
        here, there = self.place, self._target(motion)
        start, end = sorted((here, there))
        if start == end:
            return
        self._remember()
        if keep:
            self._killed = _between(self.lines, start, end)
        self._replace(start, end, "")

    def move(self, motion: str) -> None:
        """Move by left, right, word_left, word_right, home, end, top or bottom."""
        self.go(*self._target(motion))

    def rows(self, width: int) -> list[Row]:
        """Return the rows of the screen that the text takes at a width in cells."""
        found: list[Row] = []
        for number, text in enumerate(self.lines):
            starts = breaks(text, width)
            found.extend(Row(number, start, end) for start, end in zip(starts, (*starts[1:], len(text)), strict=True))
        return found

    def row_of_cursor(self, rows: list[Row]) -> int:
        """Return which of the rows the cursor stands in."""
        return max(
            (index for index, row in enumerate(rows) if (row.line, row.start) <= self.place),
            default=0,
        )

    def cell_of_cursor(self, row: Row) -> int:
        """Return how many cells left of the cursor its row has."""
        return width_of(self.lines[row.line][row.start : self.column])

    def move_rows(self, step: int, width: int) -> None:
        """Move up (negative) or down by rows of the screen, keeping to the column one came from."""
        rows = self.rows(width)
        at = self.row_of_cursor(rows)
        goal = self.cell_of_cursor(rows[at]) if self._goal is None else self._goal
        to = rows[min(max(at + step, 0), len(rows) - 1)]
        text = self.lines[to.line][to.start : to.end]
        offset = _offset_at(text, goal)
        # The place behind the last character of a wrapped row is the first of the next one.
        if offset == len(text) and to.end < len(self.lines[to.line]) and offset:
            offset -= 1
        self.go(to.line, to.start + offset)
        self._goal = goal

    def _target(self, motion: str) -> tuple[int, int]:
        text, last = self.lines[self.line], len(self.lines) - 1
        fixed = {
            "home": (self.line, 0),
            "end": (self.line, len(text)),
            "top": (0, 0),
            "bottom": (last, len(self.lines[last])),
        }
        return fixed.get(motion) or (self._leftwards(motion) if motion.endswith("left") else self._rightwards(motion))

    def _leftwards(self, motion: str) -> tuple[int, int]:
        if self.column == 0:
            return (self.line - 1, len(self.lines[self.line - 1])) if self.line else (0, 0)
        step = _left if motion == "left" else _word_left
        return self.line, step(self.lines[self.line], self.column)

    def _rightwards(self, motion: str) -> tuple[int, int]:
        text = self.lines[self.line]
        if self.column == len(text):
            return (self.line + 1, 0) if self.line + 1 < len(self.lines) else self.place
        step = _right if motion == "right" else _word_right
        return self.line, step(text, self.column)

    def _replace(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        self._size += len(text) - len(_between(self.lines, start, end))
        head, tail = self.lines[start[0]][: start[1]], self.lines[end[0]][end[1] :]
        pieces = (head + text).split("\n")
        line, column = start[0] + len(pieces) - 1, len(pieces[-1])
        pieces[-1] += tail
        self.lines[start[0] : end[0] + 1] = pieces
        self.version += 1
        self.go(line, column)

    def _remember(self, *, typing: bool = False) -> None:
        """Keep the text for undo; letters typed in a row are one step."""
        if not (typing and self._typing):
            self._before.append((tuple(self.lines), self.line, self.column))
            del self._before[:-_UNDO_STEPS]
        self._typing = typing


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0]][start[1] : end[1]]
    return "\n".join((lines[start[0]][start[1] :], *lines[start[0] + 1 : end[0]], lines[end[0]][: end[1]]))


def _left(text: str, column: int) -> int:
    """Step over a character with its combining marks."""
    column -= 1
    while column and unicodedata.combining(text[column]):
        column -= 1
    return column


def _right(text: str, column: int) -> int:
    column += 1
    while column < len(text) and unicodedata.combining(text[column]):
        column += 1
    return column


def _word_left(text: str, column: int) -> int:
    while column and not _WORD.match(text[column - 1]):
        column -= 1
    while column and _WORD.match(text[column - 1]):
        column -= 1
    return column


def _word_right(text: str, column: int) -> int:
    found = _WORD.search(text, column)
    return found.end() if found else len(text)


def _offset_at(text: str, cells: int) -> int:
    """Return the character that stands at a cell, or the end of the text."""
    used = 0
    for offset, letter in enumerate(text):
        used += width_of(letter)
        if used > cells:
            return offset
    return len(text)
