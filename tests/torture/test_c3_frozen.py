"""PROMISES 3, C3: a console that is stopped, or that does not read, keeps nobody waiting and no log from shrinking."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.services.sessions import Limits
from agentconsole.wire import commands, queries
from tests.desk_bench import PASSWORD, code
from tests.server_bench import Caller, Served, on_a_loop, scalar, serve

WAL_BYTES = 64 << 20
SLOWER = 1.2
NOTICEABLE = 0.1
"""Seconds that nobody notices: below them a fifth more is the noise of a machine that does other things too."""
TRIES = 3
CASES = 10
NOTE = "x" * 2_000
AGENTS = tuple(f"agent{number}" for number in range(6))
STUCK = ("sam", "mia")


async def _work(callers: Sequence[Caller], each: int) -> float:
    """Have everybody write notes and read the list, so often; returns the 99th percentile of a turn's seconds."""
    taken: list[float] = []

    async def one(caller: Caller, chance: random.Random) -> None:
        for _ in range(each):
            began = time.monotonic()
            await caller.ask(commands.AddNote(chance.randint(1, CASES), NOTE))
            await caller.ask(queries.ReadQueue("team"))
            taken.append(time.monotonic() - began)

    await asyncio.gather(*(one(caller, random.Random(number)) for number, caller in enumerate(callers)))
    return sorted(taken)[len(taken) * 99 // 100]


@asynccontextmanager
async def _stuck_consoles(served: Served) -> AsyncIterator[None]:
    """Have two consoles that sign in and ask without reading; the first is stopped, as a frozen terminal is."""
    served.clock.move(timedelta(seconds=30))
    with ExitStack() as stack:
        for login in STUCK:
            said = (str(served.paths.socket), login, PASSWORD, code(served.clock.now()))
            command = [sys.executable, "-m", "tests.torture.frozen_client", *said]
            console = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            stack.callback(console.kill)
            assert console.stdout is not None
            assert await asyncio.to_thread(console.stdout.readline) == "in\n"
            if login == STUCK[0]:
                os.kill(console.pid, signal.SIGSTOP)
        yield


@pytest.mark.parametrize(
    "each", [15, pytest.param(400, marks=[pytest.mark.long, pytest.mark.timeout(3600)])], ids=["short", "7,200"]
)
@on_a_loop
async def test_c3_a_stopped_console_and_one_that_does_not_read_slow_nobody_down(tmp_path: Path, each: int) -> None:
    people = [*((login, "agent") for login in AGENTS), *((login, "supervisor") for login in STUCK)]
    # Nobody presses a key here, and a busy machine may take its time.
    async with serve(tmp_path, people=people, limits=Limits(idle=timedelta(hours=8))) as served:
        for number in range(CASES):
            await served.ticket(subject=f"case {number}")
        callers = [await served.sign_in(login) for login in AGENTS]
        figures, written = [], 0
        for _ in range(TRIES):
            before = await _work(callers, each)
            async with _stuck_consoles(served):
                beside = await _work(callers, each)
                wal = Path(f"{served.paths.database}-wal").stat().st_size
            alone = max(before, await _work(callers, each))
            figures.append((alone, beside, wal))
            written += 3 * each * len(AGENTS)
            if beside <= max(alone * SLOWER, NOTICEABLE):
                break
        notes = await scalar(served, "SELECT count(*) FROM contact WHERE kind = 'note'")

    print([f"alone {one:.3f} s, beside {two:.3f} s, WAL {three >> 10} KB" for one, two, three in figures])
    assert figures[-1][1] <= max(figures[-1][0] * SLOWER, NOTICEABLE)
    assert max(wal for _, _, wal in figures) <= WAL_BYTES
    assert notes == written
