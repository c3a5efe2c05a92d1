"""No key of a letter typed ahead is lost, at any pace; and a letter typed costs the line next to nothing (U1, U2)."""

import re
from pathlib import Path

import pytest

from tests.pty import Terminal


def keys(text: str) -> list[bytes]:
    return [letter.encode() for letter in text]


def signed_in(log: Path, *options: str) -> Terminal:
    terminal = Terminal.python("tests.tui.fake_console", f"log={log}", *options)
    terminal.wait_for("Username")
    terminal.feed(b"\r")
    terminal.wait_for("4490")
    return terminal


def replies(log: Path) -> list[tuple[str, str, str]]:
    """Return ticket, text and what follows of each reply that the desk was asked to send."""
    return re.findall(r"Reply\(ticket=(\d+), seen=\d+, text='(.*?)', then='(\w+)'", log.read_text())


@pytest.mark.parametrize(("pace", "delay"), [(0.0, "0"), (0.0, "0.2"), (0.005, "0"), (0.03, "0.2"), (0.15, "0")])
def test_open_reply_text_done_and_resolve_in_one_go(tmp_path: Path, pace: float, delay: str) -> None:
    """UX 2.2: `\\r r hello world ^D e`."""
    log = tmp_path / "asked"

    with signed_in(log, f"delay={delay}") as terminal:
        terminal.type_slowly(keys("\rrhello world\x04e"), pace)
        terminal.type_slowly(keys(":quit\r"), pace)
        terminal.wait_for_end()

    assert replies(log) == [("4490", "hello world", "resolve")]


@pytest.mark.parametrize("pace", [0.0, 0.03])
def test_three_letters_in_a_row_go_to_three_tickets(tmp_path: Path, pace: float) -> None:
    log = tmp_path / "asked"

    with signed_in(log, "delay=0.1") as terminal:
        terminal.type_slowly(keys("rone\x04yrtwo\x04wrthree\x04y:quit\r"), pace)
        terminal.wait_for_end()

    assert replies(log) == [("4490", "one", "open"), ("4471", "two", "wait"), ("4486", "three", "open")]


@pytest.mark.parametrize("pace", [0.0, 0.03])
def test_corrections_templates_and_a_change_of_mind_survive(tmp_path: Path, pace: float) -> None:
    log = tmp_path / "asked"
    typed = [
        *keys("\rrhelo"),
        b"\x1b[D",
        *keys("l"),
        b"\x1b[C",
        *keys("!\x7f."),
        *keys(" ;clo\t\x04\r Ana\x04y:quit\r"),
    ]

    with signed_in(log, "delay=0.1") as terminal:
        terminal.type_slowly(typed, pace)
        terminal.wait_for_end()

    assert replies(log) == [("4490", "hello. Is there anything else I can do for you? Ana", "open")]


def test_pasted_text_never_presses_a_key(tmp_path: Path) -> None:
    log = tmp_path / "asked"

    with signed_in(log) as terminal:
        terminal.feed(b"\rr\x1b[200~ye\x04\r:quit\r\x1b[201~")
        terminal.wait_for("ye")
        terminal.feed(b"\x04y:quit\r")
        terminal.wait_for_end()

    assert [(ticket, then) for ticket, _, then in replies(log)] == [("4490", "open")]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_pasted_lines_stay_lines_however_the_terminal_ends_them(tmp_path: Path, end: str) -> None:
    log = tmp_path / "asked"

    with signed_in(log) as terminal:
        terminal.feed(f"\rr\x1b[200~Dear Rosa,{end}{end}it left today.\x1b[201~".encode())
        terminal.wait_for("it left today.")
        terminal.feed(b"\x04y:quit\r")
        terminal.wait_for_end()

    assert [text for _, text, _ in replies(log)] == ["Dear Rosa,\\n\\nit left today."]


def test_a_letter_typed_costs_few_bytes(tmp_path: Path) -> None:
    """U2 asks for 400 bytes for a move of the cursor; a letter is what is typed most."""
    with signed_in(tmp_path / "asked") as terminal:
        terminal.feed(b"\rrDear")
        terminal.wait_for("Dear")
        terminal.read(0.5)
        spent = []
        for letter in b" Rosa Prado":
            terminal.feed(bytes([letter]))
            spent.append(len(terminal.read(0.2)))

    assert sorted(spent)[len(spent) // 2] <= 60, spent
