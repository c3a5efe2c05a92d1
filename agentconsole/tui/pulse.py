"""The one beat of the console: on the desk's second, each of them while seconds are on the screen, else seldom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

BEAT_SECONDS = 1.0
SELDOM = 3
"""Seconds between beats where none are shown; it divides the minute, which the status bar shows to the second."""

LEAST_SECONDS = 0.02


def until_next_beat(now: datetime, speed: float, every: int = 1) -> float:
    """Return the seconds until the desk's clock shows the next second that `every` divides.

    A fast desk beats by this machine's second.
    """
    if speed != 1.0:
        return BEAT_SECONDS
    return max(LEAST_SECONDS, every - now.second % every - now.microsecond / 1_000_000)


class Pulse:
    """Beat through a timer that is set anew each time, so that it never drifts off the second."""

    def __init__(
        self,
        after: Callable[[float, Callable[[], None]], object],
        now: Callable[[], tuple[datetime, float]],
        beat: Callable[[datetime], None],
        every: Callable[[datetime], int],
    ) -> None:
        self._after = after
        self._now = now
        self._beat = beat
        self._every = every

    def start(self) -> None:
        """Set the next beat."""
        now, speed = self._now()
        self._after(until_next_beat(now, speed, self._every(now)), self._strike)

    def _strike(self) -> None:
        self._beat(self._now()[0])
        self.start()
