"""Anchoring the event log: its newest event is said to the host's journal often, and mailed out of it each day."""

import asyncio
from datetime import timedelta
from pathlib import Path

from agentconsole.channels.email import smtp
from agentconsole.channels.email.compose import compose
from agentconsole.config.clock import seconds_passed
from agentconsole.config.syslog import SOCKET, tell_journal
from agentconsole.domain.anchor import Anchor
from agentconsole.domain.errors import Refused
from agentconsole.server.desk import OpenDesk
from agentconsole.server.mail_out import Postman
from agentconsole.services import anchoring, leases
from agentconsole.storage.events import Head, head
from agentconsole.storage.transaction import DESK

MOST_EVENTS = 100
LONGEST_TIME = timedelta(minutes=15)
LEASE = "anchors by mail"


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


class MailedAnchors:
    """Mail the newest event where the desk was told to, once a day; what did not leave is tried again."""

    def __init__(self, desk: OpenDesk, postman: Postman) -> None:
        self._desk = desk
        self._postman = postman

    async def mail_anchor(self) -> None:
        """Mail it if it is time to, and this server's to do."""
        context, now, me = self._desk.context, self._desk.wall.now(), self._desk.holder
        due = await asyncio.wrap_future(self._desk.reader.submit(lambda session: anchoring.due(session, context, now)))
        if due is None:
            return
        if await asyncio.wrap_future(self._desk.writer.submit(DESK, lambda tx: leases.hold(tx, LEASE, me))):
            await asyncio.to_thread(self._send, due)

    def _send(self, due: anchoring.AnchorMail) -> None:
        message = compose(due.mail, desk=self._desk.context.uid[:8], sent_at=self._desk.clock.now())
        outcome = self._postman.carry(due.brand, due.mail, message)
        if not isinstance(outcome, smtp.Delivered):
            raise Refused(f"The anchor of the log was not mailed: {outcome.sentence}")
        self._desk.writer.run(DESK, anchoring.mailed)
