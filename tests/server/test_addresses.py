"""The allow-list over the socket: live sessions end, sudo mode asks, the host breaks the glass, and doctor tells."""

from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.server.opening import Opening
from agentconsole.wire import queries
from agentconsole.wire.addresses import AllowAddress, CloseAddresses, OpenAddresses, RemoveAddress
from agentconsole.wire.commands import SaveDraft, SignIn
from agentconsole.wire.frames import Addresses, Ended, SignedIn
from agentconsole.wire.rows import AddressRow, Finding
from tests.desk_bench import PASSWORD, code
from tests.server.several import serve_several
from tests.server_bench import Caller, Served, on_a_loop, scalar, serve

OFFICE, ELSEWHERE = "10.20.4.17", "203.0.113.9"


async def _come(served: Served, address: str) -> Caller:
    """Connect from an address, as the host would have written it down."""
    before = set(served.server.sessions.live)
    caller = await served.caller()
    (live,) = set(served.server.sessions.live) - before
    live.address = address
    return caller


async def _sign_in(served: Served, login: str, address: str) -> tuple[Caller, SignedIn]:
    caller = await _come(served, address)
    served.clock.move(timedelta(seconds=30))
    answer = await caller.ask(SignIn(login, PASSWORD, code(served.clock.now())))
    assert isinstance(answer, SignedIn)
    return caller, answer


async def _finding(served: Served) -> Finding:
    status = (await (await _come(served, "local")).ask(queries.ReadStatus(doctor=True))).status
    (found,) = [one for one in status.findings if one.subject == "addresses"]
    return found


@on_a_loop
async def test_a_session_that_a_new_rule_forbids_is_ended_at_once_and_its_draft_is_kept(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana, _ = await _sign_in(served, "ana", ELSEWHERE)
        bo, _ = await _sign_in(served, "ana", OFFICE)
        await ana.ask(SaveDraft(number, "reply", "Dear Rosa"))
        ada, _ = await _sign_in(served, "ada", OFFICE)
        await served.prove(ada)

        done = await ada.ask(AllowAddress("agent", "10.20.0.0/16", "desk-lan"))
        told = await ana.hears(Ended)
        with pytest.raises(Refused) as refused:
            await ana.ask(queries.ReadQueue())
        page = await bo.ask(queries.ReadQueue())
        kept = await scalar(served, "SELECT text FROM draft")

    assert done.said.line().endswith("1 session ended.")
    assert f"from {ELSEWHERE} is no longer allowed" in told.reason
    assert (refused.value.code, kept) == ("sign-in", "Dear Rosa")
    assert page.page.view == "mine"


@on_a_loop
async def test_rules_ask_for_the_code_once_more_and_reading_them_does_not(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ada, _ = await _sign_in(served, "ada", OFFICE)
        said = []
        for body in (AllowAddress("agent", "10.0.0.0/8"), RemoveAddress("agent", "10.0.0.0/8")):
            with pytest.raises(Refused) as refused:
                await ada.ask(body)
            said.append(refused.value.code)
        read = await ada.ask(queries.ReadAddresses())

    assert said == ["sudo", "sudo"]
    assert read == Addresses((), None, OFFICE)


@on_a_loop
async def test_a_wrong_place_is_told_with_the_code_unspent_and_the_console_can_send_it_again(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        host = await _come(served, "local")
        await host.ask(AllowAddress("agent", "10.20.0.0/16"))
        ana = await _come(served, ELSEWHERE)
        shown = SignIn("ana", PASSWORD, code(served.clock.now()))
        with pytest.raises(Refused) as refused:
            await ana.ask(shown)
        await host.ask(OpenAddresses())

        answer = await ana.ask(shown)

    assert refused.value.code == "address"
    assert isinstance(answer, SignedIn)


@on_a_loop
async def test_break_glass_ends_by_itself_and_what_it_let_in_ends_with_it(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        host = await _come(served, "local")
        await host.ask(AllowAddress("admin", "local"))
        await host.ask(AllowAddress("all", "10.20.0.0/16"))
        await host.ask(OpenAddresses(30))
        ada, signed_in = await _sign_in(served, "ada", ELSEWHERE)
        opened = await _finding(served)
        until = (await ada.ask(queries.ReadAddresses())).open_until
        opening = Opening(served.desk)
        await opening.end_opening()
        is_there = [one for one in ada.told if isinstance(one, Ended)] == []
        served.clock.move(timedelta(minutes=30))
        await opening.end_opening()
        told = await ada.hears(Ended)
        closed = await _finding(served)
        how = await scalar(served, "SELECT body FROM event WHERE kind = 'address.closed'")

    assert "the host set the allow-list aside" in signed_in.notes[-1]
    assert until is not None
    assert is_there
    assert f"from {ELSEWHERE} is no longer allowed" in told.reason
    assert (opened.level, closed.level) == ("warn", "ok")
    assert "`agentconsole address close` ends it" in opened.sentence.line()
    assert how == '{"why":"its time was over"}'


@on_a_loop
async def test_an_administrator_who_is_signed_in_breaks_no_glass(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ada, _ = await _sign_in(served, "ada", OFFICE)
        for body in (OpenAddresses(), CloseAddresses()):
            with pytest.raises(Refused, match="This is done at the host"):
                await ada.ask(body)


@on_a_loop
async def test_the_list_says_what_holds_and_for_how_many(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        host = await _come(served, "local")
        free = await _finding(served)
        await host.ask(AllowAddress("agent", "10.20.0.0/16", "desk-lan"))
        await host.ask(AllowAddress("agent", "unknown"))
        await _sign_in(served, "ana", OFFICE)

        read = await host.ask(queries.ReadAddresses())

    assert read.rows == (AddressRow("agent", "10.20.0.0/16", "desk-lan", 1), AddressRow("agent", "unknown", "", 0))
    assert read.here == "local"
    assert (free.level, "agent, supervisor, manager, admin may sign in" in free.sentence.line()) == ("note", True)


@on_a_loop
async def test_a_rule_and_the_end_of_a_break_glass_reach_the_sessions_of_other_servers(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        host = await _come(one, "local")
        await host.ask(AllowAddress("admin", "local"))
        sam, _ = await _sign_in(two, "sam", ELSEWHERE)
        await host.ask(AllowAddress("all", "10.20.0.0/16"))
        by_rule = await sam.hears(Ended)
        await host.ask(OpenAddresses(30))
        again, _ = await _sign_in(two, "sam", ELSEWHERE)
        one.clock.move(timedelta(minutes=30))
        await Opening(one.desk).end_opening()
        by_time = await again.hears(Ended)

    assert f"from {ELSEWHERE} is no longer allowed" in by_rule.reason
    assert by_time.reason == by_rule.reason
