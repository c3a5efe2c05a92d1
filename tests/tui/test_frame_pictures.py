"""Pictures of the frame's screens, for a person to look at; `test_screens` has the other sizes, and the colours."""

import pytest

from agentconsole.tui.app import ConsoleApp
from agentconsole.tui.terminal import Terminal
from agentconsole.wire.frames import Present
from agentconsole.wire.rows import PresenceRow, WatcherRow
from tests.tui.driving import Driver
from tests.tui.fake_desk import NOW, FakeDesk

LOOKS = {
    "dark": {"TERM": "xterm-256color"},
    "16": {"TERM": "xterm"},
    "mono": {"TERM": "xterm-256color", "NO_COLOR": "1"},
}


def picture(snap_compare, keys: list[str], wanted: str, size=(80, 24), look="dark", desk=None, signed_in=True) -> bool:
    """Compare the screen after these keys with the picture kept of it."""
    at = desk if desk is not None else FakeDesk()
    app = ConsoleApp(at.connect, Terminal(LOOKS[look]))

    async def before(pilot) -> None:
        driver = Driver(app, pilot, at)
        await driver.sees("Username")
        if signed_in:
            form = driver.console.modes["signin"].form
            for name, value in (("user", "ana"), ("password", "correct horse"), ("code", "492039")):
                form.set(name, value)
            await driver.keys("enter")
            await driver.sees("[My work")
        await driver.keys(*keys)
        await driver.sees(wanted)
        await driver.settle()

    return snap_compare(app, run_before=before, terminal_size=size)


def test_the_queue_on_a_dark_ground(snap_compare) -> None:
    assert picture(snap_compare, ["j"], "> DUE")


@pytest.mark.parametrize("look", ["16", "mono"])
def test_the_queue_with_few_colours_and_with_none(snap_compare, look) -> None:
    assert picture(snap_compare, ["j"], "> DUE", look=look)


def test_the_queue_on_a_light_ground(snap_compare) -> None:
    assert picture(snap_compare, ["colon", *"theme", "space", *"light", "enter"], "Priya")


def test_the_sign_in_half_typed(snap_compare) -> None:
    assert picture(snap_compare, list("ana"), "[ana", signed_in=False)


@pytest.mark.parametrize("size", [(80, 23), (80, 24), (120, 40)], ids=str)
def test_enrolment_shows_square_and_key(snap_compare, size) -> None:
    keys = [*"ana", "tab", *"correct", "space", *"horse", "tab", "enter"]

    assert picture(snap_compare, keys, "JBSW", size, desk=FakeDesk(first_time=True), signed_in=False)


def test_the_lock_shows_nothing_of_the_desk(snap_compare) -> None:
    assert picture(snap_compare, ["L"], "You locked this screen")


def test_help_in_two_columns(snap_compare) -> None:
    assert picture(snap_compare, ["question_mark"], "Keys in the lists")


def test_the_palette_with_verbs_and_cases(snap_compare) -> None:
    assert picture(snap_compare, ["ctrl+p", *"esc"], "case 4451")


def test_the_filter_with_its_words(snap_compare) -> None:
    assert picture(snap_compare, ["slash", *"late"], "2 of 9")


def test_the_command_line_with_what_it_may_become(snap_compare) -> None:
    assert picture(snap_compare, ["colon", *"re"], "commands: re")


def test_an_empty_queue(snap_compare) -> None:
    desk = FakeDesk()
    desk.rows = [held for held in desk.rows if held.owner != "ana"]

    assert picture(snap_compare, [], "Well done", desk=desk)


def test_a_question_about_a_selection(snap_compare) -> None:
    assert picture(snap_compare, ["space", "space", "e"], "Resolve 2 cases?")


@pytest.mark.parametrize("look", ["dark", "mono"])
def test_a_list_with_who_looks_and_who_writes(snap_compare, look) -> None:
    assert picture(snap_compare, [], "*chen Bill", look=look, desk=_with_others())


def test_a_case_with_who_is_there(snap_compare) -> None:
    assert picture(snap_compare, ["j", "enter"], "bo is viewing", desk=_with_others())


def _with_others() -> FakeDesk:
    """Return a desk at which bo looks at one case and chen writes to another."""
    desk = FakeDesk()
    signed_in = desk._on_sign_in

    def sign_in(body):
        answer = signed_in(body)
        bo, chen = WatcherRow("bo", NOW), WatcherRow("chen", NOW, writing=True)
        desk.told(Present((PresenceRow(4471, (bo,)), PresenceRow(4433, (chen,))), whole=True))
        return answer

    desk._on_sign_in = sign_in
    return desk
