"""Guessing at a password: a stranger waits ever longer, and the one whose name he types does not (PROMISES 17)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.wire import commands
from agentconsole.wire.frames import SignedIn
from tests.desk_bench import PASSWORD, code
from tests.server_bench import Caller, Served, on_a_loop, serve

STRANGER, OTHER = 2001, 2002


async def _from(served: Served, uid: int) -> Caller:
    """Connect as another account of the host; the kernel would say so, here the test does."""
    before = set(served.server.sessions.live)
    caller = await served.caller()
    (live,) = set(served.server.sessions.live) - before
    live.peer = type(live.peer)(live.peer.pid, uid, uid)
    return caller


async def _guess(caller: Caller, login: str = "ana") -> str:
    with pytest.raises(Refused) as refused:
        await caller.ask(commands.SignIn(login, "a wrong password", "000000"))
    return refused.value.code


async def _sign_in(served: Served, caller: Caller) -> SignedIn:
    served.clock.move(timedelta(seconds=30))
    answer = await caller.ask(commands.SignIn("ana", PASSWORD, code(served.clock.now())))
    assert isinstance(answer, SignedIn)
    return answer


@asynccontextmanager
async def _desk_where_ana_was(folder: Path) -> AsyncIterator[tuple[Served, Caller]]:
    """Serve a desk that ana has signed in to once, from her own account."""
    async with serve(folder) as served:
        ana = await served.sign_in("ana")
        await ana.ask(commands.SignOut())
        yield served, ana


@on_a_loop
async def test_a_stranger_who_types_a_colleague_s_name_waits_himself_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    async with _desk_where_ana_was(tmp_path) as (served, ana):
        stranger = await _from(served, STRANGER)
        codes = [await _guess(stranger) for _ in range(8)]
        answer = await _sign_in(served, ana)

    assert codes == ["sign-in"] * 5 + ["wait"] * 3
    assert answer.login == "ana"


@on_a_loop
async def test_a_stranger_cannot_keep_a_locked_session_from_being_opened(tmp_path: Path) -> None:
    async with _desk_where_ana_was(tmp_path) as (served, ana):
        await _sign_in(served, ana)
        await ana.ask(commands.Lock())
        stranger = await _from(served, STRANGER)
        for _ in range(8):
            await _guess(stranger)

        await ana.ask(commands.Unlock(PASSWORD))


@on_a_loop
async def test_a_guesser_has_no_more_tries_from_several_accounts_nor_after_its_owner_signed_in(tmp_path: Path) -> None:
    async with _desk_where_ana_was(tmp_path) as (served, ana):
        strangers = [await _from(served, uid) for uid in (STRANGER, OTHER)]
        first = [await _guess(strangers[turn % 2]) for turn in range(6)]
        await _sign_in(served, ana)
        second = await _guess(strangers[0])
        served.clock.move(timedelta(minutes=1))
        third = [await _guess(stranger) for stranger in strangers]

    assert first == ["sign-in"] * 5 + ["wait"]
    assert second == "sign-in"  # the first wait is over by then, and only the next one is longer
    assert third == ["sign-in", "wait"]


@on_a_loop
async def test_who_guesses_from_the_owner_s_own_account_waits_there_too(tmp_path: Path) -> None:
    async with _desk_where_ana_was(tmp_path) as (_, ana):
        codes = [await _guess(ana) for _ in range(6)]

    assert codes == ["sign-in"] * 5 + ["wait"]


@on_a_loop
async def test_from_a_new_account_the_owner_waits_with_the_strangers_and_once_in_is_known_there(tmp_path: Path) -> None:
    async with _desk_where_ana_was(tmp_path) as (served, _):
        there = await _from(served, OTHER)
        stranger = await _from(served, STRANGER)
        for _ in range(5):
            await _guess(stranger)
        waits = await _guess(there)
        served.clock.move(timedelta(minutes=1))
        await _sign_in(served, there)
        await there.ask(commands.SignOut())
        for _ in range(5):
            await _guess(stranger)

        answer = await _sign_in(served, there)

    assert waits == "wait"
    assert answer.login == "ana"
