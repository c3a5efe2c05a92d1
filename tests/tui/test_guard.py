"""Nothing that a terminal would obey leaves the console but what the console itself says (PROMISES 8.1)."""

import re
from pathlib import Path

import pytest

from agentconsole.tui.entry import QUIET
from agentconsole.tui.guard import MARKS_A_CELL, inert, inert_cell
from tests.pty import Terminal

HOSTILE = {
    "clipboard": "\x1b]52;c;aGFjaw==\x07 OSC 52",
    "erase": "\x1b[2J\x1b[3J gone",
    "eight-bit controls": "\x9b2J \x9d52;c;aGFjaw==\x9c \x90q\x9c",
    "title": "\x1b]0;owned\x07\x1b[21t",
    "link": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "device questions": "\x05 \x1b[c \x1b[6n \x1bZ",
    "modes": "\x1b[?1000h\x1b[?1003h\x1bc\x1b(0",
    "movement": "\x08\x08\x08\x0b\x0c\r over \x0e\x0f",
    "bidi": "abc\u202edcba\u2066x\u2069",
    "surrogate": "a\udc9b\ud800b",
    "delete": "\x7f\x00\x01",
}
ALLOWED = re.compile(
    r"(?:"
    r"\x1b\[\d*(?:;\d+)?H|\x1b\[\d*[CGK]|\x1b\[[\d;]*m"
    r"|\x1b\[\?(?:1049|25|1004|2004|2048|2026|7)[hl]|\x1b\[\?(?:2026|2048)\$p|\x1b\[<u|\x1b\[6n"
    r"|\x1b\]11;\?\x1b\\|\x1b\[2[23];2t|\x1b\]2;(?:\(\d+!\) )?agentconsole\x1b\\|\r\n|\r"
    r"|[^\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
    r")*"
)
"""All that the console may send: moves, erasing to a line's end, looks, modes, two questions, its title, letters."""


def leak(raw: bytes) -> str:
    """Return the first thing sent that is not allowed, "" when all of it is."""
    text = raw.decode("utf-8", "surrogateescape")
    end = ALLOWED.match(text).end()
    return repr(text[end : end + 20]) if end < len(text) else ""


@pytest.fixture(scope="module")
def hostile_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with all hostile texts, one after the other."""
    path = tmp_path_factory.mktemp("hostile") / "text"
    path.write_bytes("  ".join(HOSTILE.values()).encode("utf-8", "surrogatepass"))
    return path


def sent(path: Path, *options: str) -> bytes:
    """Return all that an application sends that draws this text in every widget."""
    with Terminal.python("tests.tui.hostile_app", str(path), *options, size=(200, 40), environ=QUIET) as terminal:
        terminal.wait_for(lambda: b"the end" in terminal.raw)
        terminal.settle()
        terminal.feed(b"x")
        terminal.settle()
        return terminal.raw


def test_no_widget_can_send_an_order_to_the_terminal(hostile_file: Path) -> None:
    assert leak(sent(hostile_file)) == ""


def test_the_same_run_without_the_guard_leaks(hostile_file: Path) -> None:
    raw = sent(hostile_file, "off")

    assert leak(raw) != ""
    assert b"\x1b]52;c;" in raw


def test_a_fault_that_carries_hostile_text_ends_in_a_harmless_report(hostile_file: Path) -> None:
    with Terminal.python("tests.tui.hostile_app", str(hostile_file), size=(200, 40), environ=QUIET) as terminal:
        terminal.wait_for("the end")
        terminal.feed(b"f")
        terminal.wait_for_end()

    assert b"ValueError" in terminal.raw
    assert leak(terminal.raw.replace(b"\n", b"\r\n").replace(b"\r\r", b"\r")) == ""


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_terminal_obeys_becomes_a_picture(name: str) -> None:
    shown = inert(HOSTILE[name])

    assert ALLOWED.fullmatch(shown)
    assert len(shown) == len(HOSTILE[name])


def test_letters_of_all_alphabets_pass_unchanged() -> None:
    text = "Ünïcödé 山田太郎 العربية עברית हिन्दी 👩‍👩‍👧"

    assert inert(text) == text


def test_a_cell_carries_only_so_many_marks() -> None:
    assert inert_cell("e" + "\u0301" * 500) == "e" + "\u0301" * MARKS_A_CELL


@pytest.mark.parametrize("gate", ["on", "off"])
def test_hostile_mail_in_queue_and_case_reaches_the_terminal_as_text(gate: str) -> None:
    """With the guard off as well: what the console draws was cleaned before, by the type of the text."""
    hostile = "".join(f"\\x{ord(letter):02x}" for letter in "\x1b]52;c;x\x07\x1b[2J\x9b2J[@click=app.quit]hit[/nope]")

    with Terminal.python("tests.tui.fake_console", f"hostile={hostile}", f"gate={gate}") as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("[@click")
        terminal.feed(b"\r")
        terminal.wait_for("case 1")
        terminal.settle()
        terminal.feed(b"=")
        terminal.settle()
        terminal.feed(b"q:[/red]\x07")
        terminal.settle()

    assert leak(terminal.raw) == ""
