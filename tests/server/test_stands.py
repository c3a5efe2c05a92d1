"""Where somebody was at the desk is there at her next sign-in, on any machine, also after a restart (UX 6.3)."""

from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.wire import commands
from agentconsole.wire.frames import SignedIn
from agentconsole.wire.stands import OpenTab, Stand, Step
from tests.desk_bench import PASSWORD, code
from tests.server_bench import Served, execute, on_a_loop, serve


async def _signs_in(served: Served, login: str) -> SignedIn:
    caller = await served.caller()
    served.clock.move(timedelta(seconds=30))
    answer = await caller.ask(commands.SignIn(login, PASSWORD, code(served.clock.now())))
    assert isinstance(answer, SignedIn)
    return answer


@on_a_loop
async def test_the_next_sign_in_is_given_the_place_that_was_kept(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        first, second = await served.ticket(), await served.ticket(subject="Another one")
        stand = Stand(
            "team",
            (("team", "late -@bo"),),
            second,
            (Step("case", first), Step("composer", first, "note")),
            (OpenTab(first, "composer"), OpenTab(second, "case")),
        )
        ana = await served.sign_in("ana")
        await ana.ask(commands.KeepPlace(Stand("mine")))
        await ana.ask(commands.KeepPlace(stand))
        await ana.client.close()
        paths = served.paths

        assert (await _signs_in(served, "ana")).stand == stand
        assert (await _signs_in(served, "sam")).stand is None

    async with serve(tmp_path, paths=paths, at=served.clock.now()) as served:
        assert (await _signs_in(served, "ana")).stand == stand


@on_a_loop
async def test_tickets_that_are_no_more_are_left_out(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")
        gone = Stand(steps=(Step("case", 77), Step("case", number)), tabs=(OpenTab(77, "case"),))
        await ana.ask(commands.KeepPlace(gone))

        assert (await _signs_in(served, "ana")).stand == Stand(steps=(Step("case", number),))


@on_a_loop
async def test_a_place_that_cannot_be_read_any_more_is_none(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")
        await ana.ask(commands.KeepPlace(Stand("team")))
        await execute(served, "UPDATE stand SET body = '{\"view\": 3}'")

        assert (await _signs_in(served, "ana")).stand is None


@pytest.mark.parametrize(
    "stand",
    [
        Stand("everything"),
        Stand(filters=(("mine", "x" * 501),)),
        Stand(filters=(("mine", "\x1b[2J"),)),
        Stand(filters=(("theirs", "late"),)),
        Stand(steps=(Step("signin", 1),)),
        Stand(steps=(Step("composer", 1, "poem"),)),
        Stand(tabs=tuple(OpenTab(number, "case") for number in range(13))),
        Stand(tabs=(OpenTab(1, "palette"),)),
    ],
)
@on_a_loop
async def test_what_no_console_can_mean_is_refused_and_changes_nothing(tmp_path: Path, stand: Stand) -> None:
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")
        await ana.ask(commands.KeepPlace(Stand("unassigned")))

        with pytest.raises(Refused, match="no place at this desk"):
            await ana.ask(commands.KeepPlace(stand))

        assert (await _signs_in(served, "ana")).stand == Stand("unassigned")
