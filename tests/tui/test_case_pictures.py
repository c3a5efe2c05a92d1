"""How case view and composer look."""

from collections.abc import Callable

from textual.pilot import Pilot

from agentconsole.domain.errors import Stale
from agentconsole.tui.mode import Compose, Mode, Open
from agentconsole.tui.screens.case import CaseMode
from agentconsole.tui.screens.composer import ComposerMode
from agentconsole.wire.commands import Reply
from agentconsole.wire.frames import Done
from tests.tui.rosa import ROW, rosa
from tests.tui.stage import Stage, StageConsole, paint, press, write

SIZE = (80, 21)
"""The body of a terminal of 80x24; `test_screens` has the other sizes, and the colours."""

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


def case(console: StageConsole) -> Mode:
    return CaseMode(console, paint, {})


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


def test_the_case_view(snap_compare: Compare) -> None:
    assert pictured(snap_compare, case, Open(4471, ROW), SIZE)


def test_the_composer_with_a_blank_to_fill(snap_compare: Compare) -> None:
    assert pictured(snap_compare, composer, Compose(4471, row=ROW), SIZE, letter)


def test_the_review_before_sending(snap_compare: Compare) -> None:
    assert pictured(snap_compare, composer, Compose(4471, row=ROW), SIZE, letter, done)


def test_the_picker_of_templates(snap_compare: Compare) -> None:
    assert pictured(snap_compare, composer, Compose(4471, row=ROW), SIZE, picking)


def test_a_sending_that_was_stopped(snap_compare: Compare) -> None:
    assert pictured(snap_compare, composer, Compose(4471, row=ROW), SIZE, letter, done, stopped)


def test_a_note_being_written(snap_compare: Compare) -> None:
    assert pictured(snap_compare, composer, Compose(4471, "note", row=ROW), SIZE, noting)
