"""The demo's desk server: founds the desk in its folder, fills it, serves it, and ends with whoever started it."""

import asyncio
import gc
import logging
import os
import shutil
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import msgspec

from agentconsole.config.clock import ScaledClock, SystemClock
from agentconsole.config.logs import log_to_stderr
from agentconsole.config.paths import desk_paths
from agentconsole.demo.content import load_content
from agentconsole.demo.customers import Customers
from agentconsole.demo.seed import NEW_DESK, fill
from agentconsole.security.hardening import harden_process, scrub_environment
from agentconsole.security.masterkey import FILE_NAME, FILE_VARIABLE, MasterKey
from agentconsole.server.desk import OpenDesk, found_desk
from agentconsole.server.intake import Intake
from agentconsole.server.mail_out import Postman
from agentconsole.server.main import Server, ServerOptions


class Play(msgspec.Struct, frozen=True):
    """Say what is played: where, from which instant on, how fast, from which seed, and whether its folder stays."""

    home: str
    base: datetime
    speed: float
    seed: int
    keep: bool


def serve(play: Play) -> None:
    """Serve the demo until standard input ends, which is when the console is gone, however it ended."""
    paths = desk_paths({}, Path(play.home))
    try:
        environ, master = _keys(play)
        found_desk(paths, NEW_DESK, environ, wall=SystemClock(), master=master)
        asyncio.run(_serve(play, environ, master))
    finally:
        if not play.keep:
            shutil.rmtree(play.home, ignore_errors=True)


def _keys(play: Play) -> tuple[Mapping[str, str], MasterKey | None]:
    """Return where the master key comes from: a desk that is thrown away needs it in no place but here."""
    if play.keep:
        return {FILE_VARIABLE: str(Path(play.home) / FILE_NAME)}, None
    return {}, MasterKey.in_memory()


async def _serve(play: Play, environ: Mapping[str, str], master: MasterKey | None) -> None:
    content = load_content()
    clock = ScaledClock(play.base, play.speed)
    ending = ExitStack()

    def opened(desk: OpenDesk, _intake: Intake) -> None:
        fill(desk, content, play.base, play.seed)
        gc.freeze()
        gc.enable()

    def postman(desk: OpenDesk, intake: Intake) -> Postman:
        customers = Customers(desk, intake, content, play.seed)
        customers.start()
        ending.callback(customers.stop)
        return customers

    options = ServerOptions(demo=True, clock=clock, master=master, postman=postman, opened=opened)
    server = Server(desk_paths({}, Path(play.home)), environ, options)
    _end_with_parent(server, asyncio.get_running_loop())
    with ending:
        await server.run()


def _end_with_parent(server: Server, loop: asyncio.AbstractEventLoop) -> None:
    """Stop when the pipe on standard input is closed: the kernel does that for a parent that was killed, too."""

    def watch() -> None:
        while os.read(0, 4096):
            pass
        loop.call_soon_threadsafe(server.stop)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def main() -> None:
    """Serve what the one argument says, as JSON."""
    harden_process()
    scrub_environment(os.environ)
    log_to_stderr(logging.INFO)
    serve(msgspec.json.decode(sys.argv[1], type=Play))
