"""How case view and composer look, at the sizes that people have."""

from collections.abc import Callable
from functools import partial

import pytest
from textual.pilot import Pilot

from agentconsole.domain.errors import Stale
from agentconsole.tui.mode import Compose, Mode, Open
from agentconsole.tui.screens.case import CaseMode
from agentconsole.tui.screens.composer import ComposerMode
from agentconsole.wire.commands import Reply
from agentconsole.wire.frames import Done
from tests.tui.rosa import ROW, rosa
from tests.tui.stage import Stage, StageConsole, paint, press, write

SIZES = [(80, 20), (80, 21), (120, 37), (200, 57)]
"""The bodies of terminals of 80x23, 80x24, 120x40 and 200x60."""

Compare = Callable[..., bool]


def pictured(
    compare: Compare, build: Callable[[StageConsole], Mode], argument: object, size: tuple[int, int], *acts: object
) -> bool:
    """Show a mode on Rosa's ticket, act, and compare the picture."""
    console = StageConsole()
    mode = build(console)
    console.mode = mode

    async def play(pilot: Pilot[None]) -> None:
        console.desk.deliver(rosa())
        for act in acts:
            act(console, mode)  # type: ignore[operator]
        await pilot.pause()

    return compare(Stage(mode, argument), terminal_size=size, run_before=play)


def case(console: StageConsole, theme: str = "dark") -> Mode:
    return CaseMode(console, partial(paint, theme=theme), {})


def composer(console: StageConsole) -> Mode:
    return ComposerMode(console, paint, {})


def letter(console: StageConsole, mode: Mode) -> None:
    write(mode, ";shp")
    press(mode, "tab")


def done(console: StageConsole, mode: Mode) -> None:
    write(mode, "Friday. You get $140 back")
    press(mode, "ctrl+d")


def picking(console: StageConsole, mode: Mode) -> None:
    press(mode, "ctrl+t", "down")


def noting(console: StageConsole, mode: Mode) -> None:
    write(mode, "Asked Tomas to book the parcel in.")


def stopped(console: StageConsole, mode: Mode) -> None:
    press(mode, "y")
    changes = (
        "10:44  Rosa Prado wrote again:\n> never mind the refund, please send a replacement instead",
        '10:43  Bo added a note: "warehouse confirms, replacement in stock"',
    )
    for body in list(console.desk.asked):
        console.desk.answer(Stale("The case has moved on.", changes=changes) if isinstance(body, Reply) else Done())


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_the_case_view_at_every_size(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert pictured(snap_compare, case, Open(4471, ROW), size)


@pytest.mark.parametrize("theme", ["mono", "16", "light"])
def test_the_case_view_in_other_colours(snap_compare: Compare, theme: str) -> None:
    assert pictured(snap_compare, partial(case, theme=theme), Open(4471, ROW), (80, 21))


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_the_composer_with_a_blank_to_fill(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert pictured(snap_compare, composer, Compose(4471, row=ROW), size, letter)


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_the_review_before_sending(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert pictured(snap_compare, composer, Compose(4471, row=ROW), size, letter, done)


def test_the_picker_of_templates(snap_compare: Compare) -> None:
    assert pictured(snap_compare, composer, Compose(4471, row=ROW), (80, 21), picking)


def test_a_sending_that_was_stopped(snap_compare: Compare) -> None:
    assert pictured(snap_compare, composer, Compose(4471, row=ROW), (80, 21), letter, done, stopped)


def test_a_note_being_written(snap_compare: Compare) -> None:
    assert pictured(snap_compare, composer, Compose(4471, "note", row=ROW), (80, 21), noting)
