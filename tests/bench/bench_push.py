"""G16: how long after somebody else's change a console that shows the case has painted it."""

import asyncio
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from agentconsole.config.paths import desk_paths
from agentconsole.security.totp import code_at
from agentconsole.server.desk import OpenDesk
from agentconsole.server.sessions import BETWEEN_TELLINGS
from agentconsole.storage.transaction import DESK
from agentconsole.wire.client import Client
from agentconsole.wire.commands import AddNote, SignIn
from tests.bench.serving import row, served_desk, signed_in
from tests.cli.program import Program
from tests.desk_bench import PASSWORD, SEED
from tests.pty import Terminal
from tests.queries.many_tickets import fill

TICKET = 1


def measure(runs: int = 7) -> list[dict[str, object]]:
    """Return the row: seconds from the answer to who changed the case until the other's screen shows it."""
    with served_desk(_one_ticket) as desk, signed_in(desk, "ana") as terminal:
        terminal.feed(b"gt")
        terminal.wait_for("[Team 1]")
        terminal.feed(b"\r")
        terminal.wait_for("case 1")
        terminal.settle()
        taken = asyncio.run(_noted(desk, terminal, 4 * runs))
    return [row("G16", "a change painted in another session, median", statistics.median(taken), None, 0.05)]


def _one_ticket(desk: OpenDesk) -> None:
    desk.writer.run(DESK, lambda tx: fill(tx, TICKET, live=10))


async def _noted(desk: Program, terminal: Terminal, times: int) -> list[float]:
    sam = await Client.connect(desk_paths(desk.environ).socket)
    await sam.ask(SignIn("sam", PASSWORD, code_at(SEED, datetime.now(UTC))))
    taken = []
    with ThreadPoolExecutor(1) as watcher:
        for number in range(times):
            word = f"note number {number} is here"
            seen = asyncio.get_running_loop().run_in_executor(watcher, _sees, terminal, word)
            begun = time.perf_counter()
            await sam.ask(AddNote(TICKET, word))
            taken.append(await seen - begun)
            # Changes that follow each other within a twentieth of a second are told together; these are changes alone.
            await asyncio.sleep(2 * BETWEEN_TELLINGS)
    await sam.close()
    return taken


def _sees(terminal: Terminal, word: str) -> float:
    terminal.wait_for(word)
    return time.perf_counter()
