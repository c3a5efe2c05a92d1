"""What can be seen of a demo from outside: its socket, its processes, its folder."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from agentconsole.wire.client import Client

LONGEST = 60.0


async def connect(socket: Path) -> Client:
    """Connect once the server is there."""
    until = time.monotonic() + LONGEST
    while True:
        try:
            return await Client.connect(socket)
        except OSError:
            assert time.monotonic() < until, "the demo's server did not start"
            await asyncio.sleep(0.05)


def processes_of(home: Path) -> list[int]:
    """Return the processes whose command line names a demo's folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if str(home).encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def until(true: Callable[[], bool]) -> bool:
    """Wait for something to become true."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False
