"""What a run of keys gives away about the keyboard: Caps Lock, or an input method that is still on (UX 7.1, 17.7)."""

from __future__ import annotations

from dataclasses import dataclass

from agentconsole.tui.mode import Key

CAPITALS = 4
FOREIGN = 3
CAPS_LOCK = "Caps Lock? j and k move in a list; J and K go from case to case."
OTHER_LETTERS = "Input method on, or another layout? Keys are Latin letters; text takes all."


@dataclass(slots=True)
class Habits:
    """Count presses in a list that nobody means: J and K again and again from its top, letters that are no keys."""

    _capitals: int = 0
    _foreign: int = 0

    def press(self, key: Key, *, at_top: bool) -> str:
        """Take in a press; return what to say about it, or ""."""
        if key.name in ("J", "K"):
            self._capitals += 1 if self._capitals or at_top else 0
        else:
            self._capitals = 0
        letter = key.character or ""
        self._foreign = self._foreign + 1 if letter.isprintable() and not letter.isascii() else 0
        if self._capitals == CAPITALS:
            self._capitals = 0
            return CAPS_LOCK
        return OTHER_LETTERS if self._foreign >= FOREIGN else ""
