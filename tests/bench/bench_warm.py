"""G2, G4 and the warm half of G11: a console that is forked from a warm one, against what else starts on a terminal."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.bench.bare_app import READY
from tests.bench.mail_client import neomutt
from tests.bench.memory import megabytes, megabytes_of
from tests.bench.serving import absent, row, served_desk
from tests.journeys.warming import Warm, beside, keeping_warm
from tests.pty import Terminal

MAILS = 50
SESSIONS, FEW = 20, 3
SIGN_IN = "Username"
Begin = Callable[[], Terminal]


def measure(runs: int = 7) -> list[dict[str, object]]:
    """Return the rows, times as medians of runs taken in turn; a single run is the short form, with few sessions."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served_desk(lambda _: None) as desk,
        keeping_warm(desk.places, "-m", "tests.bench.warm_app") as warm,
    ):
        times = _in_turn(
            runs,
            warm=(warm.terminal, SIGN_IN),
            cold=(lambda: Terminal.python("tests.bench.console_app", environ=desk.places), SIGN_IN),
            neomutt=(lambda: neomutt(Path(folder), MAILS), READY),
            harlequin=(_harlequin, "Data Catalog"),
        )
        cold, shared = _memory(warm, desk.places, SESSIONS if runs > 1 else FEW)
        # A cold one in its place would be no figure at all.
        if warm.process.poll() is not None:
            raise AssertionError("what was kept warm has ended")
    return [
        _against("G2", "exec to painted sign-in of a warm console, s", times, "warm", "neomutt", 2.2),
        _against("G4", "first paint against harlequin, cold", times, "cold", "harlequin", 1 / 3),
        _against("G4", "first paint against harlequin, warm", times, "warm", "harlequin", 1 / 10),
        row("G11", "memory of one of many warm sessions, MB (PSS)", shared, cold, 1 / 3),
    ]


def _harlequin() -> Terminal | None:
    found = shutil.which("harlequin")
    return None if found is None else Terminal([found], environ={"HOME": tempfile.gettempdir()})


def _in_turn(runs: int, **programs: tuple[Callable[[], Terminal | None], str]) -> dict[str, float]:
    """Return the median seconds to the first paint of each that is here; the first round is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(runs + 1):
        for name, (begin, wanted) in programs.items():
            begun = time.perf_counter()
            terminal = begin()
            if terminal is None:
                continue
            with terminal:
                while wanted not in terminal.text:
                    assert time.perf_counter() < begun + 60, terminal.text
                    terminal.read(0.005)
                taken[name].append(time.perf_counter() - begun)
    return {name: statistics.median(seconds[1:]) for name, seconds in taken.items() if seconds}


def _against(
    figure: str, what: str, times: dict[str, float], ours: str, theirs: str, budget: float
) -> dict[str, object]:
    if theirs not in times:
        return absent(figure, what, times[ours], theirs)
    return row(figure, f"{what} ({theirs})", times[ours], times[theirs], budget)


def _memory(warm: Warm, places: dict[str, str], sessions: int) -> tuple[float, float]:
    """Return what a session takes of so many: each a process that loaded all for itself, and all forked from one."""
    cold = _of_many(lambda: Terminal.python("tests.bench.console_app", environ=places), sessions, _own)
    return cold, _of_many(warm.terminal, sessions, lambda _: sum(map(megabytes_of, beside(warm.place))))


def _own(terminals: list[Terminal]) -> float:
    return sum(map(megabytes, terminals))


def _of_many(begin: Begin, sessions: int, taken: Callable[[list[Terminal]], float]) -> float:
    with ExitStack() as open_now:
        terminals = [open_now.enter_context(begin()) for _ in range(sessions)]
        for terminal in terminals:
            terminal.wait_for(SIGN_IN)
        terminals[-1].settle()
        return taken(terminals) / sessions
