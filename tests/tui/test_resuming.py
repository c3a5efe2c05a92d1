"""The console goes on where its user was: list, filter, cursor, place and tabs (UX 6.3)."""

import pytest

from agentconsole.domain.ticket import case_number
from agentconsole.tui.resuming import KEEP_SECONDS
from agentconsole.wire.commands import KeepPlace, SignIn
from agentconsole.wire.frames import Locked, SignedIn
from agentconsole.wire.stands import OpenTab, Stand, Step
from tests.rows import built
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import NOW, FakeDesk


def _desk(stand: Stand) -> FakeDesk:
    """Return a desk at which ana stood there."""
    desk = FakeDesk()
    desk.login = "ana"
    me = built(SignedIn, "ana", "Ana Costa", "agent", (("ecolab", "Eco Lab Supply"),), (), 900)
    desk.forced[SignIn] = built(
        SignedIn, **{name: getattr(me, name) for name in me.__struct_fields__} | {"stand": stand}
    )
    return desk


async def _sign_in(it: Driver, sees: str) -> None:
    await it.sees("Username")
    form = it.console.modes["signin"].form
    for name, value in (("user", "ana"), ("password", "x"), ("code", "1")):
        form.set(name, value)
    await it.keys("enter")
    await it.sees(sees)


def test_list_filter_and_cursor_are_as_they_were() -> None:
    stand = Stand("team", (("team", "-@bo"), ("mine", "late")), 4433)

    async def script(it: Driver) -> None:
        await _sign_in(it, "/ -@bo")
        (here,) = [row for row in it.rows if row.startswith(">")]

        assert " 4433 " in here
        assert it.console.queue.filters == {"mine": "late", "team": "-@bo", "unassigned": ""}

    drive(script, _desk(stand))


@pytest.mark.parametrize(
    ("steps", "sees"),
    [
        ((Step("case", 4471),), "case 4471 Rosa Prado"),
        ((Step("case", 4471), Step("composer", 4471, "note")), "note on 4471"),
        ((), "STATE"),
    ],
)
def test_the_place_and_the_tabs_are_as_they_were(steps: tuple[Step, ...], sees: str) -> None:
    stand = Stand(steps=steps, tabs=(OpenTab(4433, "case"), OpenTab(4471, "composer")))

    async def script(it: Driver) -> None:
        await _sign_in(it, sees)
        for _ in steps:
            await it.keys("ctrl+g" if it.console.mode.name == "composer" else "q")
        await it.sees(f"1:{case_number(4433)} 2:{case_number(4471)}")

        assert it.console.mode.name == "queue"

    drive(script, _desk(stand))


def test_a_changed_place_is_kept_and_the_same_one_is_not_said_twice() -> None:
    async def script(it: Driver) -> None:
        waiting = []
        after = it.console.frame.after
        it.console.frame.after = lambda seconds, then: (
            waiting.append(then) if seconds == KEEP_SECONDS else after(seconds, then)
        )
        await it.sign_in()
        await it.type(":4471")
        await it.keys("enter")
        await it.keys("r")
        for _ in range(2):
            waiting.pop()()
            await it.settle()
        (kept,) = it.desk.of(KeepPlace)

        assert kept.stand.steps == (Step("case", 4471), Step("composer", 4471, "reply"))
        assert kept.stand.tabs[0].ticket == 4471
        assert len(waiting) == 1

    drive(script)


def test_the_place_is_kept_on_the_way_out_and_before_someone_else_signs_in() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        await it.type(":4471")
        await it.keys("enter")
        it.app.session.someone_else()
        await it.settle()
        assert it.desk.of(KeepPlace)[-1].stand.steps == (Step("case", 4471),)

        await it.sign_in("bo")
        it.desk.told(Locked(NOW, "you"))
        await it.settle()
        assert it.desk.of(KeepPlace)[-1].stand.steps == ()

    drive(script)
