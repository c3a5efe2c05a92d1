"""What was said on the message line, and the news of the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

from agentconsole.domain.text import clean, clean_line
from agentconsole.tui.lines import Line, clip

KEPT = 100
LONGEST = 500
ROLES = {"note": "said", "news": "said", "done": "done", "warn": "warn", "refused": "refused"}
STAYS_SECONDS = 4.0
"""So long news do not take the place of what an agent was told about her own doing."""


@dataclass(slots=True)
class Messages:
    """Keep what was said, newest first; the message line shows the newest."""

    said: list[tuple[str, str]] = field(default_factory=list)
    news: list[str] = field(default_factory=list)
    stays_until: float = 0.0

    def say(self, text: str, kind: str) -> None:
        """Say one line; an empty one clears the message line, and news wait behind what was just said."""
        if kind == "news":
            if monotonic() < self.stays_until:
                return
        else:
            self.stays_until = monotonic() + STAYS_SECONDS if text else 0.0
        self.said.insert(0, (clean(text[:LONGEST]).replace("\n", " "), ROLES[kind]))
        del self.said[KEPT:]

    def fade(self) -> None:
        """Clear what has been there long enough: it was about the place that is left now."""
        if self.said and self.said[0][0] and monotonic() >= self.stays_until:
            self.say("", "note")

    def hear(self, news: tuple[str, ...]) -> None:
        """Keep what the desk tells."""
        self.news[:0] = [clean_line(piece) for piece in news]
        del self.news[KEPT:]

    def line(self, width: int) -> Line:
        """Draw the newest message; a warning begins with `!!`, for its colour may not be seen."""
        if not self.said:
            return Line()
        text, role = self.said[0]
        mark = "!! " if role in ("warn", "refused") else ""
        return Line(((clip(f" {mark}{text}" if text else "", width), role),))
