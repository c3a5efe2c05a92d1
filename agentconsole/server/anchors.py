"""Anchoring the event log: its newest event is said to the host's journal, often enough that little can be cut off."""

import asyncio
from datetime import timedelta
from pathlib import Path

from agentconsole.config.clock import seconds_passed
from agentconsole.config.syslog import SOCKET, tell_journal
from agentconsole.domain.anchor import Anchor
from agentconsole.server.desk import OpenDesk
from agentconsole.storage.events import Head, head

MOST_EVENTS = 100
LONGEST_TIME = timedelta(minutes=15)


class Anchors:
    """Say the newest event after 100 events, or when something happened in 15 minutes (PROMISES 20)."""

    def __init__(self, desk: OpenDesk, journal: Path = SOCKET) -> None:
        self._desk = desk
        self._journal = journal
        self._seq = 0
        self._at = 0.0

    async def anchor(self) -> None:
        """Anchor the log if it is time to; where no journal listens, doctor says so and it is tried again."""
        newest = await asyncio.wrap_future(self._desk.reader.submit(head))
        if newest.seq - self._seq < MOST_EVENTS and not self._has_waited(newest):
            return
        line = Anchor(self._desk.context.uid, newest.seq, newest.hash).line()
        self._desk.anchored = newest.seq if await asyncio.to_thread(tell_journal, line, self._journal) else None
        if self._desk.anchored is not None:
            self._seq, self._at = newest.seq, seconds_passed()

    def _has_waited(self, newest: Head) -> bool:
        return newest.seq > self._seq and seconds_passed() - self._at >= LONGEST_TIME.total_seconds()
