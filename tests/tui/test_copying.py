"""What y copies, what reaches the terminal for it, and what is said where there is no clipboard."""

import re
from base64 import b64decode

import pytest

from agentconsole.tui.copying import LONGEST, has_clipboard
from tests.pty import Terminal
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import FakeDesk, row


def copied(raw: bytes) -> list[str]:
    """Return the texts that were put on the clipboard."""
    return [b64decode(text).decode() for text in re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x1b\\", raw)]


def test_the_number_of_the_case_and_of_all_that_are_selected_is_copied() -> None:
    with Terminal.python("tests.tui.fake_console") as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("Priya")
        terminal.feed(b"yn")
        terminal.wait_for("Copied: 4490")
        terminal.feed(b"  yn")
        terminal.wait_for("Copied: 4490 4471")

        assert copied(terminal.raw) == ["4490", "4490 4471"]


@pytest.mark.parametrize(
    ("environ", "has"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "screen"}, False),
        ({"TERM": "screen", "TMUX": "x"}, True),
        ({"TERM": "linux"}, False),
        ({}, False),
    ],
)
def test_only_some_terminals_have_a_clipboard_for_programs(environ: dict[str, str], has: bool) -> None:
    assert has_clipboard(environ) is has


def test_without_a_clipboard_the_number_stands_where_it_can_be_selected() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("y", "n")
        await driver.sees("4490   (this terminal has no clipboard for programs: select it here)")
        await driver.keys("y", "m")
        await driver.sees("This terminal has no clipboard for programs: Enter opens the case")

    drive(script, environ={"TERM": "linux"})


def test_what_a_stranger_wrote_reaches_the_clipboard_as_text_alone() -> None:
    hostile = "".join(f"\\x{ord(letter):02x}" for letter in "rm -rf\x1b]52;c;x\x07\x9b2J\nend")

    with Terminal.python("tests.tui.fake_console", f"hostile={hostile}") as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("rm -rf")
        terminal.feed(b"ym")
        terminal.wait_for("Copied: 2")

        assert copied(terminal.raw) == ["rm -rf\u241b]52;c;x\u2407\ufffd2J\nend"]


def answers(*keys: str, waiting: str = "Where is it?", email: str = "rosa@example.org") -> str:
    """Return what is said after these keys on a case with one message."""
    desk = FakeDesk(rows=[row(4471, "Rosa Prado", "Refund", None, email=email, waiting_text=waiting)])
    said = []

    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys(*keys)
        said.append(driver.message)

    drive(script, desk)
    return said[0]


@pytest.mark.parametrize(
    ("keys", "values", "said"),
    [
        (("y", "e"), {}, "Copied: rosa@example.org"),
        (("y", "e"), {"email": ""}, "!! No address is known for case 4471."),
        (("y", "m"), {}, "Copied: 12 letters by Rosa Prado on case 4471."),
        (("y", "m"), {"waiting": "x" * (LONGEST + 1)}, "!! The last message has 50,001 letters, too many"),
        (("y", "m"), {"waiting": "  "}, "!! Nothing is written on case 4471 yet."),
        ((*":copy", "enter"), {}, "Copied: 4471"),
        ((*":copy", "space", *"em", "enter"), {}, "Copied: rosa@example.org"),
        ((*":copy", "space", *"link", "enter"), {}, "!! Copy number, message or email"),
    ],
)
def test_each_thing_that_can_be_copied_says_what_it_was(keys: tuple[str, ...], values: dict, said: str) -> None:
    assert answers(*("colon" if key == ":" else key for key in keys), **values).startswith(said)
