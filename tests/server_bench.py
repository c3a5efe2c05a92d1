"""A running desk server for tests: a real socket, real clients, clocks moved by hand, and a letterbox for its mail."""

import asyncio
import functools
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from agentconsole.config.clock import SetClock
from agentconsole.config.paths import DeskPaths
from agentconsole.server.administration import Administration
from agentconsole.server.answering import Answering
from agentconsole.server.connections import Connections
from agentconsole.server.desk import OpenDesk
from agentconsole.server.heartbeat import BEAT
from agentconsole.server.intake import Intake
from agentconsole.server.main import Server, ServerOptions
from agentconsole.server.signing import Signing
from agentconsole.services.sessions import Limits
from agentconsole.storage.transaction import DESK
from agentconsole.wire.client import Client, Told
from agentconsole.wire.commands import ImportMail, ProveAgain, SignIn
from agentconsole.wire.frames import Done, SignedIn
from tests.desk_bench import (
    ECOLAB,
    MONDAY,
    PASSWORD,
    ROSA,
    Letterbox,
    code,
    make_home,
    master,
    raw_mail,
)

PEOPLE = (("ana", "agent"), ("sam", "supervisor"), ("mara", "manager"), ("ada", "admin"))
PATIENCE = 15.0


def on_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test that is a coroutine on an event loop of its own."""

    @functools.wraps(test)
    def run(*arguments: Any, **named: Any) -> None:
        asyncio.run(test(*arguments, **named))

    return run


@dataclass(eq=False)
class Caller:
    """Hold one connection, and what it was told unasked."""

    client: Client
    told: list[Told] = field(default_factory=list)

    async def ask(self, body: Any, *, request: str = "") -> Any:
        """Ask and return the answer; raises what the desk refuses."""
        return await asyncio.wait_for(self.client.ask(body, request=request), PATIENCE)

    async def hears(self, kind: type, within: float = PATIENCE) -> Any:
        """Wait until something of a kind was told."""
        await until(lambda: any(isinstance(one, kind) for one in self.told), within)
        return next(one for one in self.told if isinstance(one, kind))


@dataclass
class Served:
    """Hold a running server, and everything a test does to it."""

    server: Server
    paths: DeskPaths
    clock: SetClock
    post: Letterbox
    desk: OpenDesk
    intake: Intake
    running: "asyncio.Task[None]"
    callers: list[Caller] = field(default_factory=list)

    async def caller(self) -> Caller:
        """Connect without signing in: what the command line does."""
        caller = Caller(await Client.connect(self.paths.socket))
        caller.client.told = caller.told.append
        self.callers.append(caller)
        return caller

    async def sign_in(self, login: str) -> Caller:
        """Connect and sign in with all three proofs; the clock moves on to a code that was not used yet."""
        caller = await self.caller()
        self.clock.move(timedelta(seconds=30))
        answer = await caller.ask(SignIn(login, PASSWORD, code(self.clock.now())))
        assert isinstance(answer, SignedIn)
        return caller

    async def prove(self, caller: Caller) -> None:
        """Give a code once more, for what asks for it; the clock moves on to one that was not used yet."""
        self.clock.move(timedelta(seconds=30))
        await caller.ask(ProveAgain(code(self.clock.now())))

    async def ticket(self, from_: str = ROSA, subject: str = "Where is my order?") -> int:
        """Open a ticket by a mail that the host's account imports."""
        host = await self.caller()
        answer = await host.ask(ImportMail("x.eml", raw_mail(from_, subject, "It has not come.")))
        assert isinstance(answer, Done)
        assert answer.ticket is not None
        return answer.ticket

    async def stop(self) -> None:
        """Stop the server, if it runs, and wait until it is gone."""
        for caller in self.callers:
            await caller.client.close()
        self.server.stop()
        await asyncio.wait_for(self.running, PATIENCE)


@asynccontextmanager
async def for_strangers(served: Served, folder: Path) -> AsyncIterator[Path]:
    """Serve the same desk at a second socket, where no account is the host's."""
    desk, sessions = served.desk, served.server.sessions
    connections = Connections(
        desk,
        sessions,
        Signing(desk, sessions, Limits()),
        Answering(desk, sessions, desk.wall.now()),
        Administration(desk, sessions, served.intake, lambda: None),
        host_uids=frozenset(),
    )
    path = folder / "strangers.sock"
    listening = await asyncio.start_unix_server(connections.serve, path=str(path))
    try:
        yield path
    finally:
        listening.close()


async def until(holds: Callable[[], bool], within: float = PATIENCE) -> None:
    """Wait until something holds."""
    deadline = asyncio.get_running_loop().time() + within
    while not holds():
        assert asyncio.get_running_loop().time() < deadline, f"not within {within} s"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def serve(
    folder: Path,
    *,
    brands: tuple[tuple[str, str, str], ...] = (ECOLAB,),
    people: Sequence[tuple[str, str]] = PEOPLE,
    limits: Limits | None = None,
    at: datetime = MONDAY,
    private: bool = False,
    real_post: bool = False,
    paths: DeskPaths | None = None,
    clock: SetClock | None = None,
    beat_seconds: float = BEAT,
) -> AsyncIterator[Served]:
    """Run a server on a fresh desk (or on the one of `paths`) with these people, who all have PASSWORD and SEED.

    Mail goes into the letterbox, or with `real_post` to the mail server of its brand.
    """
    paths = paths or make_home(folder, brands, tuple(people))
    clock, post = clock or SetClock(at), Letterbox()
    opened: list[tuple[OpenDesk, Intake]] = []

    def on_open(desk: OpenDesk, intake: Intake) -> None:
        opened.append((desk, intake))

    options = ServerOptions(
        private=private,
        clock=clock,
        wall=clock,
        master=master(),
        limits=limits or Limits(),
        postman=None if real_post else lambda _desk, _intake: post,
        opened=on_open,
        beat_seconds=beat_seconds,
    )
    server = Server(paths, os.environ, options)
    ready = asyncio.Event()
    running = asyncio.create_task(server.run(ready.set))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE)
    waiting.cancel()
    if running.done():
        running.result()
    served = Served(server, paths, clock, post, *opened[0], running)
    try:
        yield served
    finally:
        await served.stop()


async def scalar(served: Served, sql: str) -> Any:
    """Read one value by SQL from the desk that is being served."""
    return await asyncio.wrap_future(served.desk.reader.submit(lambda s: s.execute(sa.text(sql)).scalar()))


async def execute(served: Served, sql: str) -> None:
    """Change something behind the desk's back, as a fault would."""
    await asyncio.wrap_future(served.desk.writer.submit(DESK, lambda tx: tx.session.execute(sa.text(sql))))
