"""No key typed ahead is lost or goes elsewhere, at any pace, however slow the desk is (U1)."""

import re
import sys
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.wire import commands as c
from agentconsole.wire import queries as q
from tests.multiplexers import BETWEEN
from tests.pty import ROOT, Terminal
from tests.tui import day
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import FakeDesk

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


@pytest.mark.timeout(300)
@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("between", BETWEEN)
def test_a_day_typed_without_looking_is_done_as_typed_and_no_word_gets_into_another_field(
    tmp_path: Path, between: str, pace: float
) -> None:
    log = tmp_path / "asked"
    console = [sys.executable, "-m", "tests.tui.fake_console", f"log={log}", "delay=0.05", "filled=no"]
    places = {"LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}

    with BETWEEN[between](tmp_path, console, (80, 24), places) as window:
        window.wait_for("Username")
        window.terminal.type_slowly(day.keys(), pace)
        window.terminal.wait_for_end()

    asked = log.read_text()
    assert day.done(asked) == day.DONE
    assert day.told_the_password(asked) == {"SignIn", "Unlock"}
    assert re.search(r"Reply\(ticket=4490.*?your refund is on its way.*?hello'", asked)


def test_what_is_typed_behind_a_lock_that_the_desk_refuses_is_dropped() -> None:
    desk = FakeDesk(delay=0.5)
    desk.forced[c.Lock] = Refused("The desk cannot lock now. Sign out with Q.")

    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("L", *"eer")
        await driver.sees("Sign out with Q.")
        await driver.keys("j")
        assert "[My work 9]" in driver.text

    drive(script, desk)

    assert desk.of(c.Resolve) == []


@pytest.mark.parametrize("typed", ["4451", "trolley"])
def test_enter_in_the_palette_opens_what_was_typed_and_not_what_was_found_for_its_beginning(typed: str) -> None:
    desk = FakeDesk(delay=0.05)

    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("ctrl+p", *typed, "enter", "t")
        await driver.sees("Case 4451 is yours.")

    drive(script, desk)

    assert [take.ticket for take in desk.of(c.Take)] == [4451]


def test_a_search_of_the_palette_that_is_no_longer_waited_for_opens_nothing() -> None:
    desk = FakeDesk(delay=0.5)

    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("ctrl+p", *"4451", "enter", "ctrl+g", "ctrl+g")
        await driver.sees("[My work 9]")
        while len(desk.of(q.Search)) < 2:
            await driver.pilot.pause(0.02)
        await driver.pilot.pause(0.8)
        assert "[My work 9]" in driver.text

    drive(script, desk)

    assert desk.of(q.ReadCase) == []
