"""Handing out cases: the queue's order, a late one after four others, and never the same case to two people."""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.server.dispatch import carry_out
from agentconsole.services.intake import open_ticket
from agentconsole.services.lifecycle import resolve
from agentconsole.services.ownership import take_next
from agentconsole.services.tickets import find_ticket
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.transaction import Tx
from agentconsole.wire import commands as wire
from agentconsole.wire.frames import Done
from tests.desk_bench import Bench

NOW = 10_000


def _next(bench: Bench, login: str = "ana") -> int | None:
    return bench.do(login, wire.TakeNext()).ticket


def _cases(bench: Bench, number: int) -> list[int]:
    return [bench.ticket(f"c{n}@example.org", f"case {n}") for n in range(number)]


@pytest.mark.parametrize(("agents", "each"), [(32, 4), pytest.param(32, 40, marks=pytest.mark.long)])
def test_nobody_is_handed_a_case_that_somebody_else_has(bench: Bench, agents: int, each: int) -> None:
    """PROMISES C1: all agents claim at once, from threads of their own."""
    cases = _cases(bench, 40)
    for number in range(len(cases), agents * each):
        bench.write(lambda tx, n=number: _copy(tx, n + 1))  # type: ignore[misc]
    actors = []
    for number in range(agents):
        bench.user(f"agent{number:02}")
        actors.append(bench.actor(f"agent{number:02}"))

    def claim(index: int) -> list[int]:
        taken = []
        for _ in range(each):
            ticket = bench.desk.writer.run(actors[index], lambda tx: take_next(tx))
            assert ticket is not None
            taken.append(ticket.id or 0)
            bench.desk.writer.run(actors[index], lambda tx, t=ticket: _done(tx, t.id or 0))  # type: ignore[misc]
        return taken

    with ThreadPoolExecutor(agents) as pool:
        claimed: list[Future[list[int]]] = [pool.submit(claim, index) for index in range(agents)]
        numbers = [number for future in claimed for number in future.result(110)]

    assert sorted(numbers) == list(range(1, agents * each + 1))


def _copy(tx: Tx, number: int) -> None:
    first = find_ticket(tx, 1)
    open_ticket(tx, "ecolab", first.channel, tx.session.get_one(Customer, first.customer_id), f"case {number}")


def _done(tx: Tx, number: int) -> None:
    resolve(tx, number, NOW, "")


def test_one_case_is_taken_by_one_of_many_and_the_others_are_told_who_has_it(bench: Bench) -> None:
    bench.ticket()
    for number in range(8):
        bench.user(f"agent{number}")
    seen = bench.row(1).version

    async def all_at_once() -> list[Done | BaseException]:
        actors = [bench.actor(f"agent{number}") for number in range(8)]
        return await asyncio.gather(
            *(carry_out(bench.desk, actor, actor.role, wire.Take(1, seen), "") for actor in actors if actor.role),
            return_exceptions=True,
        )

    outcomes = asyncio.run(all_at_once())

    assert len([outcome for outcome in outcomes if isinstance(outcome, Done)]) == 1
    refusals = [outcome.sentence for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refusals) == 7
    assert {sentence.split()[1] for sentence in refusals} == {"has"}


def test_cases_are_handed_out_by_when_they_are_due(bench: Bench) -> None:
    first = bench.ticket()
    bench.move(hours=1)
    second = bench.ticket("bo@example.org", "second")

    assert [_next(bench), _next(bench, "sam")] == [first, second]


def test_what_is_due_goes_before_what_is_late(bench: Bench) -> None:
    late = bench.ticket()
    bench.move(hours=3)
    due = bench.ticket("bo@example.org", "second")
    bench.move(hours=23)

    tiers = {row.ticket: row.tier for row in bench.page("ana").rows}
    assert (tiers[late], tiers[due]) == ("LATE", "DUE")
    assert _next(bench) == due


def test_what_is_late_goes_before_what_has_time(bench: Bench) -> None:
    late = bench.ticket("late@example.org", "late")
    bench.move(hours=26)
    others = _cases(bench, 6)
    assert bench.row(late).tier == 2

    taken = []
    for _ in range(6):
        number = _next(bench)
        assert number is not None
        taken.append(number)
        bench.do("ana", wire.Resolve(number, NOW))

    assert taken == [late, *others[:5]]


def test_what_is_late_waits_for_four_that_are_due_and_no_more(bench: Bench) -> None:
    """UX section 10: what is broken already does not starve."""
    late = bench.ticket("late@example.org", "late")
    bench.move(hours=3)
    due = _cases(bench, 6)
    bench.move(hours=22)
    assert [bench.row(number).tier for number in (late, *due)] == [2, 1, 1, 1, 1, 1, 1]

    taken = []
    for _ in range(7):
        number = _next(bench)
        assert number is not None
        taken.append(number)
        bench.do("ana", wire.Resolve(number, NOW))

    assert taken == [*due[:4], late, *due[4:]]


def test_my_own_open_case_comes_before_a_later_one_of_nobody(bench: Bench) -> None:
    mine, other = _cases(bench, 2)
    bench.do("ana", wire.Take(mine, NOW))

    assert _next(bench) == mine
    assert _next(bench, "sam") == other


def test_a_case_whose_answer_is_leaving_is_not_handed_out(bench: Bench) -> None:
    first, second = _cases(bench, 2)
    bench.do("ana", wire.Reply(first, NOW, "Dear"))

    assert _next(bench) == second


def test_what_waits_for_the_customer_is_not_handed_out(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Which order?", then="wait"))
    bench.deliver()

    assert bench.page("ana").rows[0].tier == "WAIT"
    assert _next(bench) is None
