"""`agentconsole demo` in a terminal, from Enter to the first list and away again."""

import os
import re
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.outside import processes_of, until
from tests.pty import Terminal

AIM = 3.0
"""Seconds from the command's Enter to the first list (UX 14), on a machine that does nothing else."""


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Give the demo a folder to make its own in; its path is short, for a socket has to fit."""
    with tempfile.TemporaryDirectory(prefix="d") as folder:
        yield Path(folder)


def demo(scratch: Path, *options: str, size: tuple[int, int] = (80, 24)) -> Terminal:
    """Start the demo in a terminal, with its folder below `scratch`."""
    return Terminal.python("agentconsole", "demo", *options, size=size, environ={"TMPDIR": str(scratch)})


def sign_in(screen: Terminal) -> None:
    """Press Enter on the filled form, and wait for the list."""
    screen.wait_for("Password")
    screen.feed(b"\r")
    screen.wait_for("Rosa Prado")


def leave(screen: Terminal) -> None:
    """Go off shift."""
    screen.feed(b"Q")
    assert screen.wait_for_end() == 0


def test_form_and_first_list_are_there_at_once(scratch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begun = time.monotonic()
    with demo(scratch) as screen:
        screen.wait_for("Password")
        form = time.monotonic() - begun
        sign_in(screen)
        queue = time.monotonic() - begun
        screen.settle()
        leave(screen)

    with capsys.disabled():
        print(f"\n    demo: form after {form:.2f} s, first list after {queue:.2f} s (aim: {AIM:.0f} s)")
    assert screen.raw.startswith(b"demo desk in a scratch folder, nothing leaves this machine")


def test_the_form_is_filled_and_shows_the_code(scratch: Path) -> None:
    with demo(scratch) as screen:
        screen.wait_for("Password")

        assert "[ana" in screen.text
        assert re.search(r"Demo: the code now is \d{6}", screen.text)
        sign_in(screen)
        leave(screen)


@pytest.mark.parametrize("size", [(80, 23), (80, 24), (120, 40)])
def test_the_first_list_fits_with_its_tour(scratch: Path, size: tuple[int, int]) -> None:
    with demo(scratch, "--at", "2026-11-20T10:42", "--speed", "0", size=size) as screen:
        sign_in(screen)
        screen.settle()

        assert "DEMO ANA agent" in screen.rows[0]
        assert "10:42" in screen.rows[0]
        assert "tour 1 of 6" in screen.text
        for state in ("DUE ", "LATE", "SOON", "ok ", "SHUT"):
            assert f" {state}" in screen.text
        assert len([row for row in screen.rows if " EM " in row]) == 10
        leave(screen)


def test_the_tour_leads_from_the_dot_to_the_supervisor(scratch: Path) -> None:
    with demo(scratch) as screen:
        sign_in(screen)
        screen.wait_for("tour 1 of 6")
        screen.feed(b".")
        screen.wait_for("tour 2 of 6")
        screen.feed(b";ref\t\x04")
        screen.wait_for("REVIEW")
        screen.feed(b"y")
        screen.wait_for("tour 3 of 6")
        screen.feed(b"u")
        screen.wait_for("tour 4 of 6")
        screen.feed(b"kx")
        screen.wait_for("supervisor")
        screen.feed(b"Refund of $140 needs approval.\x04")
        screen.wait_for("tour 5 of 6")
        screen.feed(b"\x1b[20~")
        screen.wait_for("DEMO SAM supervisor")
        screen.wait_for("tour 6 of 6")
        assert "Rosa Prado" in screen.text
        screen.feed(b"?")
        screen.wait_for("Keys in the lists")
        assert "tour" not in screen.rows[-3]


def test_escape_hides_the_tour_and_its_verb_brings_it_back(scratch: Path) -> None:
    with demo(scratch, "--at", "2026-11-20T10:42", "--speed", "0") as screen:
        sign_in(screen)
        screen.wait_for("tour 1 of 6")
        screen.feed(b"\x1b")
        screen.wait_for(lambda: "tour 1" not in screen.text)
        screen.feed(b":tour\r")
        screen.wait_for("tour 1 of 6")


def test_frozen_pictures_are_the_same(scratch: Path) -> None:
    pictures = []
    for _ in range(2):
        with demo(scratch, "--at", "2026-11-20T10:42", "--speed", "0") as screen:
            sign_in(screen)
            screen.settle()
            pictures.append(screen.text)
            leave(screen)

    assert pictures[0] == pictures[1]


def test_nothing_is_left_behind(scratch: Path) -> None:
    with demo(scratch) as screen:
        sign_in(screen)
        (home,) = scratch.iterdir()
        leave(screen)

    assert list(scratch.iterdir()) == []
    assert processes_of(home) == []


def test_what_is_kept_stays_and_its_place_is_told(scratch: Path) -> None:
    with demo(scratch, "--keep") as screen:
        sign_in(screen)
        (home,) = scratch.iterdir()
        leave(screen)
        screen.settle()

    assert f"kept: AGENTCONSOLE_HOME={home}".encode() in screen.raw
    assert (home / "desk.sqlite3").exists()
    assert processes_of(home) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_a_console_that_is_ended_leaves_nothing(scratch: Path, number: signal.Signals) -> None:
    with demo(scratch) as screen:
        sign_in(screen)
        (home,) = scratch.iterdir()
        os.kill(screen.process.pid, number)
        screen.wait_for_end()

        assert until(lambda: not processes_of(home))
        assert until(lambda: list(scratch.iterdir()) == [])
