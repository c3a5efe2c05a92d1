"""G1, G5 to G8 and G11: first paint, bytes and memory of a session, against stock Textual apps in the same run."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentconsole.config.paths import desk_paths
from tests.bench.bare_app import READY, ROWS, TICKING
from tests.cli.program import Program
from tests.pty import Terminal

DOWN = b"j"
SECONDS_WATCHED = 5.0
LONGEST_START = 60.0


def measure(runs: int = 7) -> list[dict[str, object]]:
    """Return the rows; times are medians of runs taken in turn, bytes come from one run each, for they repeat."""
    return [*_paint_and_memory(runs), *_bytes()]


def _bare() -> Terminal:
    return Terminal.python("tests.bench.bare_app", "bare")


def _table(kind: str) -> Terminal:
    return Terminal.python("tests.bench.bare_app", kind)


def _queue(ticking: int) -> Terminal:
    return Terminal.python("tests.bench.queue_app", str(ROWS), str(ticking))


def _paint_and_memory(runs: int) -> list[dict[str, object]]:
    """Start the two in turn; ours as an agent does it, on a desk whose server runs already."""
    ours, bare, our_memory, bare_memory = [], [], [], []
    with _served_desk() as environ:
        for _ in range(runs):
            seconds, memory = _started(_bare(), READY)
            bare.append(seconds)
            bare_memory.append(memory)
            seconds, memory = _started(Terminal.python("tests.bench.console_app", environ=environ), "Username")
            ours.append(seconds)
            our_memory.append(memory)
    return [
        _row("G1", "exec to painted sign-in, s", statistics.median(ours), statistics.median(bare), 1.15),
        _row("G11", "memory of one session, MB (PSS)", max(our_memory), max(bare_memory), 1.2),
    ]


@contextmanager
def _served_desk() -> Iterator[dict[str, str]]:
    """Run a desk server in a process of its own; gives the variables that lead a console to it."""
    with tempfile.TemporaryDirectory(prefix="d") as folder:
        program = Program(Path(folder))
        program.found()
        command = [sys.executable, "-I", "-m", "agentconsole", "serve"]
        with subprocess.Popen(command, env=program.environ, stderr=subprocess.DEVNULL) as server:
            try:
                until = time.monotonic() + LONGEST_START
                while not desk_paths(program.environ).socket.exists():
                    assert time.monotonic() < until, "the desk server did not start"
                    time.sleep(0.05)
                yield program.places
            finally:
                server.terminate()


def _started(terminal: Terminal, wanted: str) -> tuple[float, float]:
    began = time.perf_counter()
    with terminal:
        terminal.wait_for(wanted)
        seconds = time.perf_counter() - began
        terminal.settle()
        return seconds, _megabytes(terminal.process.pid)


def _megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("the kernel does not tell the memory of a process")


def _bytes() -> list[dict[str, object]]:
    with _table("still") as stock, _queue(0) as ours:
        first_theirs = _first_screen(stock, b"")
        first_ours = _first_screen(ours, b"\r")
        idle = len(ours.read(SECONDS_WATCHED))
        cursor_theirs, cursor_ours = _cursor(stock, b"\x1b[B"), _cursor(ours, DOWN)
    with _table("ticking") as stock, _queue(TICKING) as ours:
        _first_screen(stock, b"")
        _first_screen(ours, b"\r")
        ticking_theirs, ticking_ours = _a_second(stock), _a_second(ours)
    return [
        _row("G5", "bytes until the first screen is settled", first_ours, first_theirs, 1 / 8),
        _row("G6", "bytes a second, 22 rows ticking", ticking_ours, ticking_theirs, 1 / 12),
        {"figure": "G7", "what": f"bytes in {SECONDS_WATCHED:.0f} s with nothing ticking", "ours": idle, "budget": 0},
        _row("G8", "bytes of a cursor key in view", cursor_ours, cursor_theirs, 1 / 2),
    ]


def _first_screen(terminal: Terminal, key: bytes) -> int:
    if key:
        terminal.wait_for("Username")
        terminal.settle()
        before = len(terminal.raw)
        terminal.feed(key)
    else:
        before = 0
    terminal.wait_for(READY)
    terminal.settle(0.5)
    return len(terminal.raw) - before


def _cursor(terminal: Terminal, key: bytes) -> float:
    costs = []
    for _ in range(7):
        terminal.feed(key)
        costs.append(len(terminal.settle()))
    return statistics.median(costs)


def _a_second(terminal: Terminal) -> float:
    before = time.monotonic()
    taken = 0
    while time.monotonic() - before < SECONDS_WATCHED:
        taken += len(terminal.read(0.2))
    return taken / (time.monotonic() - before)


def _row(figure: str, what: str, ours: float, yardstick: float, budget: float) -> dict[str, object]:
    return {
        "figure": figure,
        "what": what,
        "ours": ours,
        "yardstick": yardstick,
        "ratio": ours / yardstick,
        "budget": budget,
    }
