"""Pictures of the policy viewer, for a person to look at."""

import pytest

from agentconsole.tui.app import ConsoleApp
from agentconsole.tui.terminal import Terminal
from tests.tui.driving import Driver
from tests.tui.policies import PolicyDesk
from tests.tui.test_frame_pictures import LOOKS


def picture(snap_compare, keys: list[str], wanted: str, size: tuple[int, int] = (80, 24), look: str = "dark") -> bool:
    """Compare the viewer after these keys with the picture kept of it."""
    desk = PolicyDesk()
    app = ConsoleApp(desk.connect, Terminal(LOOKS[look]))

    async def before(pilot) -> None:
        driver = Driver(app, pilot, desk)
        await driver.sign_in()
        await driver.keys("g", "y")
        await driver.sees("policies in force")
        await driver.keys(*keys)
        await driver.sees(wanted)
        await driver.settle()

    return snap_compare(app, run_before=before, terminal_size=size)


@pytest.mark.parametrize("size", [(80, 23), (80, 24), (120, 40)], ids=str)
def test_a_policy_with_what_changed_since_it_was_accepted(snap_compare, size) -> None:
    assert picture(snap_compare, ["enter", "J"], "CHANGED", size)


def test_a_policy_without_any_colour(snap_compare) -> None:
    assert picture(snap_compare, ["enter", "J"], "CHANGED", look="mono")


def test_the_list_of_the_policies_in_force(snap_compare) -> None:
    assert picture(snap_compare, [], "accept it by")


def test_who_has_accepted(snap_compare) -> None:
    assert picture(snap_compare, ["enter", "h", "h"], "[Who accepted")
