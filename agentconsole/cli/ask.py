"""Asking the desk server from the command line: connect, or start a private one, ask, print."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from agentconsole.config.clock import SystemClock
from agentconsole.config.logs import last_words, turn_over
from agentconsole.config.paths import BEGAN_VARIABLE, DeskPaths, desk_paths
from agentconsole.domain.errors import Refused
from agentconsole.wire.client import Client, LinkLost

Result = TypeVar("Result")
START_SECONDS = 20.0


def the_desk() -> DeskPaths:
    """Return the paths of the desk this command is about."""
    return desk_paths(os.environ)


def require_desk(paths: DeskPaths) -> None:
    """Refuse where no desk was made yet, saying how to make one."""
    if not paths.has_desk():
        raise Refused(
            f"There is no desk in {paths.home}: `agentconsole init` makes one, `agentconsole demo` shows one."
        )


def no_team_server(trouble: Exception) -> Refused:
    """Return what to tell somebody whom the team's server does not answer."""
    if isinstance(trouble, PermissionError):
        return Refused(
            "This Unix account may not use the team's desk: an administrator types `usermod -aG agentconsole ACCOUNT`, "
            "then you log in to this host anew."
        )
    return Refused(
        "The team's desk is not running here, or starts just now: `systemctl status agentconsole` says which, and an "
        "administrator types `systemctl start agentconsole`.",
        code="down",
    )


def start_private(paths: DeskPaths) -> "subprocess.Popen[bytes]":
    """Start a private desk server beside us; it ends when its last session has left."""
    require_desk(paths)
    turn_over(paths.log)
    with os.fdopen(os.open(paths.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
        return subprocess.Popen(
            [sys.executable, "-I", "-m", "agentconsole", "serve", "--private"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={
                **os.environ,
                "AGENTCONSOLE_HOME": str(paths.home),
                BEGAN_VARIABLE: str(SystemClock().now().timestamp()),
            },
            start_new_session=True,
        )


async def connect(paths: DeskPaths, *, start: bool) -> Client:
    """Connect to the desk's server; with `start`, start a private one when none answers, unless a team's would."""
    try:
        return await Client.connect(paths.socket)
    except (OSError, LinkLost) as trouble:
        if paths.team:
            raise no_team_server(trouble) from None
        if not start:
            require_desk(paths)
            raise Refused("No desk server is running here: `agentconsole serve` runs one.", code="down") from None
    server = await asyncio.to_thread(start_private, paths)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            return await Client.connect(paths.socket)
        except (OSError, LinkLost):
            # It leaves without a word where another one was faster, and that one is joined.
            if server.poll():
                raise Refused(last_words(paths.log)) from None
            await asyncio.sleep(0.05)
    raise Refused(f"The desk server did not answer within {START_SECONDS:.0f} s: look into {paths.log}.")


def ask(work: Callable[[Client], Coroutine[Any, Any, Result]], *, start: bool = True) -> Result:
    """Run `work` with a connection to the desk; refusals come back as they are."""

    async def session() -> Result:
        client = await connect(the_desk(), start=start)
        try:
            return await work(client)
        except LinkLost:
            raise Refused("The desk server stopped before it answered: ask again.") from None
        finally:
            await client.close()

    return asyncio.run(session())
