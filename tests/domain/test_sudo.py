"""What asks for the code once more (PROMISES 19): each action is on one of two lists, and what was given wears off."""

from datetime import UTC, datetime, timedelta

import pytest

from agentconsole.domain.roles import Action
from agentconsole.domain.sudo import ASKS, ASKS_NOT, Moment, asks_code, still_holds

GIVEN = Moment(datetime(2026, 11, 23, 10, tzinfo=UTC), 1_000.0)


def test_every_action_is_on_one_of_the_two_lists() -> None:
    """A new verb that nobody thought about fails here; until then it asks."""
    assert set(Action) == ASKS | ASKS_NOT
    assert set() == ASKS & ASKS_NOT


def test_what_nobody_thought_about_asks() -> None:
    assert asks_code("fly")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("situation", "wall", "seconds", "holds"),
    [
        ("at once", 0, 0, True),
        ("four minutes later", 240, 240, True),
        ("just before five minutes", 299.9, 299.9, True),
        ("after five minutes", 300, 300, False),
        ("the clock was slewed a little", 100, 104, True),
        ("the clock was put forward", 200, 100, False),
        ("the clock was put back", 40, 100, False),
        ("the clock was put back over all of it", -3600, 10, False),
        ("the machine was started anew", 10, -900, False),
    ],
)
def test_a_code_is_good_for_five_minutes_of_one_clock(situation: str, wall: float, seconds: float, holds: bool) -> None:
    now = Moment(GIVEN.wall + timedelta(seconds=wall), GIVEN.seconds + seconds)

    assert still_holds(GIVEN, now) is holds, situation


def test_without_a_code_nothing_holds() -> None:
    assert not still_holds(None, GIVEN)
