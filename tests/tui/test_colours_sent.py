"""What colours really go over the line, in a pseudo terminal (U6)."""

import re

import pytest

from tests.pty import Terminal

SGR = re.compile(rb"\x1b\[([\d;]*)m")


def codes(terminal: Terminal) -> set[str]:
    """Return every colour code sent; a 256-colour code counts as one."""
    found: set[str] = set()
    for sequence in SGR.findall(terminal.raw):
        found |= set(re.findall(r"[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|\d+", sequence.decode()))
    return {code for code in found if re.fullmatch(r"[349]\d|10\d|[34]8;.*", code)}


def queue(environ: dict[str, str]) -> Terminal:
    """Return a console that has shown its queue and one case."""
    with Terminal.python("tests.tui.fake_console", environ=environ) as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("Priya")
        terminal.feed(b"\r")
        terminal.wait_for("case 4490")
        terminal.feed(b"r")
        terminal.settle()
        return terminal


@pytest.mark.parametrize("term", ["xterm", "linux", "screen", "putty", "screen.linux", "ansi"])
def test_sixteen_colour_terminals_get_red_for_late_and_yellow_for_due_and_no_bright_colour(term: str) -> None:
    sent = codes(queue({"TERM": term, "COLORTERM": "truecolor"}))

    assert {"41", "43"} <= sent
    assert [code for code in sent if not re.fullmatch(r"[34][0-79]", code)] == []


@pytest.mark.parametrize(
    "environ",
    [{"TERM": "xterm-256color", "NO_COLOR": "1"}, {"TERM": "vt220"}, {"TERM": "vt100"}, {"TERM": "screen.vt420"}],
)
def test_no_color_means_no_colour_at_all(environ: dict[str, str]) -> None:
    assert codes(queue(environ)) <= {"39", "49"}


def test_a_256_colour_terminal_gets_no_more_than_256() -> None:
    sent = codes(queue({"TERM": "xterm-256color"}))

    assert sent
    assert not [code for code in sent if code.startswith(("38;2", "48;2"))]
