"""G1 and G11: first paint and memory of a session, against a bare Textual app in the same run."""

import statistics
import time

from tests.bench.bare_app import READY
from tests.bench.memory import megabytes
from tests.bench.serving import row, served_desk
from tests.pty import Terminal


def measure(runs: int = 7) -> list[dict[str, object]]:
    """Return the rows, as medians of runs taken in turn: ours as an agent starts it, on a desk that is served."""
    ours, bare, our_memory, bare_memory = [], [], [], []
    with served_desk(lambda _: None) as desk:
        for _ in range(runs):
            seconds, memory = _started(Terminal.python("tests.bench.bare_app", "bare"), READY)
            bare.append(seconds)
            bare_memory.append(memory)
            seconds, memory = _started(Terminal.python("tests.bench.console_app", environ=desk.places), "Username")
            ours.append(seconds)
            our_memory.append(memory)
    return [
        row("G1", "exec to painted sign-in, s", statistics.median(ours), statistics.median(bare), 1.15),
        row("G11", "memory of one session, MB (PSS)", max(our_memory), max(bare_memory), 1.2),
    ]


def _started(terminal: Terminal, wanted: str) -> tuple[float, float]:
    began = time.perf_counter()
    with terminal:
        terminal.wait_for(wanted)
        seconds = time.perf_counter() - began
        terminal.settle()
        return seconds, megabytes(terminal)
