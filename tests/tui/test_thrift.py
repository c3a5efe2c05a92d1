"""On a slow line less is sent, when it is asked for; that it can be is said once a line was found to be slow."""

from datetime import UTC, datetime

import pytest
from msgspec import structs
from rich.color import ColorSystem

from agentconsole.tui.thrift import Thrift
from tests.pty import Terminal
from tests.slow_line import SlowLine
from tests.tui.driving import Driver, drive

OFFER = "This line is slow: 0.4 s there and back. :slow on sends less."


@pytest.mark.parametrize(
    ("trips", "again", "offer"),
    [
        ((0.4,), (True,), ""),
        ((0.4, 0.5), (True, True), ""),
        ((0.4, 0.5, 0.9), (True, True, False), OFFER),
        ((0.3,), (False,), ""),
        ((0.4, 0.5, 0.01), (True, True, False), ""),
        ((0.4, 0.5, 0.9, 0.9), (True, True, False, False), OFFER),
    ],
)
def test_three_long_round_trips_one_after_the_other_make_a_slow_line(
    trips: tuple[float, ...], again: tuple[bool, ...], offer: str
) -> None:
    thrift = Thrift()

    assert tuple(map(thrift.trip, trips)) == again
    assert thrift.offer() == offer
    assert thrift.offer() == ""


@pytest.mark.parametrize(("second", "drawn"), [(0, 0), (4, 0), (5, 5), (59, 55)])
def test_countdowns_are_drawn_as_of_every_fifth_second(second: int, drawn: int) -> None:
    now = datetime(2026, 11, 23, 5, 12, second, tzinfo=UTC)

    assert Thrift(is_on=True).drawn_at(now) == now.replace(second=drawn)
    assert Thrift().drawn_at(now) == now


def test_no_more_than_256_colours_are_sent() -> None:
    thrifty = Thrift(is_on=True)

    assert thrifty.colours(ColorSystem.TRUECOLOR) is ColorSystem.EIGHT_BIT
    assert thrifty.colours(ColorSystem.STANDARD) is ColorSystem.STANDARD
    assert Thrift().colours(ColorSystem.TRUECOLOR) is ColorSystem.TRUECOLOR


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_thrifty_list_shows_no_preview_until_all_is_wanted_again(size: tuple[int, int]) -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        assert "Why here" in driver.text
        await driver.type(":slow on")
        await driver.keys("enter")
        assert "Why here" not in driver.text
        assert driver.message == "Sending less: clocks move every 5 s, lists show no preview. :slow off ends it."
        await driver.type(":slow off")
        await driver.keys("enter")
        assert "Why here" in driver.text
        await driver.type(":slow")
        await driver.keys("enter")
        assert driver.message == "Slow: off. It can be on or off: as in :slow on"

    drive(script, size=size)


@pytest.mark.parametrize("keys", [(), ("j", "enter"), ("j", "r")], ids=["list", "case", "composer"])
def test_within_five_seconds_nothing_on_a_thrifty_screen_changes(keys: tuple[str, ...]) -> None:
    async def script(driver: Driver) -> None:
        desk = driver.console.desk
        await driver.sign_in()
        await driver.type(":slow on")
        await driver.keys("enter", *keys)
        shown = {}
        for second in (1, 4, 6):
            desk.welcome = structs.replace(desk.welcome, now=desk.welcome.now.replace(second=second))
            driver.console.mode.tick(desk.now())
            driver.console.frame_changed()
            await driver.settle()
            shown[second] = driver.text
        assert shown[1] == shown[4] != shown[6]

    drive(script)


def seconds_apart(sent: list[bytes]) -> int:
    """Return in how many of these seconds anything was sent."""
    return sum(1 for second in sent if second)


def test_running_clocks_are_sent_every_five_seconds() -> None:
    with Terminal.python("tests.tui.fake_console", "speed=1") as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("Priya")
        terminal.feed(b":slow on\r")
        terminal.wait_for("Sending less")
        terminal.settle(0.2)
        sent = [terminal.read(1.0) for _ in range(7)]

    assert 1 <= seconds_apart(sent) <= 3


@pytest.mark.parametrize(("round_trip", "offered"), [(0.7, True), (0.1, False)])
def test_a_slow_line_is_spoken_of_once_the_desk_is_open_and_what_is_typed_over_it_arrives(
    round_trip: float, offered: bool
) -> None:
    with Terminal.python("tests.tui.fake_console", "speed=0") as terminal:
        terminal.slow_down(SlowLine(round_trip / 2, 7_000))
        terminal.wait_for("Username")
        terminal.read(4 * round_trip)
        terminal.feed(b"\rjj")
        terminal.wait_for("> DUE    6:03")
        terminal.read(1.5 + round_trip)
        message = terminal.rows[-2]

    assert message.endswith(":slow on sends less.") is offered
    assert terminal.raw.count(b"\x1b[6n") == (3 if offered else 1)


def test_what_is_thrifty_costs_a_quarter_of_the_bytes_less() -> None:
    costs = {}
    for mode in ("on", "off"):
        with Terminal.python("tests.tui.fake_console", "speed=1") as terminal:
            terminal.wait_for("Username")
            terminal.feed(f"\r:slow {mode}\r".encode())
            terminal.wait_for(":slow off ends it" if mode == "on" else "Sending all of it again")
            terminal.settle(0.2)
            before = len(terminal.raw)
            for _ in range(3):
                terminal.feed(b"j")
                terminal.read(2.0)
            costs[mode] = len(terminal.raw) - before

    assert costs["on"] <= 0.75 * costs["off"]
