"""When a draft is kept."""

import pytest

from agentconsole.tui.writing import Autosave, Writing
from agentconsole.wire.commands import SaveDraft
from tests.tui.rosa import draft


@pytest.mark.parametrize(
    ("situation", "typed", "now", "expected"),
    [
        ("nothing was typed", [], 10.0, None),
        ("the first key was just pressed", [10.0], 10.0, 0.8),
        ("half a second ago", [10.0], 10.5, 0.3),
        ("the typing goes on", [10.0, 10.2, 10.4, 10.6], 10.6, 0.2),
        ("it went on for so long", [10.0, 10.3, 10.7], 10.8, 0.0),
        ("long ago", [10.0], 99.0, 0.0),
    ],
)
def test_a_draft_is_kept_within_a_second_of_its_first_key_however_one_types(
    situation: str, typed: list[float], now: float, expected: float | None
) -> None:
    autosave = Autosave()
    for at in typed:
        autosave.typed(at)

    assert autosave.wait(now) == (expected if expected is None else pytest.approx(expected)), situation


def test_after_keeping_nothing_waits() -> None:
    autosave = Autosave()
    autosave.typed(10.0)

    autosave.kept()

    assert autosave.wait(20.0) is None


def test_an_empty_text_is_kept_only_to_drop_its_draft() -> None:
    writing = Writing(7, "reply")
    writing.buffer.insert(" ")
    before = writing.dirty

    writing.kept_text = True

    assert before is False
    assert writing.dirty is True
    assert writing.draft() == SaveDraft(7, "reply", "", (0, 1), 0, 0)


def test_a_hand_off_has_its_own_draft() -> None:
    writing = Writing(7, "escalate", seen=3)
    writing.buffer.insert("why")

    assert writing.draft() == SaveDraft(7, "escalate", "why", (0, 3), 3, 0)


def test_a_draft_taken_up_is_not_kept_again() -> None:
    writing = Writing(4471, "reply")

    writing.take_up(draft("Dear Rosa"))

    assert writing.buffer.text == "Dear Rosa"
    assert writing.dirty is False


def test_what_was_typed_before_the_draft_arrived_is_still_to_be_kept() -> None:
    writing = Writing(4471, "reply")
    writing.buffer.insert("and thank you")

    writing.take_up(draft("Dear Rosa"))

    assert writing.buffer.text == "Dear Rosa\n\nand thank you"
    assert writing.dirty is True


@pytest.mark.parametrize(
    ("kept", "whole", "is_older"),
    [
        pytest.param("Dear Rosa", "Dear Rosa\n\nand thank you", True, id="read before it came to the desk"),
        pytest.param("Dear Rosa\n\nand th", "Dear Rosa\n\nand thank you", True, id="read with a part of it"),
        pytest.param("and th", "and thank you", False, id="there was no older one"),
    ],
)
def test_what_the_desk_was_sent_before_its_older_draft_was_read_stands_there_once(
    kept: str, whole: str, is_older: bool
) -> None:
    writing = Writing(4471, "reply")
    writing.buffer.insert("and thank you")
    writing.below = ["and", "and th"]

    found = writing.take_up(draft(kept))

    assert (writing.buffer.text, found) == (whole, is_older)
    assert writing.dirty is True
    assert writing.draft().below is None


def test_what_is_on_its_way_is_no_draft() -> None:
    writing = Writing(7, "reply")
    writing.buffer.insert("Dear Rosa")

    writing.underway = True

    assert writing.dirty is False
