"""The terminal's bell: when it rings, and that it does so seldom (UX 11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from time import monotonic

from agentconsole.domain.terms import ClockState
from agentconsole.tui.format import state_of
from agentconsole.wire.rows import QueueRow

LEVELS = ("live", "due", "off")
"""Ring for somebody who is waiting now and for what is escalated to me; for my cases that turn DUE, too; not at all."""

APART_SECONDS = 30.0
ESCALATED = "E"


class Bell:
    """Look at the cases that are mine once a second; what was there at the first look rings for nobody."""

    def __init__(self, ring: Callable[[], None], monotonic: Callable[[], float] = monotonic) -> None:
        self.level = "due"
        self._ring = ring
        self._monotonic = monotonic
        self._rang_at = -APART_SECONDS
        self._whose = ""
        self._seen: dict[int, tuple[ClockState | None, bool]] = {}

    def use(self, level: str) -> None:
        """Go by another level; what is none changes nothing."""
        self.level = level if level in LEVELS else self.level

    def look(self, login: str, rows: Iterable[QueueRow], now: datetime) -> None:
        """Ring if a case of `login` has become one to ring for; another person's first look only remembers."""
        before, self._seen = self._seen, {row.ticket: _marks(row, now) for row in rows}
        if login != self._whose:
            self._whose = login
        elif any(self._rings(before.get(ticket), marks) for ticket, marks in self._seen.items()):
            self._strike()

    def _rings(self, before: tuple[ClockState | None, bool] | None, now: tuple[ClockState | None, bool]) -> bool:
        (was, was_escalated), (state, escalated) = before or (None, False), now
        if self.level == "off":
            return False
        if (escalated and not was_escalated) or (state is ClockState.LIVE and was is not ClockState.LIVE):
            return True
        # A case that one has just taken may be DUE already; that one knows.
        turned = state is ClockState.DUE and before is not None and was is not ClockState.DUE
        return turned and self.level == "due"

    def _strike(self) -> None:
        if self._monotonic() - self._rang_at >= APART_SECONDS:
            self._rang_at = self._monotonic()
            self._ring()


def _marks(row: QueueRow, now: datetime) -> tuple[ClockState | None, bool]:
    return (state_of(row.clock, now) if row.clock is not None else None, ESCALATED in row.flags)
