"""What goes over the line: small paints, nothing when nothing changes, nothing that was not asked for (U2, U15)."""

import re
from collections.abc import Iterator

import pytest

from agentconsole.tui.presence import BEAT_SECONDS
from tests.pty import Terminal

MOVE, TICK, IDLE, SCREEN = 400, 60, 200, 6_000


@pytest.fixture
def queue() -> Iterator[Terminal]:
    """Return a console that shows a queue of 73 rows, its clocks standing still."""
    with Terminal.python("tests.tui.fake_console", "rows=60", "speed=0") as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("Priya")
        terminal.feed(b"gt")
        terminal.wait_for("[Team 73]")
        terminal.wait_for(lambda: b"!) agentconsole" in terminal.raw)
        terminal.settle()
        yield terminal


def test_a_cursor_move_in_view_is_a_small_paint(queue: Terminal) -> None:
    sizes = []
    for key in b"jjjkjj":
        queue.feed(bytes([key]))
        sizes.append(len(queue.settle()))

    assert max(sizes) <= MOVE
    assert min(sizes) > 0


def test_a_page_down_costs_less_than_a_screen(queue: Terminal) -> None:
    queue.feed(b"\x1b[6~")

    assert 0 < len(queue.settle()) <= SCREEN / 2


def test_nothing_is_sent_while_nothing_changes(queue: Terminal) -> None:
    assert queue.read(3.0) == b""


def test_saying_again_which_case_is_in_view_sends_nothing_to_the_terminal(queue: Terminal) -> None:
    queue.feed(b"\r")
    queue.wait_for("case 4490")
    queue.settle()

    assert queue.read(BEAT_SECONDS + 1.0) == b""


def test_going_to_another_place_and_back_stays_below_a_full_screen(queue: Terminal) -> None:
    queue.feed(b"?")
    there = len(queue.settle())
    queue.feed(b"\x07")
    back = len(queue.settle())

    assert there <= SCREEN
    assert back <= SCREEN


def test_a_whole_screen_is_sent_again_on_request(queue: Terminal) -> None:
    queue.feed(b"\x0c")

    assert 1_000 < len(queue.settle()) <= SCREEN


def test_running_clocks_cost_little_a_second() -> None:
    with Terminal.python("tests.tui.fake_console") as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("Priya")
        terminal.settle(0.2)
        seconds = 5
        sent = b""
        for _ in range(seconds):
            sent += terminal.read(1.0)

    assert 0 < len(sent) <= IDLE * seconds


def test_one_clock_that_ticks_costs_a_tick() -> None:
    with Terminal.python("tests.tui.fake_console", "one=yes") as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("Priya")
        before = terminal.text
        terminal.settle(0.2)
        ticks = [tick for _ in range(4) if (tick := terminal.read(1.0))]

    assert ticks
    assert before != terminal.text
    assert max(map(len, ticks)) <= 2 * TICK


def test_no_mouse_is_asked_for_and_no_link_or_clipboard_sent(queue: Terminal) -> None:
    assert not re.search(rb"\x1b\[\?100[0-35-6]h", queue.raw)
    orders = set(re.findall(rb"\x1b\]([^\x1b\x07]*)", queue.raw))
    assert {order for order in orders if not re.fullmatch(rb"2;(\([0-9]+!\) )?agentconsole", order)} == {b"11;?"}


def test_the_first_screen_is_small() -> None:
    with Terminal.python("tests.tui.fake_console", "filled=no") as terminal:
        terminal.wait_for("Username")
        terminal.wait_for("Terminal:")
        terminal.settle()

    assert len(terminal.raw) <= SCREEN / 2


def test_a_window_that_changes_its_size_is_drawn_anew(queue: Terminal) -> None:
    queue.resize(120, 40)
    queue.wait_for("-- Team now")
    queue.wait_for("| 4490 chat, Priya Nair")
    queue.resize(80, 24)
    queue.wait_for("----\n 4490 chat, Priya Nair")

    assert "-- Team now" not in queue.text


@pytest.mark.parametrize(
    ("delay", "empty_first"), [("0.02", False), ("0.6", True)], ids=["an answer at once", "an answer that takes long"]
)
def test_a_queue_is_painted_without_its_rows_only_when_they_take_long(delay: str, empty_first: bool) -> None:
    with Terminal.python("tests.tui.fake_console", f"delay={delay}", "speed=0") as terminal:
        terminal.wait_for("Username")
        terminal.settle()
        before = len(terminal.raw)

        terminal.feed(b"\r")
        terminal.wait_for("Priya")
        terminal.settle()

    assert (b"Mine 0" in terminal.raw[before:]) is empty_first


def test_a_body_that_comes_into_view_is_never_painted_blank_first() -> None:
    with Terminal.python("tests.tui.fake_console", "speed=0") as terminal:
        terminal.wait_for("Username")
        terminal.settle()
        before = len(terminal.raw)

        terminal.feed(b"\r")
        terminal.wait_for("Priya")
        terminal.settle()
        rows = re.findall(rb"\x1b\[(\d+)(?:;\d+)?H", terminal.raw[before:])

    assert [int(row) for row in rows[:-1]] == sorted(int(row) for row in rows[:-1])
