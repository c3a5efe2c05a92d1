"""Danger asks again, straight on the socket too: in each session apart, and not for long (PROMISES 19)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.domain.roles import scope
from agentconsole.domain.sudo import ASKS
from agentconsole.domain.terms import Role
from agentconsole.server.sudo import ACTIONS
from agentconsole.wire import commands, queries
from agentconsole.wire.frames import Codes, SignedIn
from tests.desk_bench import PASSWORD, code
from tests.server.test_roles import ASKED, LOGINS
from tests.server_bench import Caller, Served, on_a_loop, scalar, serve

DANGEROUS = tuple(body for body in ASKED if ACTIONS[type(body)] in ASKS)
AUDIT = queries.VerifyAudit()


async def _asks(caller: Caller, body: object = AUDIT) -> bool:
    """Tell whether a code is asked for."""
    try:
        await caller.ask(body)
    except Refused as refused:
        return refused.code == "sudo"
    return False


async def _proved(served: Served, login: str = "ada") -> Caller:
    caller = await served.sign_in(login)
    await served.prove(caller)
    return caller


def test_what_asks_is_what_the_wire_has_of_it() -> None:
    """Of the list, only reading the log line by line has no command yet."""
    asking = {ACTIONS[type(body)] for body in DANGEROUS}

    assert {action.value for action in ASKS - asking} == {"read_audit"}


@pytest.mark.parametrize("role", list(Role))
@on_a_loop
async def test_a4_nothing_dangerous_is_done_before_a_code_is_given(tmp_path: Path, role: Role) -> None:
    async with serve(tmp_path) as served:
        caller = await served.sign_in(LOGINS[role])
        before = await scalar(served, "SELECT count(*) FROM event")
        asking = [body for body in DANGEROUS if await _asks(caller, body)]

        assert asking == [body for body in DANGEROUS if scope(role, ACTIONS[type(body)]) is not None]
        assert await scalar(served, "SELECT count(*) FROM event") == before


@on_a_loop
async def test_a4_after_a_code_all_of_it_is_done(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ada = await _proved(served)

        assert [body for body in DANGEROUS if await _asks(ada, body)] == []


@on_a_loop
async def test_a4_five_minutes_later_it_is_asked_again(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ada = await _proved(served)
        (live,) = [one for one in served.server.sessions.live if one.login == "ada"]
        given = live.proved
        assert given is not None

        answers = []
        for age in (290, 301):
            span = timedelta(seconds=age)
            live.proved = replace(given, wall=given.wall - span, seconds=given.seconds - age)
            answers.append(await _asks(ada))

    assert answers == [False, True]


@on_a_loop
async def test_a4_a_code_is_good_in_its_own_session_only(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        other = await served.sign_in("ada")
        ada = await _proved(served)

        assert (await _asks(ada), await _asks(other)) == (False, True)


@pytest.mark.parametrize("way", ["lock", "clock put forward", "clock put back"])
@on_a_loop
async def test_a4_a_lock_and_a_changed_clock_end_it(tmp_path: Path, way: str) -> None:
    async with serve(tmp_path) as served:
        ada = await _proved(served)
        if way == "lock":
            await ada.ask(commands.Lock())
            await ada.ask(commands.Unlock(PASSWORD))
        else:
            served.clock.move(timedelta(seconds=10 if way == "clock put forward" else -10))

        assert await _asks(ada)


@on_a_loop
async def test_a_wrong_and_a_spent_code_open_nothing_and_are_counted(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ada = await served.sign_in("ada")
        spent = code(served.clock.now())
        said = []
        for wrong in (spent, "000000", "", "x" * 5_000, "111111", "222222"):
            with pytest.raises(Refused) as refused:
                await ada.ask(commands.ProveAgain(wrong))
            said.append(refused.value)
        failures = await scalar(served, "SELECT count(*) FROM event WHERE kind = 'session.proof_failed'")

        assert [one.code for one in said] == ["code"] * 5 + ["wait"]
        assert failures == 6
        assert await _asks(ada)


@on_a_loop
async def test_the_host_s_own_account_is_no_session_and_is_asked_for_nothing(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        assert not await _asks(await served.caller())


@on_a_loop
async def test_new_recovery_codes_void_the_old_ones(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ada = await _proved(served)
        first, second = [await ada.ask(commands.RenewCodes()) for _ in range(2)]
        assert isinstance(first, Codes)
        assert isinstance(second, Codes)
        events = await scalar(served, "SELECT count(*) FROM event WHERE kind = 'user.recovery_renewed'")
        caller = await served.caller()

        with pytest.raises(Refused):
            await caller.ask(commands.SignIn("ada", PASSWORD, first.codes[0], recovery=True))
        answer = await caller.ask(commands.SignIn("ada", PASSWORD, second.codes[0], recovery=True))

    assert (len(set(second.codes)), events) == (10, 2)
    assert isinstance(answer, SignedIn)
