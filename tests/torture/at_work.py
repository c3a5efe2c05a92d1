"""A desk server in a process of its own, and people and mail that keep it busy until it is gone."""

import asyncio
import contextlib
import multiprocessing
import os
import random
import socket
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

from agentconsole.config.clock import SetClock
from agentconsole.config.paths import DeskPaths, desk_paths
from agentconsole.security.masterkey import MasterKey
from agentconsole.server.main import Server, ServerOptions
from agentconsole.storage import engine
from agentconsole.wire.client import Client, LinkLost
from agentconsole.wire.commands import AddNote, ImportMail, SetPriority, SignIn, Tag
from tests.desk_bench import PASSWORD, code, master, open_bench, raw_mail

PEOPLE = ("ana", "bo", "sam")
CASES = 6


def answers(place: Path) -> bool:
    """Tell whether a server answers at a Unix socket: the socket outlives it."""
    with socket.socket(socket.AF_UNIX) as asking:
        return asking.connect_ex(str(place)) == 0


def make_busy_home(folder: Path) -> Path:
    """Make a desk with a few cases and people, and return its home."""
    with open_bench(folder) as bench:
        bench.user("bo")
        for number in range(CASES):
            bench.ticket(f"c{number}@example.org", f"case {number}")
        return bench.desk.paths.home


def start_server(home: Path, at: datetime, synchronous: str = "FULL") -> BaseProcess:
    """Start a desk server at an instant; a database that is not synchronous=FULL is what a negative control has."""
    spawn = multiprocessing.get_context("forkserver")
    spawn.set_forkserver_preload(["agentconsole.server.main", "tests.desk_bench"])
    server = spawn.Process(target=_serve, args=(str(home), master().text(), at, synchronous))
    server.start()
    return server


def _serve(home: str, key: str, at: datetime, synchronous: str) -> None:
    if synchronous == "NORMAL":
        engine._RECIPE = tuple(
            ("synchronous", "NORMAL", 1) if one[0] == "synchronous" else one for one in engine._RECIPE
        )
    clock = SetClock(at)
    options = ServerOptions(clock=clock, wall=clock, master=MasterKey.of_text(key, "test"))
    asyncio.run(Server(desk_paths(os.environ, Path(home)), os.environ, options).run())


async def connect(paths: DeskPaths) -> Client:
    """Connect to a server that may still be starting."""
    for _ in range(2000):
        with contextlib.suppress(OSError, LinkLost):
            return await Client.connect(paths.socket)
        await asyncio.sleep(0.01)
    raise AssertionError("the server never answered")


async def work(paths: DeskPaths, login: str, at: datetime, cycle: int, acknowledged: set[str]) -> None:
    """Work as fast as one can until the link is lost; every note that was acknowledged goes into the set."""
    client = await connect(paths)
    chance = random.Random(f"{login} {cycle}")
    with contextlib.suppress(LinkLost):
        await client.ask(SignIn(login, PASSWORD, code(at)))
        for number in range(100_000):
            text = f"{login} {cycle} {number}"
            case = chance.randint(1, CASES)
            await client.ask(AddNote(case, text))
            acknowledged.add(text)
            await client.ask(Tag(case, (f"t{number % 9}",), (f"t{(number + 5) % 9}",)))
            with contextlib.suppress(Exception):
                await client.ask(SetPriority(case, 1 << 40, chance.choice(("low", "high"))))
    await client.close()


async def bring_mail(paths: DeskPaths, cycle: int, acknowledged: set[str]) -> None:
    """Bring mail until the link is lost; the subject of each that was taken goes into the set."""
    client = await connect(paths)
    with contextlib.suppress(LinkLost):
        for number in range(100_000):
            subject = f"mail {cycle} {number}"
            raw = raw_mail(f"m{number}@example.org", subject, "Where is it?", message_id=f"<{cycle}.{number}@c.test>")
            await client.ask(ImportMail("x.eml", raw))
            acknowledged.add(subject)
            await asyncio.sleep(0.02)
    await client.close()
