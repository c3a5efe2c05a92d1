"""`agentconsole serve`: the desk server in the foreground."""

import asyncio
import logging
import os
import time

from agentconsole.cli.say import tell
from agentconsole.cli.served import is_served
from agentconsole.config.logs import log_to_stderr
from agentconsole.config.paths import desk_paths
from agentconsole.config.syslog import SOCKET as JOURNAL
from agentconsole.domain.errors import Refused
from agentconsole.security.hardening import harden_process, raise_file_limit, scrub_environment
from agentconsole.server.main import Server, ServerOptions
from agentconsole.server.metrics import SOCKET

METRICS_VARIABLE = "AGENTCONSOLE_METRICS"
"""Names a port of loopback for the figures, or "socket", or is empty for none."""

PATIENCE = 30.0
"""Seconds that a private server waits for one that is stopping: what that acknowledged is finished first."""


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
        if not private:
            tell(f"serving {paths.home} (process {os.getpid()})", error=True)

    async def run() -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                await Server(paths, environ, ServerOptions(private=private, journal=JOURNAL, metrics=metrics)).run(
                    ready
                )
            except Refused as refused:
                if not private or refused.code != "running" or time.monotonic() >= until:
                    raise
            else:
                return
            # Another one was faster, and is joined; or it ends alone, and the desk needs this one after it. One that
            # was told to stop meanwhile has taken its mark away, and then none is to follow it.
            if is_served(paths) or not paths.wants_private_server():
                return
            await asyncio.sleep(0.1)

    asyncio.run(run())
    return 0
