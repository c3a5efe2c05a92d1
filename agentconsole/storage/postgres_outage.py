"""Since when a database is away, known to every thread that asks it, and told to who has to say so."""

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)
Told = Callable[[bool], None]

NOTICED = 0.2
"""Seconds that a link may be lost before anybody is told: one connection that was cut is made anew at once."""
TRIED_AGAIN = 0.5
"""Seconds between two tries of those who only read, once an outage has lasted."""


class Outage:
    """Remember one outage; `told` hears True when it has lasted and False when it is over, on the thread that saw."""

    def __init__(self, told: Told = lambda _: None, seconds: Callable[[], float] = time.monotonic) -> None:
        self._told = told
        self._seconds = seconds
        self._turn = threading.Lock()
        self._since: float | None = None
        self._tried = 0.0
        self._is_told = False

    def lost(self) -> float:
        """Note that the database was not reached; returns since when that is so, by the monotonic clock."""
        with self._turn:
            self._tried = now = self._seconds()
            if self._since is None:
                self._since = now
            since = self._since
            is_news = not self._is_told and now - since >= NOTICED
            self._is_told = self._is_told or is_news
        if is_news:
            log.warning("the database is out of reach: connecting anew")
            self._told(True)
        return since

    def over(self) -> None:
        """Note that the database answered."""
        if self._since is None:
            return
        with self._turn:
            since, self._since = self._since, None
            was_told, self._is_told = self._is_told, False
        if was_told and since is not None:
            log.info("the database is back after %.1f s", self._seconds() - since)
            self._told(False)

    def is_worth_a_try(self, patience: float) -> bool:
        """Tell whether to ask: not where it is away for longer than somebody's patience and was asked just now."""
        since, now = self._since, self._seconds()
        return since is None or now - since < patience or now - self._tried >= TRIED_AGAIN
