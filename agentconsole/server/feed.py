"""What other servers of the desk do: heard over the database, told to the sessions of this one."""

import asyncio
from collections.abc import Callable

from agentconsole.config.clock import seconds_passed
from agentconsole.server.desk import OpenDesk
from agentconsole.server.sessions import Sessions
from agentconsole.server.troubles import Troubles
from agentconsole.storage.feed import PRESENCE, Read, newest, read_feed


class Feed:
    """Read the feed whenever it moves, and pass on who is at which case; on a desk of one server it does nothing."""

    def __init__(self, desk: OpenDesk, sessions: Sessions, loop: asyncio.AbstractEventLoop) -> None:
        self._desk = desk
        self._sessions = sessions
        self._loop = loop
        # From before the first session, so that none misses what happens while it signs in.
        self.position = desk.reader.run(newest) if desk.database.is_shared else 0
        self.read_at = seconds_passed()
        self._troubles = Troubles()
        self._ear = desk.database.listen(self._heard)
        if self._ear is not None:
            ear = self._ear
            sessions.presence.share(desk.holder, lambda payloads: ear.say(PRESENCE, payloads))

    @property
    def is_up(self) -> bool:
        """Tell whether other servers are heard at once, and not only every few seconds."""
        return self._ear is None or self._ear.is_up

    def stop(self) -> None:
        """Stop listening; not for the event loop's thread."""
        if self._ear is not None:
            self._ear.stop()

    def _heard(self, channel: str, payload: str) -> None:
        if channel == PRESENCE:
            self._on_loop(lambda: self._sessions.presence.hear(payload))
            return
        try:
            while self._pass_on(self._desk.reader.run(lambda s: read_feed(s, self.position, self._desk.holder))):
                pass
            self._troubles.worked("feed")
        except Exception as error:  # the edge of the listening thread: it must hear the next word too
            self._troubles.failed("feed", error)

    def _pass_on(self, read: Read) -> bool:
        """Tell the sessions what was read; True where there may be more."""
        if any(changes.settings for changes in read.changes) or read.missed:
            self._desk.reread_settings()
        for changes in read.changes:
            self._on_loop(lambda told=changes: self._sessions.changed(told))  # type: ignore[misc]
        if read.missed:
            self._on_loop(self._sessions.missed_some)
        self.position, self.read_at = read.newest, seconds_passed()
        return read.more

    def _on_loop(self, work: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(work)
        except RuntimeError:
            return  # the loop has ended: nobody is left to be told
