"""tmux and GNU screen show what a bare terminal shows: wide letters, marks, another size in between, all drawn anew."""

import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from agentconsole.tui.widths import most_cells
from tests.multiplexers import BETWEEN, Window
from tests.pty import ROOT

CONSOLE = [sys.executable, "-m", "tests.tui.fake_console", "speed=0", "wild=yes"]
PLACES = {"LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}


def walk(between: str, folder: Path, keep: Callable[[Window], None]) -> None:
    """Walk through lists, a case, a larger and a smaller window, and one drawn anew; every screen is handed over."""
    folder.mkdir()
    steps = (
        (b"\r", "Is the 2 L flask in stock?", None),
        (b"jjjjk", "9003 email", None),
        (b"?", "Keys in the lists", None),
        (b"\x07gt", "[Team", None),
        (b"j\r", "case 9001", None),
        (b"", "= explains any clock", (100, 30)),
        (b"q", "[Team", None),
        (b"", "----\n 9001 email", (80, 24)),
        (b"\x0c", "----\n 9001 email", None),
    )
    with BETWEEN[between](folder, CONSOLE, (80, 24), PLACES) as window:
        window.wait_for("Username")
        for typed, wanted, size in steps:
            if size is not None:
                window.terminal.resize(*size)
            window.terminal.feed(typed)
            window.wait_for(wanted)
            keep(window)


def texts(between: str, folder: Path) -> list[list[tuple[str, str]]]:
    """Return the rows of every screen as far as no terminal may show them otherwise.

    That is up to the first letter about whose width they disagree, and from the last one on.
    """
    seen: list[list[tuple[str, str]]] = []

    def sure(row: str) -> tuple[str, str]:
        row = unicodedata.normalize("NFC", row)
        at = [index for index, letter in enumerate(row) if most_cells(letter) or unicodedata.combining(letter)]
        return (row[: at[0]], row[at[-1] + 1 :]) if at else (row, "")

    walk(between, folder, lambda window: seen.append([sure(row) for row in window.rows]))
    return seen


@pytest.mark.timeout(240)
def test_tmux_shows_what_a_bare_terminal_shows(tmp_path: Path) -> None:
    bare = texts("nothing", tmp_path / "bare")

    assert texts("tmux", tmp_path / "tmux") == bare
    assert bare[-1] == bare[-2]


@pytest.mark.timeout(240)
def test_screen_has_every_letter_in_the_cell_where_a_bare_terminal_has_it(tmp_path: Path) -> None:
    bare: list[list[list[str]]] = []
    within: list[list[str]] = []

    def cells(window: Window) -> None:
        wide, high = window.terminal.size
        screen = window.terminal.screen
        bare.append([[screen.buffer[y][x].data for x in range(wide)] for y in range(high)])

    walk("nothing", tmp_path / "bare", cells)
    walk("screen", tmp_path / "screen", lambda window: within.append(window.rows))

    wrong = [
        (step, y, "".join(row), there)
        for step, rows in enumerate(bare)
        for y, (row, there) in enumerate(zip(rows, within[step], strict=True))
        if any(letter.isascii() and letter and there.ljust(len(row))[x] != letter for x, letter in enumerate(row))
    ]
    assert wrong == []
