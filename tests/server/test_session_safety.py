"""What keeps a session and its secrets safe when something else goes wrong at the same time."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.wire import commands, queries
from agentconsole.wire.frames import Enrolling, Locked
from agentconsole.wire.query import Query
from tests.desk_bench import PASSWORD, code
from tests.server_bench import Caller, Served, on_a_loop, scalar, serve


async def _refused(caller: Caller, body: commands.Command | Query) -> Refused:
    with pytest.raises(Refused) as refused:
        await caller.ask(body)
    return refused.value


def _sign_in(served: Served, *, user: str = "ana", proof: str = "") -> commands.SignIn:
    return commands.SignIn(user, PASSWORD, proof or code(served.clock.now()))


@on_a_loop
async def test_a_password_typed_as_the_name_is_kept_nowhere(tmp_path: Path) -> None:
    """PROMISES 21."""
    async with serve(tmp_path) as served:
        caller = await served.caller()
        await _refused(caller, _sign_in(served, user="hunter2-the-second"))
        logged = await scalar(served, "SELECT subject FROM event WHERE kind = 'sign_in.failed'")
        guarded = await scalar(served, "SELECT count(*) FROM password_guard WHERE login LIKE '%hunter2%'")

    assert (logged, guarded) == ("(unknown name)", 0)


@on_a_loop
async def test_after_a_reset_the_one_time_password_is_looked_at_at_once(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        caller, sam = await served.caller(), await served.sign_in("sam")
        for _ in range(20):
            await _refused(caller, _sign_in(served, proof="000000"))
            served.clock.move(timedelta(hours=1, seconds=1))
        await _refused(caller, _sign_in(served, proof="000000"))

        await served.prove(sam)
        reset = await sam.ask(commands.ResetTotp("ana"))

        assert isinstance(await caller.ask(commands.SignIn("ana", reset.secret)), Enrolling)


@pytest.mark.parametrize(("new", "says"), [("short", "at least 8"), (PASSWORD, "is the old one")])
@on_a_loop
async def test_a_new_password_that_is_none_is_refused_and_counts_as_no_guess(
    tmp_path: Path, new: str, says: str
) -> None:
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")
        said = {(await _refused(ana, commands.ChangePassword(PASSWORD, new))).sentence for _ in range(7)}

    assert len(said) == 1
    assert says in said.pop()


@on_a_loop
async def test_what_was_asked_before_an_account_was_closed_and_comes_after_it_is_not_done(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana, host = await served.sign_in("ana"), await served.caller()
        closing = asyncio.create_task(host.ask(commands.DisableUser("ana")))
        late = await asyncio.gather(ana.ask(commands.AddNote(number, "late")), return_exceptions=True)
        await closing
        notes = await scalar(served, "SELECT count(*) FROM contact WHERE kind = 'note'")

    assert isinstance(late[0], Refused)
    assert (late[0].code, notes) == ("sign-in", 0)


@on_a_loop
async def test_a_lock_holds_also_when_it_cannot_be_written_down(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")
        served.clock.move(timedelta(hours=-2))

        await _refused(ana, commands.Lock())
        refused = await _refused(ana, queries.ReadQueue())
        served.clock.move(timedelta(hours=2))

    assert refused.code == "locked"
    assert [one.reason for one in ana.told if isinstance(one, Locked)] == ["locked by you"]
