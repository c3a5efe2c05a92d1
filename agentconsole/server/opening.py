"""Ending, once its time is over, what let everybody sign in from anywhere."""

import asyncio

from agentconsole.queries.allowlist import open_until
from agentconsole.server.desk import OpenDesk
from agentconsole.services import allowlist
from agentconsole.storage.transaction import DESK


class Opening:
    """Watch until when the allow-list is set aside; whichever server sees it first ends it for all."""

    def __init__(self, desk: OpenDesk) -> None:
        self._desk = desk

    async def end_opening(self) -> None:
        """Have the rules hold again if it is time to, and end the sessions that they do not allow."""
        until = await asyncio.wrap_future(self._desk.reader.submit(open_until))
        if until is not None and self._desk.wall.now() >= until:
            await asyncio.wrap_future(self._desk.writer.submit(DESK, allowlist.end_opening))
