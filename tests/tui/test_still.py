"""Paints that are put off while an answer is awaited: they come by themselves when the wait is over."""

import asyncio

import pytest

from agentconsole.tui.console import STILL_SECONDS
from tests.tui.driving import Driver, drive

LONG_ENOUGH = 5 * STILL_SECONDS


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "left to time"])
def test_what_changed_during_a_wait_is_painted_at_its_end_though_nothing_more_happens(answered: bool) -> None:
    paints: list[str] = []

    async def script(driver: Driver) -> None:
        await driver.sign_in()
        # Whatever a pilot does wakes the screen; only time may pass here.
        await asyncio.sleep(LONG_ENOUGH)
        driver.app.post_display_hook = lambda: paints.append(driver.message)
        end = driver.console.hold("Waiting")
        driver.console.say("Said while nothing is painted")
        await asyncio.sleep(STILL_SECONDS / 2)
        assert paints == []
        if answered:
            end()
        await asyncio.sleep(LONG_ENOUGH)

    drive(script)

    assert "Said while nothing is painted" in paints
