"""`agentconsole serve`: the desk server in the foreground."""

import asyncio
import logging
import os
import time
from collections.abc import Callable

from agentconsole.cli.say import tell
from agentconsole.cli.served import is_served
from agentconsole.config.logs import log_to_stderr
from agentconsole.config.paths import DeskPaths, desk_paths
from agentconsole.config.readiness import tell_ready
from agentconsole.config.syslog import SOCKET as JOURNAL
from agentconsole.domain.errors import Refused
from agentconsole.security.hardening import harden_process, raise_file_limit, scrub_environment
from agentconsole.server.main import Server, ServerOptions
from agentconsole.server.metrics import SOCKET

METRICS_VARIABLE = "AGENTCONSOLE_METRICS"
"""Names a port of loopback for the figures, or "socket", or is empty for none."""

PATIENCE = 30.0
"""Seconds that a private server waits for one that is stopping: what that acknowledged is finished first."""

LEAVE = 0.3
"""Seconds in which whoever had it stop for a while takes the desk's lock."""


def serve(*, private: bool) -> int:
    """Serve until SIGTERM; what was acknowledged is finished first."""
    harden_process()
    raise_file_limit()
    environ = dict(os.environ)
    scrub_environment(os.environ)
    log_to_stderr(logging.INFO)
    paths = desk_paths(environ)
    metrics = environ.get(METRICS_VARIABLE, "" if private else SOCKET)

    def ready() -> None:
        tell_ready(environ)
        if not private:
            tell(f"serving {paths.home} (process {os.getpid()})", error=True)

    def make() -> Server:
        return Server(paths, environ, ServerOptions(private=private, journal=JOURNAL, metrics=metrics))

    asyncio.run(_serve(make, ready, paths, private=private))
    return 0


async def _serve(make: Callable[[], Server], ready: Callable[[], None], paths: DeskPaths, *, private: bool) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        server = make()
        try:
            await server.run(ready)
        except Refused as refused:
            if not private or refused.code != "running" or time.monotonic() >= until:
                raise
        else:
            while server.again:
                server = await _serve_again(server, make, ready, paths if private else None)
            return
        # Another one was faster, and is joined; or it ends alone, and the desk needs this one after it. One that
        # was told to stop meanwhile has taken its mark away, and then none is to follow it.
        if is_served(paths) or not paths.wants_private_server():
            return
        await asyncio.sleep(0.1)


async def _serve_again(
    left: Server, make: Callable[[], Server], ready: Callable[[], None], private: DeskPaths | None
) -> Server:
    """Serve anew after a server that left the desk to somebody for a while; returns the one that has stopped then.

    The one that left hears signals still, and ends the waiting for the lock. A `private` one is not needed where a
    console was faster and has started another.
    """
    await asyncio.sleep(LEAVE)
    while left.again:
        server = make()
        try:
            await server.run(ready)
        except Refused as refused:
            if refused.code != "running":
                raise
            if private is not None and is_served(private):
                return server
            await asyncio.sleep(0.1)
        else:
            return server
    return left
