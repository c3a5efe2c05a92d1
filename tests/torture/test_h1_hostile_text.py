"""PROMISES 11, H1: whatever a customer writes, on no screen does any of it drive the terminal."""

import json
import random
from pathlib import Path

import pytest

from tests.needs import is_ci
from tests.pty import Terminal
from tests.tui.test_guard import ALLOWED, HOSTILE, leak

PIECES = (
    *HOSTILE.values(),
    *(
        "\x1bP1$r0m\x1b\\",
        "\x1b_Gf=24;AAAA\x1b\\",
        "\x1b^pm\x1b\\",
        "\x1bXsos\x1b\\",
        "\x1b[20t",
        "\x1b[?69h\x1b[1;2s",
        "\x1b]50;?\x07",
    ),
    *(
        "\x1b]4;0;?\x07",
        "\x1b]1337;File=inline=1:AAAA\x07",
        "\x1b]777;notify;a;b\x07",
        "\x1b[31;5u",
        "\x1b[>4;2m",
        "\x1b#8",
    ),
    *(
        "\x1bc",
        "\x1b%G\x1b%@",
        "\x9e\x9f\x98",
        "\x1b[6i",
        "\x1bn\x1bo",
        "\x1b[4h",
        "\x1b[99999999999b",
        "\x1b[38:2:1:2:3m",
    ),
    *(
        "[@click=app.quit]hit[/]",
        "[link=http://evil.example]x[/link]",
        "[/nope]",
        "[bold red]",
        "\\[",
        "]]>",
        "$(reboot)",
    ),
    *(
        "e" + "\u0301" * 200,
        "\u202etxt.exe",
        "\u2066\u2067\u2068\u2069",
        "\U000e0001\U000e0041",
        "\ufeff\u200b\u200d",
        "\ud83d",
    ),
    *(
        "山田太郎",
        "👩‍👩‍👧‍👦",
        "ﷺ" * 20,
        "\r\r\n\n\t\t",
        "\x00" * 40,
        "=cmd|'/c calc'!A1",
        "a" * 300,
        "{0.__class__}",
        "%s%n",
    ),
)
PAGE_DOWN, HOME = b"\x1b[6~", b"\x1b[H"


def texts(count: int) -> list[str]:
    """Make so many hostile texts, the same in every run."""
    chance = random.Random(count)
    return ["".join(chance.choices(PIECES, k=chance.randint(2, 6))) for _ in range(count)]


def leaks(raw: bytes) -> int:
    """Count all that was sent and is not allowed."""
    text, found, at = raw.decode("utf-8", "surrogateescape"), 0, 0
    while (end := ALLOWED.match(text, at).end()) < len(text):
        found, at = found + 1, end + 1
    return found


def _console(folder: Path, count: int, *options: str) -> Terminal:
    file = folder / "texts.json"
    file.write_text(json.dumps(texts(count)), "ascii")
    return Terminal.python("tests.torture.hostile_console", str(file), *options, size=(120, 40))


@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("count", [300 if is_ci() else 60, pytest.param(5_000, marks=pytest.mark.long)])
def test_no_hostile_text_drives_the_terminal_on_any_screen(tmp_path: Path, count: int) -> None:
    with _console(tmp_path, count) as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("Team now")
        for _ in range(count // 30):
            terminal.feed(PAGE_DOWN)
            terminal.settle(0.05)
        terminal.feed(HOME + b"\r")
        for number in range(1, count + 1):
            terminal.wait_for(lambda wanted=f"case {number} ": wanted in terminal.rows[0])
            terminal.feed(b"=")
            terminal.read(0.02)
            terminal.feed(b"qJ")
        terminal.settle()
        assert terminal.process.poll() is None

    assert leak(terminal.raw) == ""


def test_the_same_without_cleaning_and_guard_leaks_more_than_5_000_times(tmp_path: Path) -> None:
    """The negative control: what sees nothing here would prove nothing above."""
    with _console(tmp_path, 300, "raw") as terminal:
        terminal.settle(1.0)
        terminal.feed(b"\r")
        found = 0
        for _ in range(300):
            terminal.feed(b"\r")
            terminal.settle(0.05)
            terminal.feed(b"qj")
            terminal.settle(0.05)
            if (found := leaks(terminal.raw)) > 5_000:
                break

    assert found > 5_000
