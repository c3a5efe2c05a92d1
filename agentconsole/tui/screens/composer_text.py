"""The pen of the composer: typing, the blank that is marked, and templates put into the text."""

from __future__ import annotations

from collections.abc import Mapping

from agentconsole.tui.blanks import Place, abbreviation, filled, next_blank
from agentconsole.tui.buffer import LIMIT, Buffer
from agentconsole.tui.mode import Key
from agentconsole.tui.screens.composer_keys import EDITING
from agentconsole.wire.rows import TemplateRow

FULL = f"The text is full: it holds {LIMIT:,} characters."


class Pen:
    """Write into one buffer; `marked` is the blank that the next letter replaces."""

    def __init__(self, buffer: Buffer) -> None:
        self.buffer = buffer
        self.marked: tuple[Place, Place] | None = None

    def type(self, text: str) -> str:
        """Put a text at the cursor, or in the place of the marked blank; return what to say, or ""."""
        if self.marked is not None:
            span, self.marked = self.marked, None
            self.buffer.replace(*span, text)
            return ""
        return "" if self.buffer.insert(text) else FULL

    def press(self, key: Key, width: int, height: int) -> bool:
        """Use an editing key; False when it is none. `width` and `height` are those of the text on the screen."""
        edit = EDITING.get(key.name)
        if edit is None:
            return False
        if self.marked is not None and key.name in ("backspace", "ctrl+h", "delete"):
            self.buffer.replace(*self.marked, "")
        else:
            edit(self.buffer, width, height)
        self.marked = None
        return True

    def tab(self, templates: tuple[TemplateRow, ...], values: Mapping[str, str]) -> str:
        """Expand the abbreviation before the cursor, or else mark the next blank; return what to say, or ""."""
        abbr = abbreviation(self.buffer.lines[self.buffer.line], self.buffer.column)
        row = next((row for row in templates if row.abbr == abbr), None)
        if row is not None:
            line, column = self.buffer.place
            self.put(row, values, (line, column - len(abbr) - 1))
            return ""
        if abbr:
            return f"There is no template ;{abbr}. ctrl+t shows them all."
        return "" if self.jump() else "No blank is left."

    def put(self, row: TemplateRow, values: Mapping[str, str], start: Place | None = None) -> None:
        """Put a template, filled with what is known, in the place of what is from `start` to the cursor."""
        begin = start if start is not None else self.buffer.place
        rendered = filled(row, values)
        self.buffer.replace(begin, self.buffer.place, rendered.text)
        self.marked = None
        if rendered.open:
            first = rendered.open[0]
            column = first.column + (begin[1] if first.line == 0 else 0)
            self._mark(((begin[0] + first.line, column), (begin[0] + first.line, column + first.length)))

    def jump(self, *, back: bool = False) -> bool:
        """Mark the next blank, or the one before; False when there is none."""
        place = self.marked[1 if not back else 0] if self.marked is not None else self.buffer.place
        span = next_blank(self.buffer.text, place, back=back)
        if span is None:
            return False
        self._mark(span)
        return True

    def _mark(self, span: tuple[Place, Place]) -> None:
        self.buffer.go(*span[0])
        self.marked = span
