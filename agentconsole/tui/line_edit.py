"""One line of text being typed: value, cursor and the keys of readline, without any widget."""

from __future__ import annotations

from dataclasses import dataclass

from agentconsole.domain.text import clean_line
from agentconsole.tui.lines import Piece, width_of
from agentconsole.tui.mode import Key

LONGEST = 400


@dataclass(slots=True)
class LineEdit:
    """Hold a line and move in it; every change is synchronous, so no key typed ahead can overtake another."""

    value: str = ""
    at: int = 0
    longest: int = LONGEST

    def set(self, value: str) -> None:
        """Replace the whole line and stand at its end."""
        self.value = value[: self.longest]
        self.at = len(self.value)

    def insert(self, text: str) -> None:
        """Insert clean text at the cursor."""
        text = clean_line(text, self.longest) if len(text) > 1 else text
        room = self.longest - len(self.value)
        self.value = self.value[: self.at] + text[:room] + self.value[self.at :]
        self.at += len(text[:room])

    def edit(self, key: Key) -> bool:
        """Use a key; False when it is no key of a line."""
        if key.character is not None and key.character.isprintable():
            self.insert(key.character)
        elif key.name in ("left", "right", "home", "end", "ctrl+a", "ctrl+e", "ctrl+left", "ctrl+right"):
            self.at = self._moved(key.name)
        elif key.name in ("backspace", "delete", "ctrl+w", "ctrl+u", "ctrl+k"):
            self._cut(key.name)
        else:
            return False
        return True

    def _moved(self, name: str) -> int:
        places = {
            "left": max(0, self.at - 1),
            "right": min(len(self.value), self.at + 1),
            "home": 0,
            "ctrl+a": 0,
            "ctrl+left": self._word_start(),
            "ctrl+right": self._word_end(),
        }
        return places.get(name, len(self.value))

    def _cut(self, name: str) -> None:
        start, end = {
            "backspace": (max(0, self.at - 1), self.at),
            "delete": (self.at, min(len(self.value), self.at + 1)),
            "ctrl+w": (self._word_start(), self.at),
            "ctrl+u": (0, self.at),
            "ctrl+k": (self.at, len(self.value)),
        }[name]
        self.value = self.value[:start] + self.value[end:]
        self.at = start

    def _word_start(self) -> int:
        before = self.value[: self.at].rstrip()
        return before.rfind(" ") + 1

    def _word_end(self) -> int:
        rest = self.value[self.at :]
        skipped = len(rest) - len(rest.lstrip())
        space = rest.find(" ", skipped)
        return len(self.value) if space < 0 else self.at + space

    def shown(self, cells: int, *, hidden: bool = False, role: str = "field_now", caret: bool = True) -> list[Piece]:
        """Return the line in exactly `cells` cells with its cursor in view; `hidden` shows asterisks."""
        text = "*" * len(self.value) if hidden else self.value
        before, after = text[: self.at], text[self.at :]
        while before and width_of(before) >= cells:
            before = before[1:]
        under, after = (after[:1] or " "), after[1:]
        room = cells - width_of(before) - width_of(under)
        while after and width_of(after) > room:
            after = after[:-1]
        rest = after + " " * max(0, room - width_of(after))
        return [(before, role), (under, "caret" if caret else role), (rest, role)]

    def caret_cell(self, cells: int, *, hidden: bool = False) -> int:
        """Return the cell, from the line's left edge, on which the cursor stands."""
        text = "*" * self.at if hidden else self.value[: self.at]
        return min(width_of(text), cells - 1)
