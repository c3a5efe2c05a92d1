"""However a console ends, the terminal comes back and what was typed is kept (U16)."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pty import Terminal

RESTORED = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l")


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[Terminal]:
    """Return a console in which a reply has just been begun."""
    with Terminal.python("tests.tui.fake_console", f"log={tmp_path / 'asked'}") as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r\rrhalf a sentence")
        terminal.wait_for("half a sentence")
        yield terminal


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_saves_the_draft_and_gives_the_terminal_back(
    writing: Terminal, tmp_path: Path, number: signal.Signals
) -> None:
    writing.signal(number)
    code = writing.wait_for_end()

    assert code == 128 + number
    assert all(sequence in writing.raw for sequence in RESTORED)
    assert writing.stty_now == writing.stty_before
    assert "half a sentence" in (tmp_path / "asked").read_text()


def test_quitting_gives_the_terminal_back(tmp_path: Path) -> None:
    with Terminal.python("tests.tui.fake_console") as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\rQ")
        code = terminal.wait_for_end()

    assert code == 0
    assert all(sequence in terminal.raw for sequence in RESTORED)


def test_a_line_that_drops_ends_the_console_at_once_and_keeps_the_draft(writing: Terminal, tmp_path: Path) -> None:
    writing.hang_up()
    writing.process.wait(timeout=8)

    assert "half a sentence" in (tmp_path / "asked").read_text()


def test_neither_ctrl_c_nor_ctrl_q_nor_ctrl_z_ends_it_or_loses_the_draft(writing: Terminal) -> None:
    writing.feed(b"\x11\x1a\x13\x1c\x03")
    writing.settle()
    writing.feed(b"r")
    writing.wait_for("half a sentence")

    assert writing.process.poll() is None
