"""The terminal's title: the program and a number, given back in the end, nothing where there is no title (UX 11)."""

import re
from signal import SIGTERM

import pytest

from agentconsole.tui.title import Title
from agentconsole.wire.rows import QueueRow
from tests.pty import Terminal
from tests.tui.fake_rows import NOW, clock, row

OK = row(1, "Rosa", "Refund", clock(3600))
DUE = row(1, "\x1b]2;owned\x07", "\x1b]2;owned\x07", clock(252))
LATE = row(2, "Eero", "Refund", clock(-252))
LIVE = row(3, "Priya", "Stock?", clock(41, target=60, live=True))


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ((), "agentconsole"),
        ((OK,), "agentconsole"),
        ((DUE, OK), "(1!) agentconsole"),
        ((LATE, LIVE), "(2!) agentconsole"),
    ],
)
def test_the_title_counts_what_is_urgent(rows: tuple[QueueRow, ...], title: str) -> None:
    sent: list[str] = []

    Title(sent.append).look(rows, NOW)

    assert sent == [f"\x1b]2;{title}\x1b\\"]


def test_a_title_is_said_again_only_when_it_changed() -> None:
    sent: list[str] = []
    title = Title(sent.append)

    title.look((DUE,), NOW)
    title.look((DUE, OK), NOW)
    title.quiet()
    title.quiet()
    title.forget()
    title.quiet()

    assert [re.sub(r"[^(0-9!)a-z ]", "", order.removeprefix("\x1b]2;")) for order in sent] == [
        "(1!) agentconsole",
        "agentconsole",
        "agentconsole",
    ]


@pytest.mark.parametrize(("term", "has_title"), [("xterm-256color", True), ("linux", False)])
def test_the_old_title_is_given_back_in_the_end(term: str, *, has_title: bool) -> None:
    with Terminal.python("tests.tui.fake_console", "filled=no", environ={"TERM": term}) as terminal:
        terminal.wait_for("Username")
        terminal.signal(SIGTERM)
        terminal.wait_for_end(10)

    orders = re.findall(rb"\x1b\[2[23];2t", terminal.raw)
    assert orders == ([b"\x1b[22;2t", b"\x1b[23;2t"] if has_title else [])
