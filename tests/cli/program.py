"""Running the real program as a user would: a process, a home of its own, what it says and how it ends."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from agentconsole.config.clock import SystemClock
from agentconsole.config.paths import desk_paths
from agentconsole.server.desk import NewDesk, complete_founding, found_desk, open_desk

NEW = NewDesk("Test desk", "Europe/London", (("acme", "Acme Ltd", "ecomstore"),))


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what a run printed and its exit code."""

    out: str
    err: str
    code: int


class Program:
    """Run `agentconsole` on one home; a private server that it starts is stopped by `stop`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        # The key lies in a file whatever keyring this machine, or an earlier test of this process, has to offer.
        self.places = {"AGENTCONSOLE_HOME": str(home), "AGENTCONSOLE_MASTER_KEY_FILE": str(home / "master.key")}
        self.environ = {**os.environ, **self.places}

    def __call__(self, *arguments: str, given: str = "") -> Said:
        """Run the program with these arguments and this standard input."""
        done = subprocess.run(
            [sys.executable, "-I", "-m", "agentconsole", *arguments],
            input=given,
            capture_output=True,
            text=True,
            env=self.environ,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Said(done.stdout, done.stderr, done.returncode)

    def found(self, *, new: NewDesk = NEW) -> None:
        """Make a desk in the home, as `init` does after its questions."""
        paths = desk_paths(self.environ)
        found_desk(paths, new, self.environ, wall=SystemClock())
        desk = open_desk(paths, self.environ, committed=lambda _: None)
        complete_founding(desk, new)
        desk.close()

    def stop(self) -> None:
        """Stop the private server, if one runs, and wait until its lock is free."""
        self("stop")
        asyncio.run(self._gone())

    async def _gone(self) -> None:
        socket = desk_paths(self.environ).socket
        for _ in range(200):
            if not socket.exists():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("the desk server did not stop")
