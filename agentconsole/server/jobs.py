"""Recurring work: the sweep, the outbox, idle sessions; each under a lease, so that only one server does it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from agentconsole.config.clock import seconds_passed
from agentconsole.queries.servers import taken_by_others
from agentconsole.server.anchors import Anchors, MailedAnchors
from agentconsole.server.desk import OpenDesk
from agentconsole.server.heartbeat import Heartbeat
from agentconsole.server.mail_out import MailOut
from agentconsole.server.opening import Opening
from agentconsole.server.sessions import Live, Sessions
from agentconsole.server.signing import Signing
from agentconsole.server.strangers import is_overdue
from agentconsole.server.troubles import Troubles
from agentconsole.services import leases, outbox_leaving, sweep
from agentconsole.services.duties import look_after_duties
from agentconsole.services.sessions import Limits
from agentconsole.storage.feed import trim
from agentconsole.storage.reading import ReadSession
from agentconsole.storage.transaction import DESK, Tx
from agentconsole.wire.frames import Ended

CLOSED_AFTER = timedelta(days=14)
SELDOM = 60


class Jobs:
    """Run the recurring work of one server, until it is stopped."""

    def __init__(
        self,
        desk: OpenDesk,
        sessions: Sessions,
        signing: Signing,
        mail_out: MailOut,
        limits: Limits,
        *,
        heartbeat: Heartbeat,
        anchors: Anchors | None = None,
        mailed: MailedAnchors | None = None,
    ) -> None:
        self._desk = desk
        self._sessions = sessions
        self._signing = signing
        self._mail_out = mail_out
        self._limits = limits
        self._anchors = anchors
        self._mailed = mailed
        self._heartbeat = heartbeat
        self._troubles = Troubles()
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._rounds = 0

    def start(self) -> None:
        """Begin."""
        works = [(self.sweep, 1.0), (self.send_mail, 0.5), (self.watch_sessions, 2.0)]
        works.append((Opening(self._desk).end_opening, 2.0))
        if self._anchors is not None:
            works.append((self._anchors.anchor, 5.0))
        if self._mailed is not None:
            works.append((self._mailed.mail_anchor, 30.0))
        works.append((self._heartbeat.beat, self._heartbeat.seconds))
        for work, seconds in works:
            self._tasks.append(asyncio.create_task(self._repeat(work, seconds)))

    async def stop(self) -> None:
        """Stop; what is running is finished first, so that a mail that was handed over is noted as sent."""
        self._stopping.set()
        await asyncio.gather(*self._tasks)
        await self._mail_out.stop()

    async def _repeat(self, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        while not self._stopping.is_set():
            try:
                await work()
                self._troubles.worked(work.__name__)
            except Exception as error:  # the edge of a job: it must run again
                self._troubles.failed(work.__name__, error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)

    async def sweep(self) -> None:
        """Look after the tickets whose time has come; once a minute also what is old."""
        self._rounds += 1
        seldom = self._rounds % SELDOM == 0

        def work(tx: Tx) -> int:
            if not leases.hold(tx, leases.SWEEP, self._desk.holder):
                return 0
            if seldom or self._rounds == 1:
                look_after_duties(tx, self._desk.context)
            if seldom:
                sweep.forget_requests(tx)
                sweep.close_old(tx, CLOSED_AFTER)
                trim(tx)
            return sweep.sweep(tx, self._desk.context)

        while await asyncio.wrap_future(self._desk.writer.submit(DESK, work)) == sweep.AT_ONCE:
            if self._stopping.is_set():  # what is left falls due at the next start
                return
            seldom = False

    async def send_mail(self) -> None:
        """Have the brands that have mail to send, or to look for, get on with it."""
        await self._mail_out.renew()
        now = self._desk.wall.now()
        work = self._desk.reader.submit(lambda session: self._brands_with_work(session, now))
        brands = await asyncio.wrap_future(work)
        self._mail_out.begin(brands)

    def _brands_with_work(self, session: ReadSession, now: datetime) -> tuple[str, ...]:
        others = taken_by_others(session, self._desk.holder)
        brands = outbox_leaving.brands_with_work(session, now)
        return tuple(brand for brand in brands if leases.mail_out(brand) not in others)

    async def watch_sessions(self) -> None:
        """Lock sessions that are idle, end those that are too old, and let go of strangers and watchers gone silent."""
        self._sessions.presence.drop_silent()
        now = seconds_passed()
        idle, absolute = self._limits.idle.total_seconds(), self._limits.absolute.total_seconds()
        for live in list(self._sessions.live):
            if is_overdue(live, now):
                live.writer.close()
            if not live.signed_in:
                continue
            if now - live.began > absolute:
                await self._expire(live)
            elif not live.locked and now - live.last_key > idle:
                await self._signing.lock_for(live, f"{_spoken(idle)} without a key")

    async def _expire(self, live: Live) -> None:
        age = _spoken(self._limits.absolute.total_seconds())
        try:
            await self._signing.end(live, f"{age} have passed")
        finally:
            live.tell(Ended(f"This session is {age} old: sign in again."))


def _spoken(seconds: float) -> str:
    for unit, size in (("hours", 3600), ("minutes", 60)):
        if seconds >= size:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} seconds"
