"""The explanation of a clock."""

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.tui.mode import Explain, Key
from agentconsole.tui.screens.why import WhyMode
from agentconsole.wire.frames import Explained
from agentconsole.wire.queries import ExplainClock
from agentconsole.wire.rows import Why
from tests.rows import built
from tests.tui.rosa import rosa
from tests.tui.stage import StageConsole, paint, press, shown

WHY = built(
    Why,
    "why DUE 4:12 (case 4471-8, next reply)",
    (
        "rule     email within 2 hours during business hours          Ecom 3, pack v3",
        "started  Mon 23 Nov 08:46 customer message   desk open 08:30-18:00 IST",
    ),
)


def explained(standard: str = "") -> tuple[StageConsole, WhyMode]:
    console = StageConsole()
    mode = WhyMode(console, paint)
    console.mode = mode
    console.desk.cases[4471] = rosa()
    mode.enter(Explain(4471, standard))
    return console, mode


def test_the_rule_and_its_arithmetic_are_shown() -> None:
    console, mode = explained()
    reading = shown(mode)

    console.desk.answer(Explained(WHY))

    assert "reading .." in reading
    assert console.desk.asked == [ExplainClock(4471, "")]
    assert "why DUE 4:12 (case 4471-8, next reply)" in shown(mode)
    assert "Ecom 3, pack v3" in shown(mode)
    assert mode.title() == "why, case 4471-8"


def test_other_clocks_of_the_ticket_follow_in_a_ring() -> None:
    console, mode = explained()

    press(mode, "j", "j", "j", "j", "k")

    assert [body.standard for body in console.desk.asked] == [  # type: ignore[union-attr]
        "",
        "complaint.ack",
        "resolve",
        "email.first",
        "email.next",
        "email.first",
    ]


def test_an_answer_about_the_clock_one_has_left_is_not_shown() -> None:
    console, mode = explained()
    press(mode, "j")

    console.desk.answer(Explained(WHY))

    assert "DUE 4:12" not in shown(mode)


def test_a_refusal_is_said_in_its_place() -> None:
    console, mode = explained()

    console.desk.answer(Refused("No clock runs on this ticket."))

    assert "No clock runs on this ticket." in shown(mode)


@pytest.mark.parametrize("key", ["escape", "enter", "equals_sign", "ctrl+g"])
def test_it_closes_by_the_key_that_opened_it_and_by_the_usual_ones(key: str) -> None:
    console, mode = explained()

    assert mode.handle(Key(key)) is True
    assert console.went == [("back", None)]


def test_hostile_text_in_an_explanation_is_shown_as_pictures() -> None:
    console, mode = explained()

    console.desk.answer(Explained(built(Why, "\x1b[2J", ("\x9b31m", "a\u202eb", "[bold]x[/bold]"))))

    assert not {"\x1b", "\x9b", "\u202e"} & set(shown(mode))
    assert "[bold]x[/bold]" in shown(mode)
