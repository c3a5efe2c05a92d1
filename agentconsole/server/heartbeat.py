"""The heartbeat of a server among others: it counts on in the database, and buries who does not count any more."""

import asyncio
from collections.abc import Mapping

from agentconsole.server.desk import OpenDesk
from agentconsole.server.feed import Feed
from agentconsole.services import leases
from agentconsole.services.leases import Joining
from agentconsole.storage.transaction import DESK

BEAT = 5.0
"""Seconds between two beats."""
ALONE = 15.0
"""Seconds between them where nobody listens: they still say until when the clock was right."""
STILL = 6
"""Beats of one's own at which another server has not counted on, before it is taken for dead.

What is counted are beats and no seconds: so no clock has a say, nor a database that was away from all of them.
"""


class Heartbeat:
    """Count on for this server every so many seconds, and watch the others."""

    def __init__(self, desk: OpenDesk, feed: Feed, seconds: float) -> None:
        self.seconds = seconds if desk.database.is_shared else max(seconds, ALONE)
        self._desk = desk
        self._feed = feed
        self._me = joining(desk)
        self._seen: dict[str, tuple[int, int]] = {}

    async def beat(self) -> None:
        """Count on, and bury the servers that have stood still for too long."""
        dead = {server: beats for server, (beats, still) in self._seen.items() if still >= STILL}
        fed = self._feed.position
        work = self._desk.writer.submit(DESK, lambda tx: leases.beat(tx, self._me, fed, dead), behind=True)
        self._watch(await asyncio.wrap_future(work))

    def _watch(self, others: Mapping[str, int]) -> None:
        self._seen = {
            server: (beats, self._seen[server][1] + 1 if self._seen.get(server, (-1, 0))[0] == beats else 0)
            for server, beats in others.items()
        }


def joining(desk: OpenDesk) -> Joining:
    """Return which server of the desk this is."""
    return Joining(desk.holder, desk.place, desk.server_name)
