"""Who is at which ticket: said by each console every few seconds, and told to the others when it changes."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agentconsole.config.clock import seconds_passed
from agentconsole.wire.frames import FromServer, Present
from agentconsole.wire.rows import PresenceRow, WatcherRow

SILENT_SECONDS = 8.0
"""After so long without a word a console is taken to be gone: its process may be frozen while its link still stands."""
TELL_SECONDS = 0.1

People = tuple[WatcherRow, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """Hold what one connection has on its screen; `since` is UTC, `heard` counts this machine's seconds."""

    ticket: int
    writing: bool
    since: datetime
    heard: float


class Watcher(Protocol):
    """What is asked of a live connection here."""

    login: str
    locked: bool
    watch: Watch | None

    @property
    def signed_in(self) -> bool: ...
    def tell(self, message: FromServer) -> None: ...


class Presence:
    """Tell the sessions of a desk server who is where; in memory alone. Lives on the event loop's thread."""

    def __init__(self, live: Collection[Watcher]) -> None:
        self._live = live
        self._told: Mapping[int, People] = {}
        self._telling: asyncio.TimerHandle | None = None

    def look(self, live: Watcher, ticket: int, now: datetime, *, writing: bool) -> None:
        """Note what a connection has on its screen; 0 is no ticket."""
        before = live.watch
        since = before.since if before is not None and before.ticket == ticket else now
        live.watch = Watch(ticket, writing, since, seconds_passed()) if ticket else None
        self.changed()

    def changed(self) -> None:
        """Tell the sessions soon what is not as it was told."""
        if self._telling is None and self._found() != self._told:
            self._telling = asyncio.get_running_loop().call_later(TELL_SECONDS, self._tell)

    def drop_silent(self) -> None:
        """Take away who has not been heard of for too long."""
        for live in self._live:
            if live.watch is not None and seconds_passed() - live.watch.heard > SILENT_SECONDS:
                live.watch = None
        self.changed()

    def tell_all_to(self, live: Watcher) -> None:
        """Tell a session everything: it has just come in."""
        live.tell(Present(tuple(PresenceRow(ticket, people) for ticket, people in self._told.items()), whole=True))

    def _tell(self) -> None:
        self._telling = None
        found, told = self._found(), self._told
        moved = sorted(ticket for ticket in {*found, *told} if found.get(ticket) != told.get(ticket))
        self._told = found
        message = Present(tuple(PresenceRow(ticket, found.get(ticket, ())) for ticket in moved))
        for live in tuple(self._live):
            if moved and live.signed_in and not live.locked:
                live.tell(message)

    def _found(self) -> dict[int, People]:
        """Gather who is where; somebody who is at a ticket twice is there once."""
        at: dict[int, dict[str, WatcherRow]] = {}
        for live in self._live:
            if live.watch is not None and live.signed_in:
                people = at.setdefault(live.watch.ticket, {})
                other = people.get(live.login)
                since = min(live.watch.since, other.since) if other is not None else live.watch.since
                writing = live.watch.writing or (other is not None and other.writing)
                people[live.login] = WatcherRow(live.login, since, writing)
        return {
            ticket: tuple(sorted(people.values(), key=lambda one: (one.since, one.login)))
            for ticket, people in at.items()
        }
