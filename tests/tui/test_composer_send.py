"""Sending from the composer: replies, notes and hand-offs, and what stops them."""

import msgspec
import pytest

from agentconsole.domain.errors import Refused, Stale
from agentconsole.tui.mode import Compose
from agentconsole.wire.commands import AddNote, Escalate, Reply, SaveDraft
from agentconsole.wire.frames import Done
from tests.rows import built
from tests.tui.composing import GOOD, Desk, play
from tests.tui.rosa import HISTORY, NOW, ROW, contact, rosa
from tests.tui.stage import Stage, act, press, shown, write


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_enter_is_a_new_line_and_never_sends(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "enter", "enter", "enter")

    play(desk, scene)

    assert desk.sent() == []


@pytest.mark.parametrize(
    ("key", "then", "words"),
    [
        ("y", "open", "4471-8: sending in 8 s, u takes it back before 10:42:08"),
        ("e", "resolve", "4471-8, resolved: sending in 8 s, u takes it back before 10:42:08"),
        ("w", "wait", "4471-8, waits for the customer: sending in 8 s, u takes it back before 10:42:08"),
    ],
)
def test_one_letter_sends_and_goes_to_the_next_ticket(desk: Desk, key: str, then: str, words: str) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", key)
        assert desk.console.held == 1
        desk.answer_reply(Done(contact=99, held_until=NOW.replace(second=8)))

    play(desk, scene)

    assert desk.sent() == [Reply(4471, 5, GOOD, then)]
    assert desk.console.went[-1] == ("queue", None)
    assert desk.console.said[-1] == (words, "done")
    assert desk.console.held == 0
    assert desk.goes_at == {99: NOW.replace(second=8)}


def test_a_burst_that_arrives_before_the_case_is_sent_as_typed(desk: Desk) -> None:
    def scene(app: Stage) -> None:
        write(desk.mode, "hello world")
        press(desk.mode, "ctrl+d", "e")

    act(desk.mode, Compose(4471, row=ROW), scene)

    assert desk.sent() == [Reply(4471, 5, "hello world", "resolve")]


def test_send_and_escalate_asks_for_a_note_and_hands_it_over_after_the_mail(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "x")
        question, answer = desk.console.asked[0]
        assert question == "Note to the supervisor: "
        answer("refund of $140, please decide")
        desk.answer_reply(Done())

    play(desk, scene)

    assert desk.sent() == [Reply(4471, 5, GOOD, "escalate", note="refund of $140, please decide")]


def test_no_word_to_the_supervisor_sends_nothing(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "x")
        desk.console.asked[0][1]("  ")

    play(desk, scene)

    assert desk.sent() == []
    assert desk.console.said[-1][1] == "refused"


STALE = Stale("The case has moved on.", changes=("10:44  Rosa Prado wrote again:\n> a replacement, please",))


def stopped(desk: Desk) -> None:
    """Send into something new, and take a second to read what it was."""
    write(desk.mode, GOOD)
    press(desk.mode, "ctrl+d", "y")
    desk.answer_reply(STALE)
    desk.seconds += 1


def test_a_sending_that_crossed_something_new_is_stopped_with_it_on_the_screen(desk: Desk) -> None:
    def scene() -> None:
        stopped(desk)
        text = shown(desk.mode)
        assert "!! NOT SENT. While you wrote, something changed in this case:" in text
        assert "> a replacement, please" in text
        assert [hint.key for hint in desk.mode.hints()] == ["v", "y", "Enter", "d"]
        assert "STOPPED" in desk.mode.title()

    play(desk, scene)

    assert desk.console.held == 0


def test_sending_anyway_says_so_to_the_desk(desk: Desk) -> None:
    def scene() -> None:
        stopped(desk)
        press(desk.mode, "y")

    play(desk, scene)

    assert desk.sent()[-1] == Reply(4471, 5, GOOD, "open", anyway=True)


def test_reading_what_is_new_shows_it_beside_the_text_and_answers_the_new_version(desk: Desk) -> None:
    new = contact(5, NOW, "never mind the refund, a replacement please", fresh=True)

    def scene() -> None:
        stopped(desk)
        desk.desk.deliver(rosa(contacts=(*HISTORY, new), version=6))
        press(desk.mode, "v")
        assert "-- new: Rosa Prado wrote, Mon 23 Nov 10:42 ---" in shown(desk.mode)
        assert "never mind the refund" in shown(desk.mode)
        assert "your money is on its way." in shown(desk.mode)
        press(desk.mode, "ctrl+d", "y")

    play(desk, scene)

    assert desk.sent()[-1] == Reply(4471, 6, GOOD, "open")


def test_keys_typed_ahead_of_a_stop_do_not_choose(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "y")
        desk.answer_reply(STALE)
        press(desk.mode, "y", "d", "enter")
        assert "STOPPED" in desk.mode.title()

    play(desk, scene)

    assert len(desk.sent()) == 1
    assert "Read this first" in desk.console.said[-1][0]


def test_a_refused_reply_keeps_the_text(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "y")
        desk.answer_reply(Refused("The link to the desk was lost.", code="link"))
        assert "your money is on its way." in shown(desk.mode)
        press(desk.mode, "y")

    play(desk, scene)

    assert desk.console.said[-1] == ("Not sent: The link to the desk was lost. Your text is kept.", "refused")
    assert len(desk.sent()) == 2


def test_keeping_a_reply_as_a_note_drops_its_draft(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Warehouse says no.")
        desk.mode.leave()
        desk.answer_all()
        press(desk.mode, "ctrl+d", "i")
        desk.answer_all()

    play(desk, scene)

    assert desk.sent() == [AddNote(4471, "Warehouse says no.")]
    assert desk.desk.asked[-1] == SaveDraft(4471, "reply", "")
    assert ("back", None) in desk.console.went


def test_a_note_is_saved_by_ctrl_d(desk: Desk) -> None:
    def scene() -> None:
        assert "staff only, the customer never sees it" in shown(desk.mode)
        write(desk.mode, "Asked Tomas.")
        press(desk.mode, "ctrl+d")
        desk.answer_all()

    play(desk, scene, Compose(4471, "note", row=ROW))

    assert desk.sent() == [AddNote(4471, "Asked Tomas.")]
    assert desk.console.said[-1] == ("Note added. u takes it back.", "done")


def test_a_refused_note_is_still_there(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Asked Tomas.")
        press(desk.mode, "ctrl+d")
        desk.answer_all(Refused("Too long."))
        desk.mode.enter(Compose(4471, "note", row=ROW))
        assert "Asked Tomas." in shown(desk.mode)

    play(desk, scene, Compose(4471, "note", row=ROW))


def test_handing_over_needs_a_reason(desk: Desk) -> None:
    def scene() -> None:
        press(desk.mode, "ctrl+d")
        assert desk.console.said[-1] == ("Nothing is written yet.", "refused")
        write(desk.mode, "Over my limit.")
        press(desk.mode, "ctrl+d")
        desk.answer_reply(built(Done, said="4471-8 is with Sam."))

    play(desk, scene, Compose(4471, "escalate", row=ROW))

    assert desk.sent() == [Escalate(4471, 5, "Over my limit.")]
    assert desk.console.said[-1] == ("4471-8 is with Sam.", "done")


def test_a_stale_hand_over_goes_through_the_second_time(desk: Desk) -> None:
    def scene() -> None:
        write(desk.mode, "Over my limit.")
        press(desk.mode, "ctrl+d")
        desk.answer_reply(STALE)
        desk.desk.deliver(rosa(version=6))
        press(desk.mode, "ctrl+d")

    play(desk, scene, Compose(4471, "escalate", row=ROW))

    assert [body.seen for body in desk.sent(Escalate)] == [5, 6]  # type: ignore[attr-defined]


def test_a_customer_who_writes_meanwhile_is_announced_and_stands_in_the_review(desk: Desk) -> None:
    new = contact(5, NOW, "never mind", fresh=True)

    def scene() -> None:
        write(desk.mode, GOOD)
        desk.mode.changed(frozenset({4471}))
        desk.desk.deliver(rosa(contacts=(*HISTORY, new), version=6))
        press(desk.mode, "ctrl+d")
        assert "A new message came." in shown(desk.mode)
        press(desk.mode, "y")

    play(desk, scene)

    assert ("Rosa Prado wrote again meanwhile.", "warn") in desk.console.said
    assert desk.sent()[-1] == Reply(4471, 5, GOOD, "open")


def test_in_a_demo_the_desk_itself_says_how_long_a_mail_is_held(desk: Desk) -> None:
    """Its clock is not the one by which mails are held."""
    desk.desk.welcome = msgspec.structs.replace(desk.desk.welcome, demo=True, speed=10.0)

    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "y")
        desk.answer_reply(built(Done, said="Sending in 10 s, u takes it back.", contact=99, held_until=NOW))

    play(desk, scene)

    assert desk.console.said[-1] == ("Sending in 10 s, u takes it back.", "done")
    assert desk.goes_at == {}
