"""PROMISES 3, C1 with two servers: agents of both claim as fast as they can; no case has two owners, none is left."""

import asyncio
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.wire import commands
from tests.server.several import serve_several
from tests.server_bench import Caller, on_a_loop, scalar
from tests.torture.test_c1_claims import NOW, claims, fill

AGENTS = tuple(f"agent{number:02}" for number in range(6))
PEOPLE = tuple((login, "agent") for login in AGENTS)


@pytest.mark.parametrize(
    "each", [10, pytest.param(500, marks=[pytest.mark.long, pytest.mark.timeout(1800)])], ids=["short", "full"]
)
@on_a_loop
async def test_c1_no_case_is_claimed_twice_through_two_servers(tmp_path: Path, each: int) -> None:
    async with serve_several(tmp_path, people=PEOPLE) as servers:
        await fill(servers[0], len(AGENTS) * each)
        callers = [await servers[at % 2].sign_in(login) for at, login in enumerate(AGENTS)]

        claimed = await asyncio.gather(*(claims(caller, each) for caller in callers))
        owned = await scalar(
            servers[1], "SELECT count(*) FROM ticket WHERE owner_id IS NOT NULL AND status = 'resolved'"
        )
        kept = await scalar(servers[0], "SELECT count(*) FROM event WHERE kind = 'ticket.owner'")

    numbers = sorted(number for taken in claimed for number in taken)
    assert numbers == list(range(1, len(AGENTS) * each + 1))
    assert (owned, kept) == (len(numbers), len(numbers))


@on_a_loop
async def test_c1_a_request_that_is_asked_again_on_the_other_server_is_done_once(tmp_path: Path) -> None:
    """As a console does that lost its server before it heard the answer."""
    async with serve_several(tmp_path, people=PEOPLE) as (one, two):
        number = await one.ticket()
        here, there = await one.sign_in(AGENTS[0]), await two.sign_in(AGENTS[0])
        ask = commands.AddNote(number, "Called her back.")

        answers = await asyncio.gather(*(caller.ask(ask, request="the same") for caller in (here, there, here, there)))
        notes = await scalar(two, "SELECT count(*) FROM contact WHERE kind = 'note'")

    assert len(set(answers)) == 1
    assert notes == 1


@on_a_loop
async def test_c1_of_two_who_take_one_case_through_two_servers_one_has_it(tmp_path: Path) -> None:
    async with serve_several(tmp_path, people=PEOPLE) as servers:
        callers: list[Caller] = [await servers[at % 2].sign_in(login) for at, login in enumerate(AGENTS)]
        for turn in range(3):
            number = await servers[turn % 2].ticket(subject=f"case {turn}")
            answers = await asyncio.gather(
                *(caller.ask(commands.Take(number, NOW)) for caller in callers), return_exceptions=True
            )
            assert [isinstance(answer, Refused) for answer in answers].count(False) == 1
