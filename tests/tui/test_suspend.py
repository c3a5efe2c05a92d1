"""Going to the shell and back: only behind the lock, with the terminal as it was, and with all of the screen again."""

import sys

import pytest

from agentconsole.wire.commands import Lock
from tests.pty import Terminal
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import FakeDesk

SHELL = ["bash", "--norc", "--noprofile", "-i"]


def test_suspend_locks_gives_the_terminal_back_and_comes_back_locked() -> None:
    with Terminal(SHELL, environ={"PS1": "shell> "}) as terminal:
        terminal.wait_for("shell>")
        terminal.feed(f"{sys.executable} -m tests.tui.fake_console\r".encode())
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("Priya")
        terminal.feed(b":suspend\r")
        terminal.wait_for("Stopped")
        outside = terminal.raw[terminal.raw.rindex(b"\x1b[?1049h") :]
        terminal.feed(b"echo is $((6*7))\r")
        terminal.wait_for("is 42")
        before = len(terminal.raw)
        terminal.feed(b"fg\r")
        terminal.wait_for(lambda: b"LOCKED" in terminal.raw[before:])
        terminal.settle()

    back = terminal.raw[before:]
    assert b"\x1b[?1049l" in outside
    assert b"\x1b[?2004l" in outside
    assert b"\x1b[?1049h" in back
    assert b"Priya" not in back


def test_a_console_that_no_shell_could_bring_back_is_not_stopped() -> None:
    with Terminal.python("tests.tui.fake_console") as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("Priya")
        terminal.feed(b":suspend\r")
        terminal.wait_for("There is no shell behind this console to go to; L locks it.")
        terminal.feed(b"l")
        terminal.wait_for("[Team 13]")


@pytest.mark.parametrize("where", [(), ("enter",), ("r",)], ids=["list", "case", "text"])
def test_ctrl_z_does_nothing_and_names_the_way(where: tuple[str, ...]) -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("j", *where)
        await driver.keys("ctrl+z")
        await driver.sees(":suspend")

    desk = drive(script, FakeDesk())

    assert desk.of(Lock) == []
