"""A mail that was held is looked after until it has left, and its writer hears when."""

import pytest

from agentconsole.tui.leaving import FIRST_LOOK, LOOKS, NEXT_LOOK, Leaving
from agentconsole.wire.frames import Done, SignedIn
from agentconsole.wire.rows import CaseView
from tests.tui.composing import GOOD, Desk, play
from tests.tui.rosa import HISTORY, NOW, contact, rosa
from tests.tui.stage import StageConsole, press, write

MAIL = 99


class Watched:
    """A mail on the stage: timers are kept until the test lets them strike."""

    def __init__(self) -> None:
        self.console = StageConsole()
        self.timers: list[tuple[float, object]] = []
        Leaving(self.console, lambda seconds, then: self.timers.append((seconds, then))).watch(
            4471, "4471-8", MAIL, 8.0
        )

    def look(self, state: str) -> float:
        """Let the timer strike and the desk answer that the mail is in a state; return how long was waited."""
        seconds, then = self.timers.pop(0)
        then()
        self.console.desk.deliver(case(state))
        return seconds


def case(state: str) -> CaseView:
    """Return Rosa's case with an answer in a state of delivery."""
    return rosa(contacts=(*HISTORY, contact(MAIL, NOW, "On its way.", author="agent", delivery=state)), version=9)


def test_a_mail_that_left_is_said_with_its_time() -> None:
    mail = Watched()

    waited = [mail.look("queued"), mail.look("sending"), mail.look("sent")]

    assert waited == [8.0 + FIRST_LOOK, NEXT_LOOK, NEXT_LOOK]
    assert mail.console.said == [("4471-8: the mail left, 10:42:00.", "news")]
    assert mail.timers == []


@pytest.mark.parametrize("state", ["taken back", "failed", "unknown", ""])
def test_what_is_told_elsewhere_is_not_said_twice(state: str) -> None:
    mail = Watched()

    mail.look(state)

    assert mail.console.said == []
    assert mail.timers == []


def test_a_mail_that_does_not_leave_is_said_once() -> None:
    mail = Watched()

    for _ in range(LOOKS):
        mail.look("queued")

    assert mail.console.said == [("4471-8: the mail has not left yet. The desk keeps trying.", "warn")]
    assert mail.timers == []


def test_somebody_else_does_not_hear_of_it() -> None:
    mail = Watched()
    mail.console.desk.me = SignedIn("bo", "Bo Lind", "agent", (), (), 900)

    mail.timers.pop()[1]()

    assert mail.console.desk.reading == []


@pytest.mark.parametrize(("answer", "watched"), [(Done(contact=MAIL, held_until=NOW), True), (Done(), False)])
def test_every_mail_that_is_held_is_looked_after(answer: Done, watched: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    seen: list[tuple[int, str, int, float]] = []
    monkeypatch.setattr(Leaving, "watch", lambda _, *mail: seen.append(mail))

    def scene() -> None:
        write(desk.mode, GOOD)
        press(desk.mode, "ctrl+d", "y")
        desk.answer_reply(answer)

    play(desk, scene)

    assert seen == ([(4471, "4471-8", MAIL, 0.0)] if watched else [])
