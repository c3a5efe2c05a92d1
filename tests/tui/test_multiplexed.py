"""tmux and GNU screen show what a bare terminal shows: wide letters, marks, another size in between, all drawn anew."""

import sys
import unicodedata
from pathlib import Path

import pytest

from agentconsole.tui.widths import most_cells
from tests.multiplexers import BETWEEN
from tests.pty import ROOT

CONSOLE = [sys.executable, "-m", "tests.tui.fake_console", "speed=0", "wild=yes"]
PLACES = {"LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}


def sure(row: str) -> tuple[str, str]:
    """Return what no terminal may show otherwise: a row up to its first doubtful letter, and from its last one on."""
    at = [index for index, letter in enumerate(row) if most_cells(letter) or unicodedata.combining(letter)]
    return (row[: at[0]], row[at[-1] + 1 :]) if at else (row, "")


def walk(between: str, folder: Path) -> list[list[tuple[str, str]]]:
    """Return the screens of a walk through lists, a case, a larger and a smaller window, and one drawn anew."""
    folder.mkdir()
    seen = []
    with BETWEEN[between](folder, CONSOLE, (80, 24), PLACES) as window:

        def keep(wanted: str) -> None:
            window.wait_for(wanted)
            rows = [unicodedata.normalize("NFC", row) for row in window.rows]
            seen.append([sure(row) for row in rows])

        window.wait_for("Username")
        window.terminal.feed(b"\r")
        keep("Is the 2 L flask in stock?")
        window.terminal.feed(b"jjjjk")
        keep("9003 email")
        window.terminal.feed(b"?")
        keep("Keys in the lists")
        window.terminal.feed(b"\x07gt")
        keep("[Team")
        window.terminal.feed(b"j\r")
        keep("case 9001")
        window.terminal.resize(100, 30)
        keep("= explains any clock")
        window.terminal.feed(b"q")
        keep("[Team")
        window.terminal.resize(80, 24)
        keep("----\n 9001 email")
        window.terminal.feed(b"\x0c")
        keep("----\n 9001 email")
    return seen


@pytest.mark.timeout(240)
@pytest.mark.parametrize("between", ["tmux", "screen"])
def test_what_is_in_between_shows_what_a_bare_terminal_shows(tmp_path: Path, between: str) -> None:
    bare = walk("nothing", tmp_path / "bare")

    assert walk(between, tmp_path / between) == bare
    assert bare[-1] == bare[-2]
