"""A program in tmux or GNU screen, in a pseudo terminal: type through them, and ask them what their window shows."""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import needs
from tests.pty import LONGEST_SECONDS, Terminal

NAME = "tested"
in_multiplexers = pytest.mark.parametrize(
    ("begin", "again", "program"),
    [
        ("tmux new-session agentconsole", "tmux attach", "tmux"),
        ("screen agentconsole", "screen -r", "screen"),
    ],
)
"""Have a test begin a console in each of them, and come back to it."""
_COPY_SECONDS = 2.0
_TMUX = "set -g status off\nset -g default-terminal tmux-256color\n"
_SCREEN = "startup_message off\nvbell off\ndefutf8 on\nterm screen-256color\nhardstatus off\n"


@dataclass(frozen=True)
class Window:
    """The terminal around a multiplexer, and what the multiplexer says its window shows."""

    terminal: Terminal
    asked: Callable[[], str]

    @property
    def rows(self) -> list[str]:
        """Return the window's rows as the multiplexer tells them, trailing blanks gone."""
        self.terminal.settle()
        rows = self.asked().split("\n")
        wanted = self.terminal.size[1]
        return [row.rstrip() for row in [*rows, *[""] * wanted][:wanted]]

    def wait_for(self, wanted: str) -> None:
        """Read until a text is in the window."""
        self.terminal.wait_for(lambda: wanted in "\n".join(self.rows), LONGEST_SECONDS)


@contextmanager
def plain(folder: Path, command: list[str], size: tuple[int, int], environ: Mapping[str, str]) -> Iterator[Window]:
    """Run a command in a terminal, with nothing in between; its folder is not needed."""
    with Terminal(command, size=size, environ=environ) as terminal:
        yield Window(terminal, lambda: terminal.text)


@contextmanager
def tmux(folder: Path, command: list[str], size: tuple[int, int], environ: Mapping[str, str]) -> Iterator[Window]:
    """Run a command in tmux, whose socket and settings are in a folder."""
    base = [str(needs.program("tmux")), "-S", str(folder / "socket"), "-f", str(folder / "tmux.conf"), "-u"]
    (folder / "tmux.conf").write_text(_TMUX)
    with Terminal([*base, "new-session", *command], size=size, environ=environ) as terminal:
        try:
            yield Window(terminal, lambda: _said([*base, "capture-pane", "-p", "-N"]))
        finally:
            subprocess.run([*base, "kill-server"], capture_output=True, check=False)


@contextmanager
def screen(folder: Path, command: list[str], size: tuple[int, int], environ: Mapping[str, str]) -> Iterator[Window]:
    """Run a command in GNU screen, whose socket and settings are in a folder."""
    (folder / "screenrc").write_text(_SCREEN)
    (folder / "sockets").mkdir(mode=0o700)
    places = {**environ, "SCREENDIR": str(folder / "sockets")}
    base = [str(needs.program("screen")), "-U", "-S", NAME]

    def hardcopy() -> str:
        """Return a letter for each cell; of those that are not ASCII it tells no more than that they are there."""
        copy = folder / "copy"
        copy.unlink(missing_ok=True)
        subprocess.run([*base, "-X", "hardcopy", str(copy)], env=places, capture_output=True, check=False)
        # It is written after the order has been taken.
        until = time.monotonic() + _COPY_SECONDS
        while not copy.exists() or copy.read_bytes().count(b"\n") < terminal.size[1]:
            if time.monotonic() > until:
                return ""
            terminal.read(0.02)
        return copy.read_text("latin-1")

    with Terminal([*base, "-c", str(folder / "screenrc"), *command], size=size, environ=places) as terminal:
        try:
            yield Window(terminal, hardcopy)
        finally:
            subprocess.run([*base, "-X", "quit"], env=places, capture_output=True, check=False)


BETWEEN = {"nothing": plain, "tmux": tmux, "screen": screen}


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
