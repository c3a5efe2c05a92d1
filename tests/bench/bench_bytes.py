"""G5 to G8: what a screen, a second of countdowns and a key cost in bytes and time, against others in the same run."""

import contextlib
import select
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.bare_app import READY, ROWS, TICKING
from tests.bench.mail_client import neomutt
from tests.bench.serving import absent, row
from tests.pty import Terminal

DOWN, ARROW = b"j", b"\x1b[B"
MAILS = 50
WATCHED, WATCHED_SHORT = 60.0, 5.0


def measure(runs: int = 7) -> list[dict[str, object]]:
    """Return the rows; bytes repeat and come from one run, times are medians of keys pressed in turn."""
    seconds = WATCHED_SHORT if runs == 1 else WATCHED
    return [*_still(runs, seconds), *_ticking(WATCHED_SHORT)]


def _still(runs: int, seconds: float) -> list[dict[str, object]]:
    with contextlib.ExitStack() as opened:
        stock = opened.enter_context(Terminal.python("tests.bench.bare_app", "still"))
        bare = opened.enter_context(Terminal.python("tests.bench.bare_app", "bare"))
        plain = opened.enter_context(Terminal.python("tests.bench.curses_app", "still"))
        ours = opened.enter_context(Terminal.python("tests.bench.queue_app", str(ROWS), "0"))
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        mail = neomutt(folder, MAILS)
        first_theirs, _, _ = _first_screen(stock), _first_screen(bare), _first_screen(plain)
        first_ours = _first_screen(ours, b"\r")
        first_mail = 0
        if mail is not None:
            opened.enter_context(mail)
            first_mail = _first_screen(mail)
        keys = [(ours, DOWN), (stock, ARROW), (plain, DOWN), *([(mail, DOWN)] if mail is not None else [])]
        (cost, took), (_, took_theirs), (cost_plain, _), *others = _cursor(keys, 3 + 4 * runs)
        idle, work = _watched(ours, seconds)
        _, work_bare = _watched(bare, seconds)
    return [
        row("G5", "bytes until the first screen is settled, against a DataTable", first_ours, first_theirs, 1 / 8),
        _against_mail("G5", "the same, against neomutt", first_ours, first_mail, 1.3),
        row("G7", f"bytes in {seconds:.0f} s with nothing ticking", idle, None, 0.0),
        row("G7", "processor seconds meanwhile, against an idle Textual app", work, work_bare, 2.0),
        row("G8", "bytes of a cursor key in view, against curses", cost, cost_plain, 1.0),
        row("G8", "seconds of the same, against a DataTable", took, took_theirs, 1 / 2),
        _against_mail("G8", "seconds of the same, against neomutt", took, others[0][1] if others else 0, 3.0),
    ]


def _against_mail(figure: str, what: str, ours: float, theirs: float, budget: float) -> dict[str, object]:
    return row(figure, what, ours, theirs, budget) if theirs else absent(figure, what, ours, "neomutt")


def _ticking(seconds: float) -> list[dict[str, object]]:
    with (
        Terminal.python("tests.bench.bare_app", "ticking") as stock,
        Terminal.python("tests.bench.curses_app", "ticking") as plain,
        Terminal.python("tests.bench.queue_app", str(ROWS), str(TICKING)) as ours,
    ):
        _first_screen(stock), _first_screen(plain), _first_screen(ours, b"\r")
        (sent, work), (sent_stock, work_stock), (sent_plain, _) = (
            _watched(terminal, seconds) for terminal in (ours, stock, plain)
        )
    return [
        row("G6", f"bytes a second, {TICKING} rows ticking, against a DataTable", sent, sent_stock, 1 / 12),
        row("G6", "the same, against curses", sent, sent_plain, 2.0),
        row("G6", "processor seconds of the same, against a DataTable", work, work_stock, 1 / 4),
    ]


def _first_screen(terminal: Terminal, key: bytes = b"") -> int:
    """Return how many bytes there were until the queue stood; after this key, where a sign-in comes first."""
    before = 0
    if key:
        terminal.wait_for("Username")
        terminal.settle()
        before = len(terminal.raw)
        terminal.feed(key)
    terminal.wait_for(READY)
    terminal.settle(0.5)
    return len(terminal.raw) - before


def _cursor(keys: list[tuple[Terminal, bytes]], times: int) -> list[tuple[float, float]]:
    """Return the median bytes and seconds until the first of them of a key in each terminal, pressed in turn."""
    costs: list[list[tuple[int, float]]] = [[] for _ in keys]
    for _ in range(times):
        for (terminal, key), told in zip(keys, costs, strict=True):
            begun = time.perf_counter()
            terminal.feed(key)
            select.select([terminal.master], [], [], 5.0)
            took = time.perf_counter() - begun
            told.append((len(terminal.settle(0.1)), took))
    return [(statistics.median(one[0] for one in told), statistics.median(one[1] for one in told)) for told in costs]


def _watched(terminal: Terminal, seconds: float) -> tuple[float, float]:
    """Return the bytes a second and the processor's seconds of a while in which nobody types."""
    before, worked = len(terminal.raw), _worked(terminal)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        terminal.read(left)
    return (len(terminal.raw) - before) / seconds, _worked(terminal) - worked


def _worked(terminal: Terminal) -> float:
    """Return the seconds of a processor that the program has had; the kernel counts them in nanoseconds."""
    threads = Path(f"/proc/{terminal.process.pid}/task").glob("*/schedstat")
    return sum(int(told.read_text().split()[0]) for told in threads) / 1e9
