"""Queries over the socket: what each of them answers, and what it says where there is nothing to answer."""

from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.wire import commands, queries
from agentconsole.wire.query import Query
from tests.desk_bench import MONDAY
from tests.server_bench import on_a_loop, serve


@on_a_loop
async def test_a_clock_is_explained_by_its_arithmetic(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")

        deciding = (await ana.ask(queries.ExplainClock(number))).why
        named = (await ana.ask(queries.ExplainClock(number, "email-first"))).why
        none = (await ana.ask(queries.ExplainClock(number, "no such standard"))).why

    assert deciding == named
    assert deciding.title == "case 1-3"
    assert any("Customer Care 2.5" in line.line() for line in deciding.lines)
    assert [line.line() for line in none.lines] == ["No promise runs on case 1-3."]


@pytest.mark.parametrize("query", [queries.ReadCase(99), queries.ExplainClock(99)], ids=["case", "clock"])
@on_a_loop
async def test_a_case_that_does_not_exist_is_said_not_to(tmp_path: Path, query: Query) -> None:
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")

        with pytest.raises(Refused, match="There is no case 99"):
            await ana.ask(query)


@on_a_loop
async def test_people_are_shown_with_what_they_carry_and_whether_they_are_here(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")
        await ana.ask(commands.Take(number, 99))

        rows = {row.login: row for row in (await ana.ask(queries.ReadPeople())).rows}

    assert {login: (row.open, row.online) for login, row in rows.items()} == {
        "ana": (1, True),
        "mara": (0, False),
        "sam": (0, False),
    }


@on_a_loop
async def test_a_case_is_shown_whole_and_as_of_the_desk_s_time(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket("Rosa Prado <rosa@example.org>", "Where is my order?")
        ana = await served.sign_in("ana")
        await ana.ask(commands.Wait(number, 99, MONDAY + timedelta(hours=3), "a call"))

        case = (await ana.ask(queries.ReadCase(number))).case

    assert (case.number, case.status, case.owner) == ("1-3", "waiting", "ana")
    assert case.subject.line() == "Where is my order?"
    assert (case.customer.name.line(), case.customer.email.line()) == ("Rosa Prado", "rosa@example.org")
    assert case.customer.tickets == 1
    assert {clock.kind for clock in case.clocks if clock.due_at is not None} >= {"first_response", "promise"}
    assert case.as_of == served.clock.now()
    assert "reopen" in case.allowed


@on_a_loop
async def test_templates_are_those_that_ship(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")

        rows = (await ana.ask(queries.ReadTemplates())).rows

    assert rows
    assert len({(row.abbr, row.brand, row.language) for row in rows}) == len(rows)
    assert all(row.text.lines().strip() and row.title.line() for row in rows)


@on_a_loop
async def test_users_are_listed_with_the_state_of_their_second_factor(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        host = await served.caller()
        await host.ask(commands.AddUser("new", "New", "agent"))
        await host.ask(commands.DisableUser("mara"))

        rows = {row.login: row for row in (await host.ask(queries.ReadUsers())).rows}

    assert {login: row.factor for login, row in rows.items()} == {
        "ada": "enrolled",
        "ana": "enrolled",
        "mara": "enrolled",
        "new": "waiting",
        "sam": "enrolled",
    }
    assert [login for login, row in rows.items() if row.disabled] == ["mara"]
