"""The strip of the guided tour: it goes on by what is done, hides, and comes back."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from agentconsole.tui.tour import Tour


@dataclass(frozen=True)
class Step:
    """Be a step of a tour."""

    lines: tuple[str, ...]
    brief: str
    done: tuple[str, ...]


STEPS = (
    Step(("Press the dot.", "", "It does what NEXT says."), "Press the dot.", ("action:case.next_step", "mode:case")),
    Step(("Now answer.",), "Answer.", ("command:reply",)),
)


@pytest.fixture
def tour() -> Tour:
    """Begin a tour of two steps."""
    return Tour(STEPS)


def shown(tour: Tour, mode: str = "queue", width: int = 80) -> list[str]:
    """Return the strip's texts."""
    return [line.text for line in tour.strip(mode, width)]


def test_on_a_list_the_strip_explains_the_step(tour: Tour) -> None:
    texts = shown(tour)

    assert texts[0].startswith("-- tour 1 of 2   (Esc hides it, :tour brings it back) ---")
    assert texts[1:] == ["  Press the dot.", "", "  It does what NEXT says."]


def test_elsewhere_it_has_two_lines(tour: Tour) -> None:
    assert shown(tour, "composer") == ["-- tour 1 of 2 " + "-" * 65, "  Press the dot."]


@pytest.mark.parametrize("word", STEPS[0].done)
def test_any_of_the_things_asked_for_ends_a_step(tour: Tour, word: str) -> None:
    tour.hear(word)

    assert shown(tour)[1] == "  Now answer."


def test_what_is_asked_for_later_does_not_count_before(tour: Tour) -> None:
    tour.hear("command:reply")

    assert shown(tour)[1] == "  Press the dot."


def test_after_the_last_step_the_strip_is_gone_and_begin_shows_the_first(tour: Tour) -> None:
    tour.hear("mode:case")
    tour.hear("command:reply")
    gone = shown(tour)

    tour.begin()

    assert gone == []
    assert shown(tour)[1] == "  Press the dot."


def test_escape_hides_the_strip_where_it_is_and_begin_brings_it_back(tour: Tour) -> None:
    tour.hear("mode:case")
    tour.hear("action:select.none")
    tour.hear("command:reply")
    hidden = shown(tour)

    tour.begin()

    assert hidden == []
    assert shown(tour)[1] == "  Now answer."


def test_the_frame_is_drawn_when_the_strip_changes_and_only_then() -> None:
    drawn: list[str] = []
    changed: Callable[[], None] = lambda: drawn.append("drawn")  # noqa: E731 - a name for what is counted
    tour = Tour(STEPS, changed)

    tour.hear("action:case.note")
    tour.hear("mode:case")
    tour.hide()

    assert len(drawn) == 2


def test_without_steps_there_is_no_strip() -> None:
    tour = Tour()
    tour.hear("mode:case")
    tour.begin()

    assert not tour.has_steps
    assert shown(tour) == []


@pytest.mark.parametrize("width", [1, 20, 80, 200])
def test_no_line_is_wider_than_the_screen(tour: Tour, width: int) -> None:
    assert all(len(text) <= width for text in shown(tour, width=width))
