"""No key typed ahead is lost or goes elsewhere, at any pace, however slow the desk is (U1)."""

import re
from pathlib import Path

import pytest

from tests.pty import Terminal

PACES = (0.0, 0.005, 0.03, 0.15)


def keys(text: str) -> list[bytes]:
    """Return the presses of a text, one byte string each."""
    return [letter.encode() for letter in text]


def console(log: Path, *options: str) -> Terminal:
    """Start a console on the desk in memory, which writes down what it was asked."""
    return Terminal.python("tests.tui.fake_console", f"log={log}", *options)


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("delay", ["0", "0.2"])
def test_keys_typed_ahead_of_the_sign_in_mean_what_they_would_have_meant(
    tmp_path: Path, pace: float, delay: str
) -> None:
    log = tmp_path / "asked"

    with console(log, f"delay={delay}") as terminal:
        terminal.wait_for("Username")
        terminal.type_slowly(keys("\rjjt:quit\r"), pace)
        terminal.wait_for_end()

    asked = log.read_text()
    assert re.findall(r"(Take|Resolve|GiveBack|SignOut)\((?:ticket=(\d+))?", asked) == [
        ("GiveBack", "4486"),
        ("SignOut", ""),
    ]


@pytest.mark.parametrize("pace", PACES)
def test_take_next_then_reply_goes_to_the_case_that_the_desk_gave(tmp_path: Path, pace: float) -> None:
    log = tmp_path / "asked"

    with console(log, "delay=0.2") as terminal:
        terminal.wait_for("Username")
        terminal.type_slowly(keys("\rnr;ref\thello\x04e:quit\r"), pace)
        terminal.wait_for_end()

    replies = re.findall(r"Reply\(ticket=(\d+).*?text='(.*?)'.*?then='(\w+)'", log.read_text())
    assert [(ticket, then) for ticket, _, then in replies] == [("4490", "resolve")]
    assert replies[0][1].startswith("Dear Priya")
    assert "hello" in replies[0][1]


@pytest.mark.parametrize("pace", PACES)
def test_a_filter_and_a_verb_on_all_it_keeps_survive_a_burst(tmp_path: Path, pace: float) -> None:
    log = tmp_path / "asked"

    with console(log, "delay=0.1") as terminal:
        terminal.wait_for("Username")
        terminal.type_slowly(keys("\r/late\r*ach\ry:quit\r"), pace)
        terminal.wait_for_end()

    assert re.findall(r"Assign\(ticket=(\d+).*?to='(\w+)'", log.read_text()) == [("4402", "chen"), ("4433", "chen")]
