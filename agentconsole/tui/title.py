"""The terminal's title: the program's name, and how many cases of mine are urgent; never a word of anybody's text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from agentconsole.domain.terms import ClockState
from agentconsole.tui.format import state_of
from agentconsole.wire.rows import QueueRow

NAME = "agentconsole"
KEEP = "\x1b[22;2t"
"""Let the terminal remember the title that it had (xterm); `GIVE_BACK` shows it again."""

GIVE_BACK = "\x1b[23;2t"
URGENT = frozenset({ClockState.LIVE, ClockState.LATE, ClockState.DUE})


class Title:
    """Say the title when it has changed, by OSC 2 (UX 11)."""

    def __init__(self, send: Callable[[str], None]) -> None:
        self._send = send
        self._shown = ""

    def look(self, rows: Iterable[QueueRow], now: datetime) -> None:
        """Count the cases that are urgent at `now`: `(2!) agentconsole`."""
        urgent = sum(row.clock is not None and state_of(row.clock, now) in URGENT for row in rows)
        self._show(f"({urgent}!) {NAME}" if urgent else NAME)

    def quiet(self) -> None:
        """Tell nothing of the work, for nobody is signed in."""
        self._show(NAME)

    def forget(self) -> None:
        """Say it again at the next look: another program had the terminal meanwhile."""
        self._shown = ""

    def _show(self, title: str) -> None:
        if title != self._shown:
            self._shown = title
            self._send(f"\x1b]2;{title}\x1b\\")
