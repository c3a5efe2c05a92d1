"""The only place that asks the machine what time it is."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tell the time: `now` is aware UTC; `speed` is how many of its seconds pass in one of the machine's."""

    @property
    def speed(self) -> float: ...

    def now(self) -> datetime: ...


class SystemClock:
    """Tell the machine's time."""

    speed = 1.0

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        return datetime.now(UTC)


def seconds_passed() -> float:
    """Return the machine's seconds since some fixed moment, also those it slept through; no clock change moves them.

    A laptop that was shut for an hour has been idle for an hour, which `time.monotonic` does not see on Linux.
    """
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(slots=True)
class ScaledClock:
    """Tell a demo's time: from `base` on, `speed` times as fast as the machine (0 stands still)."""

    base: datetime
    speed: float
    _began: float = 0.0

    def __post_init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> datetime:
        """Return the demo's present instant, UTC."""
        return self.base + timedelta(seconds=(time.monotonic() - self._began) * self.speed)


@dataclass(slots=True)
class SetClock:
    """Tell the time it was set to; tests move it by hand."""

    at: datetime
    speed: float = 0.0

    def now(self) -> datetime:
        """Return the instant it stands at, UTC."""
        return self.at

    def move(self, span: timedelta) -> datetime:
        """Move it and return where it stands now."""
        self.at += span
        return self.at
