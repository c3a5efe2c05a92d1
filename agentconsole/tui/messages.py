"""What was said on the message line, and the news of the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from agentconsole.domain.text import clean
from agentconsole.domain.untrusted import Untrusted
from agentconsole.tui.lines import Line, clip, wrap

KEPT = 100
LONGEST = 500
PASSING = ("menu", "key")
ROLES = {"note": "said", "news": "said", "done": "done", "warn": "warn", "refused": "refused"}
ROLES |= dict.fromkeys(PASSING, "said")
MOST_LINES = 4
"""A refusal takes so many at most: what it says last is what to do."""
STAYS_SECONDS = 4.0
"""So long news do not take the place of what an agent was told about her own doing."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message, its role, and when it came."""

    at: datetime
    text: str
    role: str

    @property
    def marked(self) -> str:
        """Return the text; a warning begins with `!!`, for its colour may not be seen."""
        return f"!! {self.text}" if self.text and self.role in ("warn", "refused") else self.text


@dataclass(slots=True)
class Messages:
    """Keep what was said and what the desk told, newest first; the message line shows what was said last."""

    now: Callable[[], datetime]
    shown: Said | None = None
    log: list[Said] = field(default_factory=list)
    news: list[str] = field(default_factory=list)
    stays_until: float = 0.0
    _passing: Said | None = None

    def say(self, text: str, kind: str) -> None:
        """Say one line; an empty one clears the message line, and news wait behind what was just said.

        A "menu" of keys is for this moment and is not kept; it goes with the next key, as does what is said of a "key".
        """
        said = Said(self.now(), clean(text[:LONGEST]).replace("\n", " "), ROLES[kind])
        if kind in PASSING:
            self._passing = said
        if kind != "menu":
            self._keep(said)
        if kind == "news":
            if monotonic() < self.stays_until:
                return
        else:
            self.stays_until = monotonic() + STAYS_SECONDS if text else 0.0
        self.shown = said

    def fade(self) -> None:
        """Clear what has been there long enough: it was about the place that is left now."""
        if self.shown is not None and self.shown.text and monotonic() >= self.stays_until:
            self.say("", "note")

    def pressed(self) -> bool:
        """Clear what the next key makes old: a menu of keys, a word about the last key. Tells whether there was any."""
        is_old = self.shown is not None and self.shown is self._passing
        if is_old:
            self.say("", "note")
        return is_old

    def hear(self, news: tuple[Untrusted, ...]) -> None:
        """Keep what the desk tells."""
        told = [piece.line() for piece in news]
        self.news[:0] = told
        del self.news[KEPT:]
        for text in told:
            self._keep(Said(self.now(), text, ROLES["news"]))

    def forget(self) -> None:
        """Forget all that was for the last person's eyes; what the line shows is about the change itself."""
        self.log.clear()
        self.news.clear()

    def line(self, width: int) -> Line:
        """Draw the message said last, or the end of a refusal that is longer than a line."""
        return self._drawn(width)[-1]

    def above(self, width: int) -> list[Line]:
        """Draw what of a refusal stands above the message line, because it is longer than that."""
        return self._drawn(width)[:-1]

    def _drawn(self, width: int) -> list[Line]:
        if self.shown is None:
            return [Line()]
        text, role = self.shown.marked, self.shown.role
        # Only what somebody waits to read may take rows from the body; news come unasked.
        parts = list(wrap(text, width - 2)) if role in ("warn", "refused") else [text]
        parts[MOST_LINES - 1 :] = [" ".join(parts[MOST_LINES - 1 :])] if len(parts) >= MOST_LINES else []
        return [Line(((clip(f" {part}" if part else "", width), role),)) for part in parts]

    def _keep(self, said: Said) -> None:
        # What the desk told and the line then said is one message.
        if said.text and not (self.log and self.log[0].text == said.text):
            self.log.insert(0, said)
            del self.log[KEPT:]
