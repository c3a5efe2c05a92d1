"""The one beat of the console: once a second, on the desk's second, while there is something that time changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

BEAT_SECONDS = 1.0
LEAST_SECONDS = 0.02


def until_next_beat(now: datetime, speed: float) -> float:
    """Return the seconds until the desk's clock shows its next second; a fast desk beats by this machine's second."""
    if speed != 1.0:
        return BEAT_SECONDS
    return max(LEAST_SECONDS, BEAT_SECONDS - now.microsecond / 1_000_000)


class Pulse:
    """Beat through a timer that is set anew each time, so that it never drifts off the second."""

    def __init__(
        self,
        after: Callable[[float, Callable[[], None]], object],
        now: Callable[[], tuple[datetime, float]],
        beat: Callable[[datetime], None],
    ) -> None:
        self._after = after
        self._now = now
        self._beat = beat

    def start(self) -> None:
        """Set the next beat."""
        now, speed = self._now()
        self._after(until_next_beat(now, speed), self._strike)

    def _strike(self) -> None:
        self._beat(self._now()[0])
        self.start()
