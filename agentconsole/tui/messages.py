"""What was said on the message line, and the news of the desk."""

from __future__ import annotations

from dataclasses import dataclass, field

from agentconsole.domain.text import clean_line
from agentconsole.tui.lines import Line, clip

KEPT = 100
ROLES = {"note": "said", "done": "done", "warn": "warn", "refused": "refused"}


@dataclass(slots=True)
class Messages:
    """Keep what was said, newest first; the message line shows the newest."""

    said: list[tuple[str, str]] = field(default_factory=list)
    news: list[str] = field(default_factory=list)

    def say(self, text: str, kind: str) -> None:
        """Say one line; an empty one clears the message line."""
        self.said.insert(0, (clean_line(text), ROLES[kind]))
        del self.said[KEPT:]

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
