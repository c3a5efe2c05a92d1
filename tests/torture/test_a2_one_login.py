"""PROMISES 16, A2: a code is good for one sign-in, however many ask at one instant, of however many servers."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.config.clock import SetClock
from agentconsole.domain.errors import Refused
from agentconsole.security.totp import STEP
from agentconsole.server.desk import OpenDesk
from agentconsole.services import signin
from agentconsole.storage.transaction import Actor
from agentconsole.wire.client import Client
from agentconsole.wire.commands import SignIn
from tests.desk_bench import MONDAY, PASSWORD, code, master, open_bench
from tests.server_bench import on_a_loop, serve
from tests.torture.rivals import compete, nursery

RIVALS = 8


def _complete(desk: OpenDesk, clock: SetClock, number: int) -> str:
    """Sign in with the code of this round; the password was found right before."""
    clock.move(STEP)
    shown = code(MONDAY + (number + 1) * STEP)
    done = desk.writer.run(
        Actor(login="ana"),
        lambda tx: signin.complete(tx, desk.context, "ana", password_right=True, code=shown, recovery=False),
    )
    return "in" if isinstance(done, signin.SignedInSession) else "refused"


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("rounds", [20, pytest.param(1_000, marks=pytest.mark.long)])
def test_a2_of_eight_servers_of_one_database_one_lets_a_code_in(tmp_path: Path, database: str, rounds: int) -> None:
    with open_bench(tmp_path, database=database) as bench:
        answers = compete(bench.desk.paths.home, master(), MONDAY, _complete, rivals=RIVALS, rounds=rounds)
        sessions = bench.scalar("SELECT count(*) FROM session")

    assert [each.count("in") for each in answers] == [1] * rounds
    assert sessions == rounds


def _ask(socket: Path, shown: str) -> str:
    async def ask() -> str:
        client = await Client.connect(socket)
        try:
            await client.ask(SignIn("ana", PASSWORD, shown))
        except Refused as refused:
            return refused.code
        finally:
            await client.close()
        return "in"

    return asyncio.run(ask())


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("rounds", [3, pytest.param(1_000, marks=pytest.mark.long)])
@on_a_loop
async def test_a2_of_eight_processes_at_one_socket_one_is_let_in(tmp_path: Path, rounds: int) -> None:
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(RIVALS, nursery()) as pool:
        async with serve(tmp_path) as served:
            for _ in range(rounds):
                # So long a wait, and a sign-in that ends the row of refusals, that all eight are judged by their code.
                served.clock.move(timedelta(hours=1))
                await (await served.sign_in("ana")).client.close()
                served.clock.move(STEP)
                asked = (served.paths.socket, code(served.clock.now()))
                answers = await asyncio.gather(*(loop.run_in_executor(pool, _ask, *asked) for _ in range(RIVALS)))
                assert answers.count("in") == 1
                assert set(answers) - {"wait"} == {"in", "sign-in"}
