"""Keys that nobody means are noticed: Caps Lock in a list, letters of another alphabet."""

import pytest

from agentconsole.tui.habits import CAPS_LOCK, OTHER_LETTERS, Habits
from agentconsole.tui.mode import Key
from tests.tui.driving import Driver, drive


@pytest.mark.parametrize(
    ("keys", "at_top", "hint"),
    [
        ("JJJJ", True, CAPS_LOCK),
        ("JKJK", True, CAPS_LOCK),
        ("JJJ", True, ""),
        ("JJjJ", True, ""),
        ("JJJJ", False, ""),
        ("жжж", True, OTHER_LETTERS),
        ("いいえ", False, OTHER_LETTERS),
        ("жж", True, ""),
        ("жжj", True, ""),
        ("жжjж", True, ""),
    ],
)
def test_a_run_of_keys_that_nobody_means_is_noticed(keys: str, at_top: bool, hint: str) -> None:
    habits = Habits()

    said = [habits.press(Key(letter, letter), at_top=at_top) for letter in keys]

    assert said[-1] == hint
    assert not any(said[:-1])


def test_the_list_says_so_and_moves_all_the_same() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("J", "J", "J", "J")
        await driver.sees("!! Caps Lock? j and k move in a list; J and K go from case to case.")
        assert driver.console.queue.list.cursor == 4
        await driver.keys("ж", "ж", "ж")
        await driver.sees("Input method on, or another layout? Keys are Latin letters; text takes all.")

    drive(script)
