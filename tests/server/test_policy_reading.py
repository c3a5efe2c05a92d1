"""Policies over the socket: told at the sign-in, read, accepted by a code, and held against new work."""

from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.wire.commands import Take, TakeNext
from agentconsole.wire.frames import SignedIn
from agentconsole.wire.policy_reading import (
    AcceptPolicy,
    ReadAcceptances,
    ReadClauses,
    ReadMyPolicies,
    ReadSuggestions,
    SettleSuggestion,
    Suggest,
)
from agentconsole.wire.queries import ExplainClock
from tests.desk_bench import PASSWORD, code
from tests.server_bench import Caller, Served, SignIn, on_a_loop, scalar, serve

TWO_WEEKS = timedelta(days=14)
NOW = 10_000


async def _signed_in(served: Served, login: str) -> SignedIn:
    caller = await served.caller()
    served.clock.move(timedelta(seconds=30))
    answer = await caller.ask(SignIn(login, PASSWORD, code(served.clock.now())))
    assert isinstance(answer, SignedIn)
    return answer


async def _accept(served: Served, caller: Caller, version: int = 1) -> str:
    served.clock.move(timedelta(seconds=30))
    done = await caller.ask(AcceptPolicy("ecolab", version, code(served.clock.now())))
    return str(done.said.line())


@on_a_loop
async def test_a_sign_in_tells_of_what_is_to_be_accepted_until_it_is(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        first = await _signed_in(served, "ana")
        of_admin = await _signed_in(served, "ada")
        served.clock.move(TWO_WEEKS)
        late = await _signed_in(served, "ana")
        said = await _accept(served, await served.sign_in("ana"))
        after = await _signed_in(served, "ana")
        served.clock.move(timedelta(days=100))
        again = await _signed_in(served, "ana")

    due = "Read version 1 of the policy ecolab and accept it by Mon 7 Dec: g y shows it."
    assert (first.to_read, first.notes) == (1, (due,))
    assert (of_admin.to_read, [note for note in of_admin.notes if "accept" in note]) == (0, [])
    assert late.notes == ("No new work for you before you accept version 1 of the policy ecolab: g y shows it.",)
    assert said == "Version 1 of the policy ecolab is accepted."
    assert (after.to_read, after.notes) == (0, ())
    assert again.notes == ("It is time to read version 1 of the policy ecolab again: g y shows it.",)


@on_a_loop
async def test_supervisors_are_told_at_the_sign_in_who_is_late(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await _signed_in(served, "ana")
        mara, sam = await served.sign_in("mara"), await served.sign_in("sam")
        before = await _signed_in(served, "mara")
        await _accept(served, sam)
        await _accept(served, mara)
        served.clock.move(TWO_WEEKS)
        one = await _signed_in(served, "mara")
        of_agent = await _signed_in(served, "ana")
        served.clock.move(timedelta(days=90))
        several = await _signed_in(served, "mara")

    assert [note for note in before.notes if "late" in note] == []
    assert one.notes[0] == "ana is late with accepting or reading again a policy: g y shows who."
    assert [note for note in of_agent.notes if "late" in note] == []
    assert several.notes[1] == "ana and 1 more are late with accepting or reading again a policy: g y shows who."
    assert several.to_read == 1


@on_a_loop
async def test_new_work_is_refused_over_the_socket_until_the_code_was_given(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        await _signed_in(served, "ana")
        served.clock.move(TWO_WEEKS)
        ana = await served.sign_in("ana")
        with pytest.raises(Refused, match="First accept version 1 of the policy ecolab"):
            await ana.ask(Take(number, NOW))
        with pytest.raises(Refused, match="Not accepted: that is not your code now") as wrong:
            await ana.ask(AcceptPolicy("ecolab", 1, "000000"))
        await _accept(served, ana)
        done = await ana.ask(TakeNext())
        accepted = await scalar(served, "SELECT count(*) FROM event WHERE kind = 'policy.accepted'")

    assert wrong.value.code == "code"
    assert (done.ticket, accepted) == (number, 1)


@on_a_loop
async def test_who_may_see_who_accepted_and_whose_suggestions(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ana, mara, host = await served.sign_in("ana"), await served.sign_in("mara"), await served.caller()
        await ana.ask(Suggest("ecolab", "2.5", "Twelve hours would do."))
        await mara.ask(Suggest("ecolab", "2.1", "Four rings."))
        with pytest.raises(Refused, match="Only a supervisor, a manager or an admin may see who accepted"):
            await ana.ask(ReadAcceptances())
        of_ana = [row.number for row in (await ana.ask(ReadSuggestions())).rows]
        of_mara = [row.number for row in (await mara.ask(ReadSuggestions())).rows]
        settled = await host.ask(SettleSuggestion(1, "declined", "Too dear."))
        told = (await ana.ask(ReadSuggestions())).rows[0]
        rows = (await host.ask(ReadAcceptances())).rows
        policies = (await host.ask(ReadMyPolicies())).rows
        with pytest.raises(Refused, match="Sign in first"):
            await host.ask(Suggest("ecolab", "2.5", "Mine."))

    assert (of_ana, of_mara) == ([1], [2, 1])
    assert settled.said.line() == "Suggestion 1 is declined; its author reads why."
    assert (told.disposition, told.reason.line()) == ("declined", "Too dear.")
    assert [(row.login, row.late) for row in rows] == [("ana", False), ("mara", False), ("sam", False)]
    assert [(row.pack, row.until) for row in policies] == [("ecolab", None)]


@on_a_loop
async def test_a_clock_s_explanation_names_the_clause_that_the_policy_then_shows(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")
        why = (await ana.ask(ExplainClock(number))).why
        text = await ana.ask(ReadClauses(why.pack, why.version))

    assert (why.pack, why.version, why.clause) == ("ecolab", 1, "2.5")
    assert [row.quote.line() for row in text.clauses if row.id == why.clause] != []
