"""Signing in over the socket: three proofs, one answer to every failure, and a code that works once."""

import asyncio
import base64
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import FrameType

import argon2
import pytest

from agentconsole.domain.errors import Refused
from agentconsole.security.totp import code_at
from agentconsole.services.sessions import Limits
from agentconsole.wire import commands, queries
from agentconsole.wire.client import LinkLost
from agentconsole.wire.frames import Ended, Enrolled, Enrolling, Locked, SignedIn
from tests.desk_bench import PASSWORD, code
from tests.server_bench import Caller, Served, on_a_loop, scalar, serve

NOBODY = "Sign-in failed. Check all three; a code works once"


async def _refused(caller: Caller, body: commands.Command) -> Refused:
    with pytest.raises(Refused) as refused:
        await caller.ask(body)
    return refused.value


def _sign_in(served: Served, *, user: str = "ana", password: str = PASSWORD, proof: str = "") -> commands.SignIn:
    return commands.SignIn(user, password, proof or code(served.clock.now()))


WRONG = {
    "user": lambda served: _sign_in(served, user="nobody"),
    "password": lambda served: _sign_in(served, password="a wrong password"),
    "code": lambda served: _sign_in(served, proof="000000"),
    "user and password": lambda served: _sign_in(served, user="nobody", password="a wrong password"),
    "all": lambda served: _sign_in(served, user="nobody", password="a wrong password", proof="x"),
    "closed account": lambda served: _sign_in(served, user="gone"),
    "code of yesterday": lambda served: _sign_in(served, proof=code(served.clock.now() - timedelta(days=1))),
    "password far too long": lambda served: _sign_in(served, password="x" * 10_000),
}


@contextmanager
def _verifications() -> Iterator[list[tuple[int, int, int]]]:
    """Watch what argon2 is asked to verify in threads that begin from now on: memory, passes and lanes of each."""
    seen: list[tuple[int, int, int]] = []

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code is argon2.PasswordHasher.verify.__code__:
            cost = argon2.extract_parameters(frame.f_locals["hash"].decode())
            seen.append((cost.memory_cost, cost.time_cost, cost.parallelism))

    threading.setprofile(watch)
    try:
        yield seen
    finally:
        threading.setprofile(None)


@pytest.mark.parametrize("wrong", WRONG)
@on_a_loop
async def test_whatever_was_wrong_the_answer_is_the_same_after_the_same_work(tmp_path: Path, wrong: str) -> None:
    """One verification of the same cost, whichever proof was wrong and whether or not there is such a user."""
    people = (("ana", "agent"), ("gone", "agent"), ("ada", "admin"))
    with _verifications() as verified:
        async with serve(tmp_path, people=people) as served:
            await (await served.caller()).ask(commands.DisableUser("gone"))

            refused = await _refused(await served.caller(), WRONG[wrong](served))

    assert refused.sentence == f"{NOBODY} (desk time 10:00:00 UTC)."
    assert len(f" !! {refused.sentence}") <= 80, "the time is what a narrow terminal must not cut"
    assert (refused.code, refused.gaps) == ("sign-in", ())
    assert verified == [(19 * 1024, 2, 1)]


@on_a_loop
async def test_all_three_right_begin_a_session_that_says_what_its_user_may_do(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")
        await ana.ask(commands.SaveDraft(number, "reply", "Dear"))
        await ana.ask(commands.SignOut())
        served.clock.move(timedelta(seconds=30))

        answer = await ana.ask(_sign_in(served, user=" ANA "))

    assert isinstance(answer, SignedIn)
    assert (answer.login, answer.role, answer.idle_seconds, answer.must_change) == ("ana", "agent", 900, False)
    assert answer.drafts == ("1-3",)
    assert [(brand, name.line()) for brand, name in answer.brands] == [("ecolab", "Eco Lab Supply")]
    assert "reply" in answer.permits
    assert "manage_users" not in answer.permits


@on_a_loop
async def test_a2_a_code_that_was_used_is_refused_after_a_restart(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await served.sign_in("ana")
        at, paths = served.clock.now(), served.paths
    async with serve(tmp_path, paths=paths, at=at) as again:
        refused = await _refused(await again.caller(), _sign_in(again))

    assert refused.code == "sign-in"


@on_a_loop
async def test_from_the_fifth_failure_on_a_name_waits_whether_it_exists_or_not(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        caller = await served.caller()
        codes: dict[str, list[str]] = {"ana": [], "nobody": []}
        for user, seen in codes.items():
            for _ in range(6):
                seen.append((await _refused(caller, _sign_in(served, user=user, password="wrong"))).code)
        right = await _refused(caller, _sign_in(served))
        served.clock.move(timedelta(seconds=31))
        answer = await caller.ask(_sign_in(served))

    assert codes["ana"] == codes["nobody"] == ["sign-in"] * 5 + ["wait"]
    assert right.sentence.startswith("Too many failed sign-ins for this name. Try again in ")
    assert isinstance(answer, SignedIn)


@on_a_loop
async def test_a3_the_fiftieth_wrong_code_turns_the_factor_off_until_a_supervisor_resets_it(tmp_path: Path) -> None:
    """PROMISES A3; only somebody who has the password can get that far."""
    async with serve(tmp_path) as served:
        caller, sam = await served.caller(), await served.sign_in("sam")
        for _ in range(50):
            served.clock.move(timedelta(hours=1, seconds=1))
            await _refused(caller, _sign_in(served, proof="000000"))
        served.clock.move(timedelta(hours=2))
        off = await _refused(caller, _sign_in(served))
        listed = await sam.ask(queries.ReadUsers())
        await served.prove(sam)
        reset = await sam.ask(commands.ResetTotp("ana"))
        served.clock.move(timedelta(hours=2))
        offered = await caller.ask(commands.SignIn("ana", reset.secret))
        failures = await scalar(served, "SELECT count(*) FROM event WHERE kind = 'user.factor_off'")

    assert off.code == "disabled"
    assert {row.login: row.factor for row in listed.rows}["ana"] == "off"
    assert isinstance(offered, Enrolling)
    assert failures == 1


@on_a_loop
async def test_a3_a_stranger_without_the_password_cannot_burn_a_colleague_s_factor(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        caller = await served.caller()
        for _ in range(60):
            served.clock.move(timedelta(hours=1, seconds=1))
            await _refused(caller, _sign_in(served, password="wrong", proof="000000"))
        served.clock.move(timedelta(hours=1, seconds=1))

        answer = await caller.ask(_sign_in(served))

    assert isinstance(answer, SignedIn)


async def _enrol(served: Served, caller: Caller, login: str = "new") -> tuple[str, Enrolled]:
    host = await served.caller()
    added = await host.ask(commands.AddUser(login, login.title(), "agent"))
    offered = await caller.ask(commands.SignIn(login, added.secret))
    assert isinstance(offered, Enrolling)
    seed = _seed(offered)
    bound = await caller.ask(commands.ConfirmEnrolment(code_at(seed, served.clock.now())))
    assert isinstance(bound, Enrolled)
    return added.secret, bound


def _seed(offered: Enrolling) -> bytes:
    return base64.b32decode(offered.seed_text.replace(" ", ""))


@on_a_loop
async def test_the_first_sign_in_binds_an_authenticator_and_asks_its_code_once(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        caller = await served.caller()
        host = await served.caller()
        added = await host.ask(commands.AddUser("new", "New", "agent"))
        offered = await caller.ask(commands.SignIn("new", added.secret))
        wrong = await _refused(caller, commands.ConfirmEnrolment("000000"))
        before = await _refused(caller, commands.TakeNext())  # type: ignore[arg-type]
        bound = await caller.ask(commands.ConfirmEnrolment(code_at(_seed(offered), served.clock.now())))
        again = await _refused(caller, commands.ConfirmEnrolment(code_at(_seed(offered), served.clock.now())))

    assert offered.uri.startswith("otpauth://totp/")
    assert len(offered.qr) <= 23
    assert "Is the phone's clock right?" in wrong.sentence
    assert before.code == "sign-in"
    assert (len(bound.codes), bound.signed_in.login, bound.signed_in.must_change) == (10, "new", True)
    assert "no two-factor set-up going on" in again.sentence


@on_a_loop
async def test_an_account_closed_during_its_set_up_is_not_let_in(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        caller, host = await served.caller(), await served.caller()
        added = await host.ask(commands.AddUser("new", "New", "agent"))
        offered = await caller.ask(commands.SignIn("new", added.secret))
        await host.ask(commands.DisableUser("new"))

        refused = await _refused(caller, commands.ConfirmEnrolment(code_at(_seed(offered), served.clock.now())))

    assert refused.code == "sign-in"


@on_a_loop
async def test_a_recovery_code_stands_in_for_a_code_once(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        caller = await served.caller()
        secret, bound = await _enrol(served, caller)
        await caller.ask(commands.ChangePassword(secret, PASSWORD))
        await caller.ask(commands.SignOut())
        proof = commands.SignIn("new", PASSWORD, bound.codes[0].lower(), recovery=True)

        first = await caller.ask(proof)
        await caller.ask(commands.SignOut())
        second = await _refused(caller, proof)
        third = await caller.ask(commands.SignIn("new", PASSWORD, bound.codes[1], recovery=True))

    assert isinstance(first, SignedIn)
    assert second.code == "sign-in"
    assert isinstance(third, SignedIn)


@on_a_loop
async def test_changing_the_password_ends_the_user_s_other_sessions_and_keeps_this_one(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        here, there = await served.sign_in("ana"), await served.sign_in("ana")

        await here.ask(commands.ChangePassword(PASSWORD, "another quiet horse"))
        ended = await there.hears(Ended)
        still = await here.ask(queries.ReadQueue())

    assert ended.reason == "the password was changed"
    assert still.page.rows == ()


@on_a_loop
async def test_closing_an_account_ends_its_session_at_once(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ana, host = await served.sign_in("ana"), await served.caller()

        await host.ask(commands.DisableUser("ana"))
        ended = await ana.hears(Ended)
        refused = await _refused(ana, queries.ReadQueue())  # type: ignore[arg-type]

    assert ended.reason == "the account was closed"
    assert refused.code == "sign-in"


@on_a_loop
async def test_the_last_administrator_cannot_be_closed(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        refused = await _refused(await served.caller(), commands.DisableUser("ada"))

    assert "last administrator" in refused.sentence


@on_a_loop
async def test_a_lock_opens_by_the_password_and_by_nothing_else(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")
        await ana.ask(commands.Lock())
        told = await ana.hears(Locked)
        wrong = await _refused(ana, commands.Unlock("wrong"))
        await ana.ask(commands.Unlock(PASSWORD))
        page = await ana.ask(queries.ReadQueue())

    assert (told.reason, told.code_needed) == ("locked by you", False)
    assert wrong.sentence == "Still locked: the password is wrong."
    assert page.page.view == "mine"


@on_a_loop
async def test_a_lock_asks_for_the_code_too_when_it_was_given_long_ago(tmp_path: Path) -> None:
    limits = Limits(code_after=timedelta(0))
    async with serve(tmp_path, limits=limits) as served:
        ana = await served.sign_in("ana")
        await ana.ask(commands.Lock())
        told = await ana.hears(Locked)
        without = await _refused(ana, commands.Unlock(PASSWORD))
        used = await _refused(ana, commands.Unlock(PASSWORD, code(served.clock.now())))
        served.clock.move(timedelta(seconds=30))
        await ana.ask(commands.Unlock(PASSWORD, code(served.clock.now())))
        page = await ana.ask(queries.ReadQueue())

    assert told.code_needed is True
    assert (without.code, used.code) == ("sign-in", "sign-in")
    assert page.page.view == "mine"


@on_a_loop
async def test_a_session_without_a_key_is_locked_by_the_server_and_one_with_keys_is_not(tmp_path: Path) -> None:
    async with serve(tmp_path, limits=Limits(idle=timedelta(seconds=3))) as served:
        idle, busy = await served.sign_in("ana"), await served.sign_in("sam")

        async def type_on() -> None:
            while True:
                await busy.ask(commands.StillHere())
                await asyncio.sleep(0.2)

        typing = asyncio.create_task(type_on())
        told = await idle.hears(Locked)
        typing.cancel()
        refused = await _refused(idle, queries.ReadQueue())  # type: ignore[arg-type]

    assert told.reason == "3 seconds without a key"
    assert refused.code == "locked"
    assert not [one for one in busy.told if isinstance(one, Locked)]


@on_a_loop
async def test_a_session_ends_when_it_is_too_old_also_while_it_is_locked(tmp_path: Path) -> None:
    async with serve(tmp_path, limits=Limits(absolute=timedelta(seconds=0.1))) as served:
        ana = await served.sign_in("ana")
        await ana.ask(commands.Lock())

        ended = await ana.hears(Ended)
        reason = await scalar(served, "SELECT end_reason FROM session")
        refused = await _refused(ana, commands.Unlock(PASSWORD))

    assert ended.reason == "This session is 0.1 seconds old: sign in again."
    assert reason == "0.1 seconds have passed"
    assert refused.code == "sign-in"


def test_the_limits_are_those_that_were_promised() -> None:
    assert Limits() == Limits(timedelta(minutes=15), timedelta(hours=12), timedelta(hours=1))


@on_a_loop
async def test_a_lost_link_ends_the_session_at_once(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")

        await ana.client.close()

        async def ended() -> bool:
            return bool(await scalar(served, "SELECT count(*) FROM session WHERE end_reason = 'the connection ended'"))

        await _eventually(ended)
        with pytest.raises(LinkLost):
            await ana.ask(queries.ReadQueue())


async def _eventually(holds: Callable[[], object]) -> None:
    for _ in range(500):
        if await holds():  # type: ignore[misc]
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never held")


@on_a_loop
async def test_sessions_that_a_dead_server_left_open_are_ended_by_the_next_one(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await served.sign_in("ana")
        paths, at = served.paths, served.clock.now()
        shutil.copytree(paths.home, tmp_path / "killed", ignore=shutil.ignore_patterns("*.sock", "*.lock"))
    killed = replace(paths, home=tmp_path / "killed", socket=tmp_path / "killed" / "server.sock")
    async with serve(tmp_path, paths=killed, at=at) as again:
        reasons = await scalar(again, "SELECT group_concat(end_reason) FROM session")

    assert reasons == "the server was started anew"
