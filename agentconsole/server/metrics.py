"""Figures for Prometheus, in its text form over HTTP: on a Unix socket beside the desk's, or on a port of loopback.

Counts, instants, the short names of brands and the hosts of servers; nobody's name, address or word. So a port that
every account of the host can read gives nothing away.
"""

import asyncio
import contextlib
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from agentconsole import __version__
from agentconsole.config.clock import seconds_passed
from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.queries.backups import LastBackup, read_last_backup
from agentconsole.queries.servers import read_servers
from agentconsole.queries.status import read_figures, read_reachable
from agentconsole.server.desk import OpenDesk
from agentconsole.server.sessions import Sessions
from agentconsole.storage.events import head
from agentconsole.storage.reading import ReadSession
from agentconsole.storage.upgrade import HEAD

SOCKET = "socket"
LOWEST_PORT, HIGHEST_PORT = 1024, 65535
_PATIENCE = 5.0
_LONGEST_REQUEST = 8192
_BACKUP_IS_GOOD_FOR = 60.0
_FORM = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[str, str, str, dict[str, str], float]


class Metrics:
    """Answer `GET /metrics`."""

    def __init__(self, desk: OpenDesk, sessions: Sessions, since: datetime) -> None:
        self._desk = desk
        self._sessions = sessions
        self._since = since
        self._backup: LastBackup | None = None
        self._backup_read = -_BACKUP_IS_GOOD_FOR

    async def listen(self, where: str) -> asyncio.Server:
        """Listen on the socket, or on a port of loopback; refuses what is neither."""
        if where == SOCKET:
            place = metrics_socket(self._desk.paths)
            place.unlink(missing_ok=True)
            listening = await asyncio.start_unix_server(self.serve, path=str(place), limit=_LONGEST_REQUEST)
            place.chmod(0o600)
            return listening
        if (
            not (where.isascii() and where.isdecimal())
            or len(where) > 5
            or not LOWEST_PORT <= int(where) <= HIGHEST_PORT
        ):
            raise Refused(f"AGENTCONSOLE_METRICS is {SOCKET} or a port from {LOWEST_PORT} to {HIGHEST_PORT}.")
        return await asyncio.start_server(self.serve, "127.0.0.1", int(where), limit=_LONGEST_REQUEST)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        try:
            head_of_it = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE)
            status, body = await self._answer(head_of_it.partition(b"\r\n")[0])
            lines = (
                f"HTTP/1.1 {status}",
                f"Content-Type: {_FORM}",
                f"Content-Length: {len(body)}",
                "Connection: close",
            )
            writer.write("\r\n".join((*lines, "", "")).encode() + body)
            await asyncio.wait_for(writer.drain(), _PATIENCE)
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass  # who asks so is not worth a line in the log
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(self, line: bytes) -> tuple[str, bytes]:
        method, _, rest = line.partition(b" ")
        if method != b"GET":
            return "405 Method Not Allowed", b"Only GET.\n"
        if rest.partition(b" ")[0].partition(b"?")[0] != b"/metrics":
            return "404 Not Found", b"There is /metrics here.\n"
        samples = await asyncio.wrap_future(self._desk.reader.submit(lambda session: [*self._samples(session)]))
        return "200 OK", written(samples).encode()

    def _samples(self, session: ReadSession) -> Iterator[Sample]:
        desk = self._desk
        figures = read_figures(session, desk.clock.now())
        labels = {"version": __version__, "schema": HEAD}
        yield "build_info", "gauge", "What runs here.", labels, 1
        yield "start_time_seconds", "gauge", "When the server was started.", {}, self._since.timestamp()
        sessions = sum(1 for one in list(self._sessions.live) if one.signed_in)
        yield "sessions", "gauge", "People who are signed in.", {}, sessions
        yield "cases_live", "gauge", "Cases that are not done.", {}, figures.tickets_live
        yield "cases_not_swept", "gauge", "Cases that wait over a minute to be looked after.", {}, figures.overdue_sweep
        yield "mails_leaving", "gauge", "Mails on their way out.", {}, figures.outbox_waiting
        yield "mails_in_trouble", "gauge", "Mails that failed or may not have left.", {}, figures.outbox_unknown
        yield "mails_not_filed", "gauge", "Messages that are kept and not filed yet.", {}, figures.raw_waiting
        for brand, reachable in read_reachable(session):
            yield "mailbox_reachable", "gauge", "Whether a brand's mailbox could be read.", {"brand": brand}, reachable
        yield from _of_servers(session, desk)
        yield "events_total", "counter", "Facts in the event log.", {}, head(session).seq
        yield "event_anchored", "gauge", "The newest event that the journal knows; 0 is none.", {}, desk.anchored or 0
        backup = self._last_backup(session)
        at = backup.at.timestamp() if backup else 0
        yield "last_backup_time_seconds", "gauge", "When the last backup was made; 0 is never.", {}, at
        free = shutil.disk_usage(desk.paths.home).free
        yield "disk_free_bytes", "gauge", "What is free where the desk lives.", {}, free

    def _last_backup(self, session: ReadSession) -> LastBackup | None:
        """Look the last backup up once a minute: in a log without one that is a walk over all of it."""
        if seconds_passed() - self._backup_read >= _BACKUP_IS_GOOD_FOR:
            self._backup, self._backup_read = read_last_backup(session), seconds_passed()
        return self._backup


def _of_servers(session: ReadSession, desk: OpenDesk) -> Iterator[Sample]:
    servers = read_servers(session, desk.holder, desk.wall.now())
    yield "servers", "gauge", "Servers that work on this desk.", {}, len(servers)
    for row in servers:
        labels = {"server": row.name.line(200)}
        yield "server_silent_seconds", "gauge", "Since when a server has not counted on.", labels, row.silent
    for row in servers:
        labels = {"server": row.name.line(200)}
        yield "server_behind", "gauge", "Changes of others that a server has not read yet.", labels, row.behind
    for row in servers:
        for lease in row.leases:
            labels = {"lease": lease.line(80), "server": row.name.line(200)}
            yield "lease_held", "gauge", "Which server does a recurring job.", labels, 1
    yield "servers_heard", "gauge", "Whether other servers are heard at once.", {}, desk.hears()


def metrics_socket(paths: DeskPaths) -> Path:
    """Return where the figures of a desk are asked for."""
    own = paths.socket.parent == paths.home or paths.team
    return paths.socket.with_name("metrics.sock" if own else f"{paths.socket.stem}-m.sock")


def written(samples: list[Sample]) -> str:
    """Write samples in Prometheus' text form 0.0.4; those of one name follow each other."""
    lines: list[str] = []
    said = ""
    for name, kind, means, labels, value in samples:
        full = f"agentconsole_{name}"
        if full != said:
            lines += [f"# HELP {full} {means}", f"# TYPE {full} {kind}"]
            said = full
        inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        lines.append(f"{full}{{{inside}}} {value:.17g}" if inside else f"{full} {value:.17g}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
