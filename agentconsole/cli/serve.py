"""`agentconsole serve`: the desk server in the foreground."""

import asyncio
import logging
import os

from agentconsole.cli.say import tell
from agentconsole.config.logs import log_to_stderr
from agentconsole.config.paths import desk_paths
from agentconsole.domain.errors import Refused
from agentconsole.security.hardening import harden_process, scrub_environment
from agentconsole.server.main import Server, ServerOptions


def serve(*, private: bool) -> int:
    """Serve until SIGTERM; what was acknowledged is finished first."""
    harden_process()
    environ = dict(os.environ)
    scrub_environment(os.environ)
    log_to_stderr(logging.INFO)
    paths = desk_paths(environ)

    def ready() -> None:
        if not private:
            tell(f"serving {paths.home} (process {os.getpid()})", error=True)

    async def run() -> None:
        await Server(paths, environ, ServerOptions(private=private)).run(ready)

    try:
        asyncio.run(run())
    except Refused as refused:
        # Several consoles may start a private server at once: one of them wins, and the others join it.
        if not (private and refused.code == "running"):
            raise
    return 0
