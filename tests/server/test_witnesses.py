"""Who lost phone and codes is reset before two others, at the host, with nobody signed in (PROMISES 6, item 7)."""

from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.wire import commands
from agentconsole.wire.commands import Proof
from agentconsole.wire.frames import Enrolling
from tests.desk_bench import PASSWORD, code
from tests.server_bench import Served, execute, on_a_loop, scalar, serve

PEOPLE = (
    *(("ana", "agent"), ("bo", "agent"), ("sam", "supervisor"), ("sue", "supervisor")),
    *(("mara", "manager"), ("ada", "admin"), ("abe", "admin")),
)


def _proof(served: Served, user: str, *, password: str = PASSWORD, given: str = "") -> Proof:
    return Proof(user, password, given or code(served.clock.now()))


async def _refusal(served: Served, login: str, first: Proof, second: Proof) -> Refused:
    with pytest.raises(Refused) as refused:
        await (await served.caller()).ask(commands.ResetByTwo(login, first, second))
    return refused.value


async def _resets(served: Served) -> tuple[int, int]:
    """Return how many resets the log has, and how many that were refused."""
    return (
        await scalar(served, "SELECT count(*) FROM event WHERE kind = 'user.factor_reset'"),
        await scalar(served, "SELECT count(*) FROM event WHERE kind = 'user.reset_refused'"),
    )


@pytest.mark.parametrize(
    ("login", "first", "second"),
    [("ana", "ada", "sam"), ("ana", "sam", "ada"), ("ana", "ada", "abe"), ("sam", "abe", "sue"), ("ada", "abe", "sam")],
)
@on_a_loop
async def test_two_people_reset_a_third(tmp_path: Path, login: str, first: str, second: str) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        host = await served.caller()
        done = await host.ask(commands.ResetByTwo(login, _proof(served, first), _proof(served, f" {second.upper()} ")))
        by = await scalar(served, "SELECT body FROM event WHERE kind = 'user.reset_witnessed'")
        answer = await host.ask(commands.SignIn(login, done.secret))

    assert by == f'{{"by":["{first}","{second}"]}}'
    assert isinstance(answer, Enrolling)


@pytest.mark.parametrize(
    ("login", "first", "second", "says"),
    [
        ("ana", "ada", "ada", "Two other people"),
        ("ada", "ada", "sam", "Two other people"),
        ("sam", "ada", "sam", "Two other people"),
        ("ana", "sam", "sue", "an administrator and a supervisor"),
        ("ana", "ada", "bo", "an administrator and a supervisor"),
        ("ana", "ada", "mara", "an administrator and a supervisor"),
        ("ana", "ada", "nobody", "of the two is wrong"),
        ("nobody", "ada", "sam", 'no user "nobody"'),
    ],
)
@on_a_loop
async def test_others_reset_nobody(tmp_path: Path, login: str, first: str, second: str, says: str) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        refused = await _refusal(served, login, _proof(served, first), _proof(served, second))

        assert says in refused.sentence
        assert (await _resets(served))[0] == 0


@pytest.mark.parametrize("wrong", ["password", "code", "spent code", "closed account", "no authenticator"])
@pytest.mark.parametrize("who", ["ada", "sam"])
@on_a_loop
async def test_both_proofs_must_be_right_and_nothing_says_which_was_not(tmp_path: Path, wrong: str, who: str) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        if wrong == "spent code":
            await served.sign_in(who)
        elif wrong == "closed account":
            await execute(served, f"UPDATE user SET disabled = 1 WHERE login = '{who}'")
        elif wrong == "no authenticator":
            await execute(served, f"DELETE FROM factor WHERE user_id = (SELECT id FROM user WHERE login = '{who}')")
        proofs = {login: _proof(served, login) for login in ("ada", "sam")}
        if wrong in ("password", "code"):
            changed = {"password": "a wrong one"} if wrong == "password" else {"given": "000000"}
            proofs[who] = _proof(served, who, **changed)
        refused = await _refusal(served, "ana", proofs["ada"], proofs["sam"])

        assert refused.sentence == "Not reset: a name, a password or a code of the two is wrong; each code works once."
        assert await _resets(served) == (0, 1)


@on_a_loop
async def test_guessing_at_a_witness_is_counted_as_at_the_sign_in(tmp_path: Path) -> None:
    async with serve(tmp_path, people=PEOPLE) as served:
        said = []
        for _ in range(6):
            refused = await _refusal(served, "ana", _proof(served, "ada", password="x"), _proof(served, "sam"))
            served.clock.move(timedelta(seconds=2))
            said.append(refused.code)

    assert said == ["sign-in"] * 5 + ["wait"]


@pytest.mark.parametrize(
    ("people", "alone"),
    [
        (PEOPLE, False),
        ((("ana", "agent"), ("ada", "admin"), ("sam", "supervisor")), False),
        ((("ana", "agent"), ("ada", "admin")), True),
        ((("ana", "agent"), ("sam", "supervisor"), ("sue", "supervisor")), True),
    ],
)
@on_a_loop
async def test_the_host_alone_resets_only_where_there_are_no_two(
    tmp_path: Path, people: tuple[tuple[str, str], ...], alone: bool
) -> None:
    async with serve(tmp_path, people=people) as served:
        host = await served.caller()
        try:
            said = (await host.ask(commands.ResetTotp("ana"))).said.line()
        except Refused as refused:
            said = refused.code

    assert (said != "two") is alone
