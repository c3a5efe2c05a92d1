"""What is left out on a slow line: when that is offered, and as of when countdowns are drawn (UX 11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rich.color import ColorSystem

SLOW_SECONDS = 0.3
TRIPS = 3
STEP_SECONDS = 5
REMEMBERED = "Sending less, as you chose on a slow line. :slow off sends all of it."


@dataclass(slots=True)
class Thrift:
    """Know whether less is to be sent: whole colours, previews and seconds are left out then.

    It is never begun unasked: after three round trips that were too long, one after the other, it is offered once.
    Who chose it another day is told at once that it is on, for she may sit at a better line today.
    """

    is_on: bool = False
    _is_remembered: bool = False
    _trips: list[float] = field(default_factory=list)
    _is_offered: bool = False

    def remember(self, *, slow: bool) -> None:
        """Begin as was chosen another day."""
        self.is_on = self._is_remembered = slow

    def trip(self, seconds: float) -> bool:
        """Take in how long it took to the terminal and back; tell whether to measure again."""
        if seconds <= SLOW_SECONDS:
            self._trips.clear()
        elif len(self._trips) < TRIPS:
            self._trips.append(seconds)
            return len(self._trips) < TRIPS
        return False

    def offer(self) -> str:
        """Return what to say about a slow line, once, or ""."""
        if self._is_remembered:
            self._is_remembered = False
            return REMEMBERED if self.is_on else ""
        if self.is_on or self._is_offered or len(self._trips) < TRIPS:
            return ""
        self._is_offered = True
        return f"This line is slow: {min(self._trips):.1f} s there and back. :slow on sends less."

    def drawn_at(self, now: datetime) -> datetime:
        """Return the instant as of which countdowns are drawn: now, or at most five seconds ago."""
        return now - timedelta(seconds=now.second % STEP_SECONDS) if self.is_on else now

    def colours(self, most: ColorSystem | None) -> ColorSystem | None:
        """Return how many colours to send where a terminal has so many."""
        return ColorSystem.EIGHT_BIT if self.is_on and most is ColorSystem.TRUECOLOR else most
