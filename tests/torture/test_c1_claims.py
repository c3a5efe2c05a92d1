"""PROMISES 3, C1: 32 agents claim over their sockets as fast as they can; no case has two owners, none is left."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.services.intake import open_ticket
from agentconsole.services.tickets import find_ticket
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.transaction import DESK, Tx
from agentconsole.wire import commands
from tests.server_bench import Caller, Served, on_a_loop, scalar, serve

AGENTS = tuple(f"agent{number:02}" for number in range(32))
AT_ONCE = 200
NOW = 1 << 30


def _copies(tx: Tx, number: int) -> None:
    first = find_ticket(tx, 1)
    customer = tx.session.get_one(Customer, first.customer_id)
    for _ in range(number):
        open_ticket(tx, "ecolab", first.channel, customer, "Where is my order?")


async def fill(served: Served, cases: int) -> None:
    """Have so many cases that nobody owns."""
    await served.ticket()
    for made in range(1, cases, AT_ONCE):
        number = min(AT_ONCE, cases - made)
        await asyncio.wrap_future(served.desk.writer.submit(DESK, lambda tx, n=number: _copies(tx, n)))  # type: ignore[misc]


async def claims(caller: Caller, each: int) -> list[int]:
    """Take the next case and end it, so often; what is mine already would else be given to me again."""
    taken = []
    for _ in range(each):
        claimed = await caller.ask(commands.TakeNext())
        assert claimed.ticket is not None
        taken.append(claimed.ticket)
        await caller.ask(commands.Resolve(claimed.ticket, claimed.version))
    return taken


async def _agents(served: Served) -> Sequence[Caller]:
    return [await served.sign_in(login) for login in AGENTS]


@pytest.mark.parametrize(
    "each", [100, pytest.param(1_000, marks=[pytest.mark.long, pytest.mark.timeout(1800)])], ids=["short", "full"]
)
@on_a_loop
async def test_no_case_is_claimed_twice(tmp_path: Path, each: int) -> None:
    async with serve(tmp_path, people=[(login, "agent") for login in AGENTS]) as served:
        await fill(served, len(AGENTS) * each)
        callers = await _agents(served)

        claimed = await asyncio.gather(*(claims(caller, each) for caller in callers))
        owners = await scalar(served, "SELECT count(*) FROM ticket WHERE owner_id IS NOT NULL AND status = 'resolved'")
        kept = await scalar(served, "SELECT count(*) FROM event WHERE kind = 'ticket.owner'")

    numbers = sorted(number for taken in claimed for number in taken)
    assert numbers == list(range(1, len(AGENTS) * each + 1))
    assert (owners, kept) == (len(numbers), len(numbers))


@on_a_loop
async def test_of_all_who_take_or_hand_over_one_case_at_once_one_has_it_and_the_others_are_told(tmp_path: Path) -> None:
    async with serve(tmp_path, people=[(login, "agent") for login in AGENTS]) as served:
        callers = await _agents(served)
        for turn in range(5):
            number = await served.ticket(subject=f"case {turn}")
            seen = await scalar(served, f"SELECT version FROM ticket WHERE id = {number}")
            asked = [
                commands.Take(number, seen) if at % 2 else commands.Assign(number, seen, AGENTS[at])
                for at in range(len(AGENTS))
            ]
            answers = await asyncio.gather(
                *(caller.ask(body) for caller, body in zip(callers, asked, strict=True)), return_exceptions=True
            )
            refusals = [one for one in answers if isinstance(one, Refused)]
            owner = await scalar(
                served, f"SELECT u.login FROM ticket t JOIN user u ON u.id = t.owner_id WHERE t.id = {number}"
            )
            (winner,) = [at for at, one in enumerate(answers) if not isinstance(one, BaseException)]

            assert owner == AGENTS[winner]
            assert len(refusals) == len(AGENTS) - 1
            assert all(f"{owner} has case" in one.sentence or "moved on" in one.sentence for one in refusals)
