"""How a server hears what other servers of its desk say, and says something to them."""

from collections.abc import Callable, Sequence
from typing import Protocol

Heard = Callable[[str, str], None]
"""Is called with a channel and what was said there; with ("", "") whenever it is time to look by oneself."""


class Ear(Protocol):
    """Hear what other servers of a desk say."""

    @property
    def is_up(self) -> bool:
        """Tell whether what they say is heard at once."""

    def say(self, channel: str, payloads: Sequence[str]) -> None:
        """Say something to them soon, without waiting; what was not said yet is not said any more."""

    def stop(self) -> None:
        """Stop listening."""
