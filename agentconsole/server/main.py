"""The desk server's life: one a desk, from the lock to the clean stop."""

import asyncio
import contextlib
import fcntl
import functools
import itertools
import logging
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agentconsole.channels.email.sandbox import PARSER_VARIABLE, ParserChild
from agentconsole.channels.email.site import Site
from agentconsole.config.clock import Clock, SystemClock
from agentconsole.config.paths import BEGAN_VARIABLE, PRIVATE, STOPPED, DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.queries.status import read_figures
from agentconsole.security.masterkey import MasterKey
from agentconsole.server.administration import Administration
from agentconsole.server.anchors import Anchors, MailedAnchors
from agentconsole.server.answering import Answering
from agentconsole.server.arrival import record_move
from agentconsole.server.connections import Connections
from agentconsole.server.desk import OpenDesk, open_desk
from agentconsole.server.feed import Feed
from agentconsole.server.heartbeat import BEAT, Heartbeat, joining
from agentconsole.server.intake import Intake
from agentconsole.server.jobs import Jobs
from agentconsole.server.mail_in import MailIn
from agentconsole.server.mail_out import MailOut, Postman, SmtpPostman
from agentconsole.server.metrics import Metrics, metrics_socket
from agentconsole.server.sent_mail import SentMail
from agentconsole.server.sessions import Sessions
from agentconsole.server.signing import Signing
from agentconsole.server.troubles import Troubles
from agentconsole.services import leases
from agentconsole.services.sessions import Limits
from agentconsole.storage.damage import refusing_damage
from agentconsole.storage.moving_switch import recover
from agentconsole.storage.transaction import DESK, Committed

log = logging.getLogger(__name__)
PRIVATE_GRACE = 5
FIRST_GRACE = 60
SETTLE_SECONDS = 5.0
OPENING_SECONDS = 1.0
FINISH_ROUNDS = 12
BACKLOG = 1024
"""So many connections wait until they are looked at: a flood of one account must not turn the others away."""


@dataclass(slots=True)
class ServerOptions:
    """Say how a server runs: `private` ends with its last session; the rest is for the demo and the tests.

    `journal` is where the event log is anchored, None nowhere; `metrics` is a port, "socket", or "" for no figures.
    """

    private: bool = False
    demo: bool = False
    clock: Clock | None = None
    wall: Clock | None = None
    limits: Limits = field(default_factory=Limits)
    master: MasterKey | None = None
    postman: Callable[[OpenDesk, Intake], Postman] | None = None
    opened: Callable[[OpenDesk, Intake], None] | None = None
    journal: Path | None = None
    metrics: str = ""
    beat_seconds: float = BEAT


class ServerLock:
    """Hold the lock that makes this the one server of its desk."""

    def __init__(self, path: Path, *, private: bool = False, began: float | None = None) -> None:
        """Take the lock. Refuses while another server has it, and where the desk was stopped since one `began`.

        That is when a console began to start it (seconds since 1970): a stop is meant for it, too.
        """
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = (os.read(handle, 20).decode("ascii", "replace").split() or ["unknown"])[0]
            os.close(handle)
            raise Refused(
                f"A desk server runs on {path.parent} already (process {pid}): use it, or stop it first.",
                code="running",
            ) from None
        if began is not None and _was_stopped_since(handle, began):
            os.close(handle)
            raise Refused(
                "The desk was stopped while its server began to start: open the console again, and it starts.",
                code="stopped",
            )
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}{f' {PRIVATE}' if private else ''}\n".encode())
        self._handle = handle

    def forget_private(self) -> None:
        """Take the mark away that lets a console start this server again; a full disk is no obstacle to that."""
        os.ftruncate(self._handle, len(str(os.getpid())))
        with contextlib.suppress(OSError):
            os.pwrite(self._handle, f" {STOPPED}\n".encode(), len(str(os.getpid())))

    def release(self) -> None:
        """Let the next server have the desk."""
        os.close(self._handle)


def _began(environ: Mapping[str, str]) -> float | None:
    """Return when a console began to start this server, None where nobody says so."""
    try:
        return float(environ[BEGAN_VARIABLE])
    except (KeyError, ValueError):
        return None


def _was_stopped_since(handle: int, began: float) -> bool:
    """Tell whether the last word in a lock file is a stop of then or later; a clock that went back makes none of it."""
    said = os.fstat(handle).st_mtime
    return STOPPED.encode() in os.pread(handle, 64, 0) and began <= said <= SystemClock().now().timestamp()


class Server:
    """Run one desk server; `run` returns after a clean stop."""

    def __init__(self, paths: DeskPaths, environ: Mapping[str, str], options: ServerOptions) -> None:
        self._paths = paths
        self._environ = environ
        self._options = options
        self._stopping = asyncio.Event()
        self._lock: ServerLock | None = None
        self.again = False
        self.sessions = Sessions()

    def stop(self, again: bool = False) -> None:
        """Ask for a clean stop, after which no console starts it; on the event loop's thread, also repeatedly.

        With `again` whoever runs it is to run another one, as soon as the desk's lock can be had.
        """
        if self._lock is not None and not again:
            self._lock.forget_private()
        self.again = again
        self._stopping.set()

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until stopped. Refuses when another server has the desk, and where there is none."""
        self._paths.make()
        self._lock = lock = ServerLock(self._paths.lock, private=self._options.private, began=_began(self._environ))
        try:
            await self._run_locked(ready)
        finally:
            self._lock = None
            lock.release()

    async def _run_locked(self, ready: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()

        def committed(changes: Committed) -> None:
            loop.call_soon_threadsafe(self.sessions.changed, changes)

        def reaching(away: bool) -> None:
            loop.call_soon_threadsafe(functools.partial(self.sessions.reaching, away=away))

        options = self._options
        if self._paths.moving.exists():
            await asyncio.to_thread(recover, self._paths, SystemClock().now())
        opened = functools.partial(
            open_desk,
            self._paths,
            self._environ,
            committed=committed,
            reaching=reaching,
            clock=options.clock,
            wall=options.wall,
            master=options.master,
        )
        desk = await self._opened(opened)
        with ParserChild(Site(desk.context.uid[:8]), self._environ.get(PARSER_VARIABLE, "")) as child:
            intake = Intake(desk, child)
            try:
                await self._serve(desk, intake, ready)
            finally:
                await asyncio.to_thread(desk.close)

    async def _opened(self, opened: Callable[[], OpenDesk]) -> OpenDesk:
        """Open the desk; a team's server waits for a database that is not there yet, as when both hosts start."""
        troubles = Troubles()
        while True:
            try:
                with refusing_damage():
                    return await asyncio.to_thread(opened)
            except Refused as refused:
                if refused.code != "down" or self._options.private:
                    raise
                troubles.failed("database", refused)
            await asyncio.sleep(OPENING_SECONDS)

    async def _serve(self, desk: OpenDesk, intake: Intake, ready: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(name, self.stop)
        # Also where the clock went back: the desk has to be there for somebody to look at it and accept the time.
        enter = functools.partial(leases.join, me=joining(desk), alone=not desk.database.is_shared)
        await asyncio.to_thread(desk.writer.run, DESK, enter, behind=True)
        await asyncio.to_thread(record_move, desk)
        feed = await asyncio.to_thread(Feed, desk, self.sessions, loop)
        desk.hears = lambda: feed.is_up
        if self._options.opened is not None:
            await asyncio.to_thread(self._options.opened, desk, intake)
        since, limits = desk.wall.now(), self._options.limits
        signing = Signing(desk, self.sessions, limits)
        connections = Connections(
            desk,
            self.sessions,
            signing,
            Answering(desk, self.sessions, since),
            Administration(desk, self.sessions, intake, self.stop),
            host_uids=frozenset({os.geteuid(), 0}),
            demo=self._options.demo,
        )
        sent_mail = SentMail(desk)
        postman = self._options.postman(desk, intake) if self._options.postman else SmtpPostman(desk, sent_mail)
        mail_out, journal = MailOut(desk, postman, sent_mail), self._options.journal
        anchors = None if journal is None else Anchors(desk, journal)
        mailed = MailedAnchors(desk, postman)
        pulse = Heartbeat(desk, feed, self._options.beat_seconds)
        jobs = Jobs(desk, self.sessions, signing, mail_out, limits, anchors=anchors, mailed=mailed, heartbeat=pulse)
        mail = MailIn(desk, intake)
        figures = Metrics(desk, self.sessions, since)
        measured = await figures.listen(self._options.metrics) if self._options.metrics else None
        self._paths.socket.unlink(missing_ok=True)
        listening = await asyncio.start_unix_server(connections.serve, path=str(self._paths.socket), backlog=BACKLOG)
        self._paths.socket.chmod(0o660 if self._paths.team else 0o600)
        jobs.start()
        watching = asyncio.create_task(self._watch(desk, intake, mail))
        ready()
        log.info("serving %s", self._paths.home)
        try:
            await self._stopping.wait()
        finally:
            listening.close()
            if measured is not None:
                measured.close()
                metrics_socket(self._paths).unlink(missing_ok=True)
            # First of all, so that nobody joins a server that is on its way out.
            self._paths.socket.unlink(missing_ok=True)
            watching.cancel()
            mail.stop()
            await jobs.stop()
            await self._close_connections()
            await asyncio.to_thread(feed.stop)
            await self._leave(desk)
            log.info("stopped")

    @staticmethod
    async def _leave(desk: OpenDesk) -> None:
        """Give up what this server has, so that no other one waits for it."""
        give_up = functools.partial(leases.leave, server=desk.holder)
        try:
            await asyncio.to_thread(desk.writer.run, DESK, give_up, behind=True)
        except Refused as away:
            log.warning("the leases end by themselves: %s", away.sentence)
        except Exception:  # a full disk must not keep the server from stopping; others notice that it is gone
            log.exception("the leases could not be given up")

    async def _close_connections(self) -> None:
        for live in list(self.sessions.live):
            live.writer.close()
        for _ in range(100):
            if not self.sessions.live:
                return
            await asyncio.sleep(0.02)

    async def _watch(self, desk: OpenDesk, intake: Intake, mail: MailIn) -> None:
        """Pick up new mailboxes, file what was left over, and end a private server that nobody needs any more."""
        alone, troubles = 0, Troubles()
        for rounds in itertools.count():
            try:
                # Also later: what could not be filed, say for want of space, is kept and must not wait for a restart.
                if rounds % FINISH_ROUNDS == 0:
                    await asyncio.to_thread(desk.context.store.mirror)
                    await asyncio.to_thread(intake.finish_waiting)
                await asyncio.to_thread(mail.settle)
                troubles.worked("mailboxes")
            except Exception as error:  # the edge of the watch: a full disk must not end it
                troubles.failed("mailboxes", error)
            for _ in range(int(SETTLE_SECONDS)):
                await asyncio.sleep(1)
                alone = 0 if self.sessions.live else alone + 1
                grace = PRIVATE_GRACE if self.sessions.had_any else FIRST_GRACE
                if self._options.private and alone >= grace and not await self._work_due(desk):
                    self._stopping.set()

    @staticmethod
    async def _work_due(desk: OpenDesk) -> bool:
        figures = await asyncio.wrap_future(desk.reader.submit(lambda s: read_figures(s, desk.clock.now())))
        return figures.outbox_waiting > figures.outbox_stranded
