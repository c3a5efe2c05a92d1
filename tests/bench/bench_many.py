"""G9, G10 and G18: a console on a queue of 100,000 live tickets, against one of 50 and against stock tables."""

import select
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from agentconsole.server.desk import OpenDesk
from agentconsole.storage.transaction import DESK
from tests.bench.mail_client import aerc
from tests.bench.memory import megabytes
from tests.bench.serving import absent, row, served_desk, signed_in
from tests.pty import Terminal
from tests.queries.many_tickets import fill

FEW, MANY, MANY_SHORT = 50, 100_000, 5_000
DOWN, PAGE_DOWN = b"j", b"\x1b[6~"
SIZE = (100, 60)
FASTEST_WEB_DESK = 0.205
"""Seconds of a page of 50 tickets in django-helpdesk, the fastest of those that were measured for PROMISES."""


def measure(runs: int = 7) -> list[dict[str, object]]:
    """Return the rows: medians of keys pressed in the two queues in turn, in seconds until the screen is quiet."""
    many = MANY_SHORT if runs == 1 else MANY
    with ExitStack() as opened:
        small, large = (opened.enter_context(_console(tickets)) for tickets in (FEW, many))
        opens = [_median(runs, terminal, b"gt", b"gq") for terminal in (large, small)]
        downs = [_median(4 * runs, terminal, DOWN) for terminal in (large, small)]
        memory = [megabytes(terminal) for terminal in (large, small)]
        stock = opened.enter_context(Terminal.python("tests.bench.bare_app", "large", str(many), size=SIZE))
        stock.wait_for("ready to work", 120)
        page, page_stock = (_median(2 * runs, terminal, PAGE_DOWN) for terminal in (large, stock))
        mails = _mail_reader(opened, min(many, 20_000))
        page_mail = _median(2 * runs, mails, PAGE_DOWN) if mails is not None else 0.0
    what = f"page down among {many:,}"
    return [
        row("G9", f"seconds to open a list of {many:,}, against {FEW}", *opens, 1.3),
        row("G9", "seconds of a cursor key in it, against the same", *downs, 1.3),
        row("G9", "memory with it, MB, against the same", *memory, 1.3),
        row("G10", f"{what}, against a DataTable that holds them", page, page_stock, 1 / 5),
        row("G10", f"{what}, against aerc", page, page_mail, 1 / 5) if mails else absent("G10", what, page, "aerc"),
        row("G18", f"key to painted queue of {many:,}, against a web desk", opens[0], FASTEST_WEB_DESK, 1 / 10),
    ]


@contextmanager
def _console(tickets: int) -> Iterator[Terminal]:
    """Open the list of a whole team of which every ticket waits."""

    def filled(desk: OpenDesk) -> None:
        desk.writer.run(DESK, lambda tx: fill(tx, tickets, live=10))

    with served_desk(filled) as desk, signed_in(desk, "ana", SIZE) as terminal:
        terminal.feed(b"gt")
        terminal.wait_for("[Team")
        terminal.settle()
        yield terminal


def _mail_reader(opened: ExitStack, mails: int) -> Terminal | None:
    if shutil.which("aerc") is None:
        return None
    folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
    terminal = opened.enter_context(aerc(folder, mails, SIZE))
    terminal.wait_for("ready to work", 120)
    terminal.settle(1.0)
    return terminal


def _median(times: int, terminal: Terminal, key: bytes, undo: bytes = b"") -> float:
    """Return the median seconds from a key to the last byte that it brought; `undo` goes back without being counted."""
    taken = []
    for _ in range(times):
        if undo:
            terminal.feed(undo)
            terminal.settle(0.3)
        taken.append(_until_quiet(terminal, key))
    return statistics.median(taken)


def _until_quiet(terminal: Terminal, key: bytes) -> float:
    begun = last = time.perf_counter()
    terminal.feed(key)
    while select.select([terminal.master], [], [], 0.3 if last > begun else 10.0)[0]:
        terminal.read(0.0001)
        last = time.perf_counter()
    return last - begun
