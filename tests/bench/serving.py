"""A desk for the benches: founded, filled with tickets, and served by a process of its own."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from agentconsole.config.clock import SystemClock
from agentconsole.config.paths import desk_paths
from agentconsole.security.totp import code_at
from agentconsole.server.desk import NewDesk, OpenDesk, complete_founding, found_desk, open_desk
from tests.cli.program import Program
from tests.desk_bench import ECOLAB, PASSWORD, SEED, add_person
from tests.pty import Terminal

LONGEST_START = 60.0
PEOPLE = (("ana", "agent"), ("sam", "supervisor"))


@contextmanager
def served_desk(fill: Callable[[OpenDesk], None]) -> Iterator[Program]:
    """Found a desk with ana and sam, let `fill` put tickets there, and serve it until the block ends."""
    with tempfile.TemporaryDirectory(prefix="d") as folder:
        program = Program(Path(folder))
        paths, new = desk_paths(program.environ), NewDesk("Bench desk", "Europe/London", (ECOLAB,))
        found_desk(paths, new, program.environ, wall=SystemClock())
        desk = open_desk(paths, program.environ, committed=lambda _: None)
        complete_founding(desk, new)
        for login, role in PEOPLE:
            add_person(desk, login, role)
        fill(desk)
        desk.close()
        command = [sys.executable, "-I", "-m", "agentconsole", "serve"]
        with subprocess.Popen(command, env=program.environ, stderr=subprocess.DEVNULL) as server:
            try:
                until = time.monotonic() + LONGEST_START
                while not paths.socket.exists():
                    assert time.monotonic() < until, "the desk server did not start"
                    time.sleep(0.05)
                yield program
            finally:
                server.terminate()


@contextmanager
def signed_in(program: Program, login: str, size: tuple[int, int] = (80, 24)) -> Iterator[Terminal]:
    """Open the console in a terminal, signed in, with the queue on the screen; its memory may be looked at."""
    with Terminal.python("tests.bench.console_app", environ=program.places, size=size) as terminal:
        terminal.wait_for("Username")
        terminal.settle()
        terminal.feed(f"{login}\t{PASSWORD}\t{code_at(SEED, datetime.now(UTC))}\r".encode())
        terminal.wait_for("[My work")
        terminal.settle()
        yield terminal


def row(figure: str, what: str, ours: float, yardstick: float | None, budget: float | None) -> dict[str, object]:
    """Return a row of the table; without a yardstick the budget is the most of `ours`."""
    ratio = None if yardstick is None else ours / yardstick
    return {"figure": figure, "what": what, "ours": ours, "yardstick": yardstick, "ratio": ratio, "budget": budget}


def absent(figure: str, what: str, ours: float, program: str) -> dict[str, object]:
    """Return a row whose yardstick is a program that this machine does not have."""
    return row(figure, f"{what} (no {program} here)", ours, None, None)
