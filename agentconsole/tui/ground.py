"""The colour of the terminal's ground: the question, its answer read strictly, and keeping the answer from the keys."""

from __future__ import annotations

import re
from collections.abc import Mapping

QUESTION = "\x1b]11;?\x1b\\"
"""Ask for the ground colour (xterm, OSC 11)."""

_BEGINS = "\x1b]11;rgb"
"""So far an answer is always the same; nobody types it."""

_GOES_ON = re.compile(r"a?(?::[0-9a-fA-F/]{0,19}(?:\x07|\x1b\\?)?)?", re.ASCII)
_ANSWER = re.compile(
    r"\x1b\]11;rgb(?::([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})"
    r"|a:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})/[0-9a-f]{1,4})(?:\x07|\x1b\\)",
    re.ASCII | re.IGNORECASE,
)
_MUTE = ("screen", "linux", "vt", "dumb", "ansi", "eterm")
"""Terminals that do not answer, or print the question; tmux calls itself screen, too, and says who it is in TMUX."""


def can_be_asked(environ: Mapping[str, str]) -> bool:
    """Tell whether a terminal of this environment knows the question."""
    name = environ.get("TERM", "").lower()
    return bool(name) and (not name.startswith(_MUTE) or bool(environ.get("TMUX")))


def is_light(answer: str) -> bool | None:
    """Read a whole answer: True for a light ground, False for a dark one, None for what is no answer."""
    found = _ANSWER.fullmatch(answer)
    if found is None:
        return None
    shares = [int(part, 16) / (16 ** len(part) - 1) for part in found.groups() if part is not None]
    red, green, blue = shares
    return bool(0.299 * red + 0.587 * green + 0.114 * blue > 0.5)


class AnswerSieve:
    """Take answers out of what the terminal sends; all that is typed passes unchanged and in its order.

    An answer may come in pieces, late, or between keys. What could still become one is held back until the next piece,
    or until `rest` says that nothing came for a while; what begins as an answer and is none is dropped, for its letters
    would be verbs.
    """

    def __init__(self) -> None:
        self._held = ""
        self.awaits = False
        self.light: bool | None = None

    def feed(self, text: str) -> str:
        """Return what of a piece is typed; `light` is the newest answer.

        An escape at the end of a piece is held back only while an answer is awaited, for it is a key by itself.
        """
        if not self._held and "\x1b" not in text:
            return text
        passed: list[str] = []
        for letter in text:
            self._held += letter
            while self._held and not self._may_be_answer():
                self._let_go(passed)
        if self._held == "\x1b" and not self.awaits:
            passed.append(self.rest())
        return "".join(passed)

    def rest(self) -> str:
        """Return the beginning that was held back and that nothing followed; a half answer is waited for."""
        if self._held.startswith(_BEGINS):
            return ""
        held, self._held = self._held, ""
        return held

    def _may_be_answer(self) -> bool:
        """Tell whether what is held is the beginning of an answer; a whole one is taken."""
        held = self._held
        if len(held) <= len(_BEGINS):
            return _BEGINS.startswith(held)
        light = is_light(held)
        if light is not None:
            self.light, self._held, self.awaits = light, "", False
            return True
        return _GOES_ON.fullmatch(held, len(_BEGINS)) is not None

    def _let_go(self, passed: list[str]) -> None:
        """Let the first letter of what is no answer pass, or drop all but the last of what began as one."""
        if len(self._held) > len(_BEGINS):
            at = -2 if self._held[-2] == "\x1b" else -1
            self._held = self._held[at:]
        else:
            passed.append(self._held[0])
            self._held = self._held[1:]
