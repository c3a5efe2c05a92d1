"""Two people, one case (UX 11, U13): who else is there is seen in lists and in the case, and the desk is kept told."""

from datetime import timedelta

import pytest

from agentconsole.tui.presence import BEAT_SECONDS, mark, others
from agentconsole.wire.commands import Look
from agentconsole.wire.frames import Locked, Present
from agentconsole.wire.rows import OthersDraft, PresenceRow, WatcherRow
from tests.rows import changed
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import NOW, PASSWORD, FakeDesk

SINCE = NOW - timedelta(minutes=2)
BO, BO_WRITES, ME = WatcherRow("bo", SINCE), WatcherRow("bo", SINCE, writing=True), WatcherRow("ana", SINCE)


async def _told(it: Driver, *people: WatcherRow, ticket: int = 4471) -> None:
    it.desk.told(Present((PresenceRow(ticket, people),)))
    await it.settle()


def _looks(desk: FakeDesk) -> list[tuple[int, bool]]:
    """Return what the desk was told, one after the other, without what was only said again."""
    said = [(look.ticket, look.writing) for look in desk.of(Look)]
    return [one for at, one in enumerate(said) if at == 0 or one != said[at - 1]]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ((), ""),
        ((BO,), "<bo"),
        ((BO_WRITES,), "*bo"),
        ((ME,), ""),
        ((ME, BO), "<bo"),
        ((WatcherRow("chen", SINCE), BO_WRITES), "*bo+1"),
        ((WatcherRow("a.very.long.login", SINCE),), "<a.very.."),
    ],
)
def test_a_list_marks_who_else_is_at_a_ticket(people: tuple[WatcherRow, ...], expected: str) -> None:
    assert mark(others(people, "ana")) == expected


def test_a_row_shows_it_and_nothing_else_moves() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        before = it.rows

        await _told(it, BO_WRITES)
        marked = it.rows
        await _told(it)

        differing = [after for first, after in zip(before, marked, strict=True) if first != after]
        assert len(differing) == 1
        assert " 4471 " in differing[0]
        assert "*bo Rosa" in differing[0]
        assert it.rows == before

    drive(script)


def test_a_case_says_who_is_there_already_and_who_comes() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        await _told(it, BO)

        await it.type(":4471")
        await it.keys("enter")
        await it.sees("bo is viewing since 10:40")
        assert it.message == "BO is viewing this case."

        await _told(it, BO, WatcherRow("chen", NOW))
        await it.sees("chen is viewing")
        await _told(it)
        assert "bo is viewing" not in it.text

    drive(script)


def test_who_writes_is_told_that_another_writes_too() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        await it.type(":4471")
        await it.keys("enter")
        await it.keys("r")

        await _told(it, ME, BO_WRITES)

        assert it.message == "!! BO is writing to this case too."

    drive(script)


def test_the_desk_is_told_which_ticket_is_in_view_and_whether_it_is_written_to() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        await it.type(":4471")
        await it.keys("enter")
        await it.keys("r")
        await it.keys("ctrl+g")
        await it.keys("question_mark")
        await it.keys("escape")
        await it.keys("q")
        await it.settle()

        assert _looks(it.desk) == [(4471, False), (4471, True), (4471, False), (0, False)]

    drive(script)


def test_behind_the_lock_nothing_is_said_and_after_it_all_is_said_anew() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        await it.type(":4471")
        await it.keys("enter")
        await it.settle()
        it.desk.told(Locked(NOW, "15 minutes without a key"))
        await it.settle()
        said = len(it.desk.of(Look))
        await _told(it, BO)
        assert "bo" not in it.text.lower().split()

        it.console.modes["lock"].form.set("password", PASSWORD)
        await it.keys("enter")
        await it.sees("bo is viewing")

        assert it.message == "BO is viewing this case."
        assert it.desk.of(Look)[said:] == [Look(4471)]

    drive(script)


def test_a_ticket_in_view_is_said_again_every_few_seconds() -> None:
    async def script(it: Driver) -> None:
        waiting = []
        it.console.presence._after = lambda seconds, then: waiting.append((seconds, then))
        await it.sign_in()
        await it.type(":4471")
        await it.keys("enter")
        for _ in range(3):
            ((seconds, then),) = waiting
            waiting.clear()
            assert seconds == BEAT_SECONDS
            then()
        await it.settle()
        assert it.desk.of(Look) == [Look(4471)] * 4

        await it.keys("q")
        waiting.pop()[1]()

        assert waiting == []

    drive(script)


def test_a_case_says_who_else_has_begun_a_text_also_after_she_left() -> None:
    desk = FakeDesk()
    begun: list[OthersDraft] = []
    plain = desk.case
    desk.case = lambda ticket: changed(plain(ticket), others_drafts=tuple(begun))  # type: ignore[method-assign]

    async def script(it: Driver) -> None:
        await it.sign_in()
        await it.type(":4471")
        await it.keys("enter")
        await _told(it, BO_WRITES)
        await it.sees("bo is writing")
        assert "has begun" not in it.text

        begun.append(OthersDraft("bo", "reply", NOW - timedelta(minutes=1)))
        await _told(it)

        await it.sees("bo has begun a reply, 10:41")

    drive(script, desk)
