"""Drafts: kept while typing and on leaving, and taken up again."""

import asyncio

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.tui.mode import Compose
from agentconsole.wire.commands import Reply, SaveDraft
from agentconsole.wire.frames import Done
from tests.tui.composing import GOOD, Desk, play
from tests.tui.rosa import ROW, draft, rosa
from tests.tui.stage import Stage, act, press, shown, write


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_leaving_keeps_the_draft_and_a_tab_and_coming_back_goes_on(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "half a")
        press(desk.mode, "ctrl+g")
        desk.answer_all()
        assert desk.console.tabs == {4471: "composer"}
        desk.mode.enter(Compose(4471, row=ROW))
        write(desk.mode, " letter")
        assert "half a letter" in shown(desk.mode)

    play(desk, scene)

    assert desk.desk.asked[0] == SaveDraft(4471, "reply", "half a", (0, 6), 5)


def test_an_empty_text_leaves_nothing_behind(desk: Desk) -> None:
    def scene() -> None:
        press(desk.mode, "ctrl+g")

    play(desk, scene)

    assert desk.desk.asked == []
    assert desk.console.tabs == {}


def test_a_kept_draft_comes_back_where_it_was_left(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "!")
        assert "Dear Rosa!" in shown(desk.mode)

    play(desk, scene, drafts=(draft("Dear Rosa"),))

    assert desk.console.said[0] == ("Your draft of Mon 10:12 is back.", "note")


def test_what_was_typed_before_the_draft_arrived_stands_below_it(desk: Desk) -> None:
    def scene(app: Stage) -> None:
        write(desk.mode, "typed ahead")
        desk.desk.deliver(rosa(drafts=(draft("Dear Rosa"),)))
        assert [line.rstrip() for line in shown(desk.mode).split("\n")[3:6]] == [" Dear Rosa", "", " typed ahead"]

    act(desk.mode, Compose(4471, row=ROW), scene)


def test_what_was_typed_and_kept_before_the_draft_arrived_is_sent_as_standing_below_it(desk: Desk) -> None:
    def scene(app: Stage) -> None:
        write(desk.mode, "typed")
        desk.mode.leave()
        desk.mode.enter(Compose(4471, row=ROW))
        write(desk.mode, " ahead")
        desk.mode.leave()
        desk.mode.enter(Compose(4471, row=ROW))
        desk.answer_all()
        desk.desk.deliver(rosa(drafts=(draft("Dear Rosa\n\ntyped"),)))
        desk.mode.leave()

    act(desk.mode, Compose(4471, row=ROW), scene)

    kept = [(body.text, body.below) for body in desk.desk.asked if isinstance(body, SaveDraft)]
    assert kept == [("typed", 0), ("typed ahead", 5), ("Dear Rosa\n\ntyped ahead", None)]


def test_a_draft_of_the_other_kind_stays_where_it_is(desk: Desk) -> None:
    def scene() -> None:
        assert "a note" not in shown(desk.mode)

    play(desk, scene, drafts=(draft("a note", kind="note"),))


def test_a_text_that_was_sent_is_not_kept_as_a_draft_afterwards(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "y")
        desk.answer_reply(Done())
        desk.mode.leave()
        assert desk.mode.save() is None

    play(desk, scene)

    assert [type(body) for body in desk.desk.asked] == [SaveDraft, Reply]


def test_typing_is_kept_a_second_after_it_stops(desk: Desk) -> None:
    async def scene(app: Stage) -> None:
        desk.desk.deliver(rosa())
        write(desk.mode, "Dear Rosa")
        before = list(desk.desk.asked)
        await asyncio.wait_for(desk.desk.heard.wait(), 10)
        desk.answer_all()
        assert before == []
        assert desk.mode.title() == "reply to 4471-8 | DUE 4:12 | draft saved 10:42:00"

    act(desk.mode, Compose(4471, row=ROW), scene)

    assert desk.desk.asked == [SaveDraft(4471, "reply", "Dear Rosa", (0, 9), 5)]


def test_a_draft_that_could_not_be_kept_is_kept_at_the_next_chance(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Dear Rosa")
        desk.mode.leave()
        desk.answer_all(Refused("The link to the desk was lost.", code="link"))
        assert isinstance(desk.mode.save(), SaveDraft)

    play(desk, scene)

    assert desk.console.said[-1][0].startswith("Draft not kept yet:")


def test_why_a_session_ended_is_not_written_over_by_a_draft_that_came_too_late(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Dear Rosa")
        desk.mode.leave()
        desk.answer_all(Refused("Sign in first.", code="sign-in"))
        assert isinstance(desk.mode.save(), SaveDraft)

    play(desk, scene)

    assert desk.console.said == []


def test_a_draft_of_the_last_person_is_never_kept_as_the_next_ones(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Dear Rosa")
        desk.mode.leave()
        desk.mode.forget()
        desk.answer_all(Refused("The link to the desk was lost.", code="link"))
        assert desk.mode.save() is None

    play(desk, scene)

    assert desk.console.said == []


def test_who_signs_in_next_does_not_see_the_text(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        desk.mode.forget()
        desk.mode.enter(Compose(4471, row=ROW))
        assert "your money" not in shown(desk.mode)

    play(desk, scene)
