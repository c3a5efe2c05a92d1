"""A slow line between a terminal and its program: so long to the other end, and so many bytes a second."""

import time
from collections import deque

PIECE = 64
"""So many bytes arrive together."""


class SlowLine:
    """Hold bytes back, in both directions, until they would have arrived."""

    def __init__(self, seconds: float, bytes_a_second: float) -> None:
        self._seconds = seconds
        self._pace = 1 / bytes_a_second
        self._free_at = 0.0
        self._coming: deque[tuple[float, bytes]] = deque()
        self._going: deque[tuple[float, bytes]] = deque()

    def show(self, data: bytes) -> None:
        """Take in what the program sends to the terminal, which goes out piece by piece."""
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            self._free_at = max(self._free_at, time.monotonic()) + len(piece) * self._pace
            self._coming.append((self._free_at + self._seconds, piece))

    def type(self, keys: bytes) -> None:
        """Take in what is typed; keys are so few that only the way counts."""
        self._going.append((time.monotonic() + self._seconds, keys))

    def shown(self) -> bytes:
        """Return what has arrived at the terminal since it was asked last."""
        return _due(self._coming)

    def typed(self) -> bytes:
        """Return what has arrived at the program since it was asked last."""
        return _due(self._going)

    def wait(self) -> float | None:
        """Return the seconds until something else arrives somewhere; None where nothing is under way."""
        next_at = min((queue[0][0] for queue in (self._coming, self._going) if queue), default=None)
        return None if next_at is None else max(0.0, next_at - time.monotonic())


def _due(queue: deque[tuple[float, bytes]]) -> bytes:
    now, taken = time.monotonic(), b""
    while queue and queue[0][0] <= now:
        taken += queue.popleft()[1]
    return taken
