"""Before a sign-in: what one account may hold, what all may hold together, and that silence ends."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.security.peer import Peer
from agentconsole.server.sessions import Live
from agentconsole.server.strangers import FULL, LONGEST_SECONDS, MOST, MOST_OF_ACCOUNT, surplus
from agentconsole.wire.client import Client, LinkLost
from agentconsole.wire.commands import SignIn
from agentconsole.wire.frames import SignedIn
from tests.desk_bench import PASSWORD, code
from tests.server_bench import for_strangers, on_a_loop, serve, until

ANA, BO = 2001, 2002


def _live(uid: int, began: float = 0.0, **more: Any) -> Live:
    return Live(cast("asyncio.StreamWriter", None), Peer(1, uid, uid), began=began, **more)


def _crowd(uid: int, number: int) -> set[Live]:
    return {_live(uid, began=float(at)) for at in range(number)}


@pytest.mark.parametrize(
    ("situation", "waiting", "newcomer", "gone"),
    [
        ("nobody else", set(), _live(ANA), None),
        ("a colleague's account is full", _crowd(BO, MOST_OF_ACCOUNT), _live(ANA), None),
        ("one below her share", _crowd(ANA, MOST_OF_ACCOUNT - 1), _live(ANA), None),
        ("her account is full", _crowd(ANA, MOST_OF_ACCOUNT), _live(ANA), "newcomer"),
        (
            "her account is full and this one is the host's",
            _crowd(ANA, MOST_OF_ACCOUNT),
            _live(ANA, of_host=True),
            None,
        ),
        ("those who are signed in count not", {_live(ANA, user_id=1) for _ in range(MOST)}, _live(ANA), None),
        ("the host's own count not", {_live(0, of_host=True) for _ in range(MOST)}, _live(ANA), None),
        ("all are too many", set().union(*(_crowd(9000 + at, 64) for at in range(4))), _live(ANA), "oldest"),
        ("as many accounts as there is room", {_live(9000 + at) for at in range(MOST)}, _live(ANA), "newcomer"),
    ],
)
def test_who_has_to_go(situation: str, waiting: set[Live], newcomer: Live, gone: str | None) -> None:
    found = surplus(newcomer, waiting)

    who = None if found is None else "newcomer" if found is newcomer else "oldest" if found.began == 0 else "another"
    assert who == gone, situation


def test_who_is_in_the_middle_of_an_enrolment_goes_last() -> None:
    crowd = set().union(*(_crowd(9000 + at, 64) for at in range(4)))
    for one in crowd:
        one.enrolling = 7 if one.began == 0 else None

    found = surplus(_live(ANA), crowd)

    assert found is not None
    assert found.began == 1


@on_a_loop
async def test_an_account_that_holds_its_share_is_told_so_and_a_place_that_is_left_is_free(tmp_path: Path) -> None:
    async with serve(tmp_path) as served, for_strangers(served, tmp_path) as path:
        held = [await Client.connect(path) for _ in range(MOST_OF_ACCOUNT)]
        with pytest.raises(Refused) as refused:
            await Client.connect(path)
        host = await served.sign_in("sam")
        await held.pop().close()
        await until(lambda: len(served.server.sessions.live) == MOST_OF_ACCOUNT)
        ana = await Client.connect(path)
        answer = await ana.ask(SignIn("ana", PASSWORD, code(served.clock.now())))
        for client in (*held, ana):
            await client.close()

    assert refused.value.sentence == FULL
    assert isinstance(answer, SignedIn)
    assert host.client.welcome.protocol == 1


@on_a_loop
async def test_who_is_silent_before_the_sign_in_is_let_go_and_who_tries_is_not(tmp_path: Path) -> None:
    async with serve(tmp_path) as served, for_strangers(served, tmp_path) as path:
        live = served.server.sessions.live
        host = await served.caller()
        silent, tries, signed_in = [await Client.connect(path) for _ in range(3)]
        await signed_in.ask(SignIn("ana", PASSWORD, code(served.clock.now())))
        for one in live:
            one.last_key -= LONGEST_SECONDS + 1 if not one.signed_in else 0
        with pytest.raises(Refused):
            await tries.ask(SignIn("bo", "wrong", "000000"))
        lost = asyncio.Event()
        silent.lost = lost.set

        await asyncio.wait_for(lost.wait(), 10)
        left = len(live)
        for client in (tries, signed_in):
            await client.close()

    assert left == 3
    assert host.client.welcome.protocol == 1
    with pytest.raises(LinkLost):
        await silent.ask(SignIn("bo", "wrong", "000000"))
