"""Who is at which ticket: said by each console every few seconds, and told to the others when it changes.

Servers of one desk tell each other all they know, whenever it changes and every few seconds; nothing of it is kept.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Protocol

import msgspec

from agentconsole.config.clock import seconds_passed
from agentconsole.storage.types import instant, micros
from agentconsole.wire.frames import FromServer, Present
from agentconsole.wire.rows import PresenceRow, WatcherRow

SILENT_SECONDS = 8.0
"""After so long without a word a console is taken to be gone: its process may be frozen while its link still stands."""
TELL_SECONDS = 0.1
MOST_SAID = 60
"""Watchers in one message to other servers, which may have 8,000 bytes: a login has at most 32 letters."""

People = tuple[WatcherRow, ...]
Place = tuple[int, WatcherRow]
"""Somebody at a ticket."""


class Said(msgspec.Struct, frozen=True, array_like=True):
    """Tell other servers one part of who is at which ticket here, as (ticket, login, since in microseconds, writing).

    A server's parts follow each other; with the `last` one they are all.
    """

    server: str
    first: bool
    last: bool
    watchers: tuple[tuple[int, str, int, bool], ...]


_said = msgspec.json.Decoder(Said)


@dataclass(slots=True)
class _Elsewhere:
    """Hold who is where on another server: `coming` are the parts of what it is just telling."""

    heard: float = 0.0
    at: tuple[Place, ...] = ()
    coming: list[Place] | None = None


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
        self._elsewhere: dict[str, _Elsewhere] = {}
        self._server = ""
        self._say: Callable[[Sequence[str]], None] | None = None
        self._said_something = False
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
        """Take away who has not been heard of for too long, also whole servers; and say again who is here."""
        now = seconds_passed()
        for live in self._live:
            if live.watch is not None and now - live.watch.heard > SILENT_SECONDS:
                live.watch = None
        self._elsewhere = {
            server: known for server, known in self._elsewhere.items() if now - known.heard <= SILENT_SECONDS
        }
        self._say_to_servers()
        self.changed()

    def share(self, server: str, say: Callable[[Sequence[str]], None]) -> None:
        """Tell other servers too, in messages that `say` passes on without waiting; `server` is this one."""
        self._server, self._say = server, say

    def hear(self, message: str) -> None:
        """Take in what a server says; one's own words, and what is no such message, are passed over."""
        try:
            said = _said.decode(message)
            watchers = [
                (ticket, WatcherRow(login, instant(at), writing)) for ticket, login, at, writing in said.watchers
            ]
        except (msgspec.DecodeError, OverflowError):
            return
        if said.server == self._server:
            return
        known = self._elsewhere.setdefault(said.server, _Elsewhere())
        known.heard = seconds_passed()
        if said.first:
            known.coming = []
        # Whose first part was missed is waited for until it says all again.
        if known.coming is None:
            return
        known.coming += watchers
        if said.last:
            known.at, known.coming = tuple(known.coming), None
            self.changed()

    def tell_all_to(self, live: Watcher) -> None:
        """Tell a session everything: it has just come in."""
        live.tell(Present(tuple(PresenceRow(ticket, people) for ticket, people in self._told.items()), whole=True))

    def _tell(self) -> None:
        self._telling = None
        self._say_to_servers()
        found, told = self._found(), self._told
        moved = sorted(ticket for ticket in {*found, *told} if found.get(ticket) != told.get(ticket))
        self._told = found
        message = Present(tuple(PresenceRow(ticket, found.get(ticket, ())) for ticket in moved))
        for live in tuple(self._live):
            if moved and live.signed_in and not live.locked:
                live.tell(message)

    def _say_to_servers(self) -> None:
        """Say all that is known here; nothing where there is nothing, after that was said once."""
        here = list(self._here())
        if self._say is None or not (here or self._said_something):
            return
        self._said_something = bool(here)
        self._say(tuple(_messages(self._server, here)))

    def _here(self) -> Iterator[Place]:
        for live in self._live:
            if live.watch is not None and live.signed_in:
                yield live.watch.ticket, WatcherRow(live.login, live.watch.since, live.watch.writing)

    def _found(self) -> dict[int, People]:
        """Gather who is where; somebody who is at a ticket twice is there once."""
        at: dict[int, dict[str, WatcherRow]] = {}
        for ticket, one in chain(self._here(), *(known.at for known in self._elsewhere.values())):
            people = at.setdefault(ticket, {})
            other = people.get(one.login, one)
            people[one.login] = WatcherRow(one.login, min(one.since, other.since), one.writing or other.writing)
        return {
            ticket: tuple(sorted(people.values(), key=lambda one: (one.since, one.login)))
            for ticket, people in at.items()
        }


def _messages(server: str, here: Sequence[Place]) -> Iterator[str]:
    """Write who is here in messages that are short enough; one that says nobody where nobody is."""
    for start in range(0, max(len(here), 1), MOST_SAID):
        watchers = tuple(
            (ticket, one.login, micros(one.since), one.writing) for ticket, one in here[start : start + MOST_SAID]
        )
        said = Said(server, start == 0, start + MOST_SAID >= len(here), watchers)
        yield msgspec.json.encode(said).decode()
