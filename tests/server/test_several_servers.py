"""Several servers on one database: what one does the others tell their sessions, and who is where is seen by all."""

import asyncio
import statistics
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.server.metrics import Metrics, written
from agentconsole.server.presence import SILENT_SECONDS
from agentconsole.storage import postgres_listening
from agentconsole.wire import commands, queries
from agentconsole.wire.frames import Changed, Ended, Present
from tests.desk_bench import BOUNCER, PASSWORD, code, name_database, place_of
from tests.postgres import cluster
from tests.server.several import homes, serve_several
from tests.server_bench import Caller, Served, execute, on_a_loop, scalar, serve, until

SOON = 2.0
A_SECOND = 1.0
AT_ONCE = 0.050
"""DESIGN: a change is painted in another session within 50 ms."""


def _heard(caller: Caller) -> set[int]:
    return {ticket for told in caller.told if isinstance(told, Changed) for ticket in told.tickets}


def _news(caller: Caller) -> list[str]:
    return [one.line() for told in caller.told if isinstance(told, Changed) for one in told.news]


def _who(caller: Caller, ticket: int) -> str:
    """Name who is at a ticket, as lists do: < looks at it, * writes to it."""
    known: dict[int, Any] = {}
    for told in caller.told:
        if isinstance(told, Present):
            known = {} if told.whole else known
            known.update({row.ticket: row.people for row in told.rows})
    return " ".join(("*" if one.writing else "<") + one.login for one in known.get(ticket, ()))


def _cut_listening(served: Served) -> None:
    """Cut the direct links: they are the ones that have nothing to commit."""
    place = place_of(served.paths)
    assert place is not None
    cluster().ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE datname = '{place.name}' AND query NOT LIKE 'COMMIT%' AND query NOT LIKE 'ROLLBACK%'"
        " AND (query LIKE 'SELECT pg_%(%' OR query = 'SELECT 1')"
    )


@on_a_loop
async def test_a_change_is_told_to_the_sessions_of_every_server_at_once(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        ana, sam = await one.sign_in("ana"), await two.sign_in("sam")
        number = await one.ticket()
        await until(lambda: number in _heard(sam))
        took = []
        for turn in range(15):
            await asyncio.sleep(0.1)
            sam.told.clear()
            await ana.ask(commands.AddNote(number, f"note {turn}"))
            began = asyncio.get_running_loop().time()
            await until(lambda: number in _heard(sam))
            case = await sam.ask(queries.ReadCase(number))
            took.append(asyncio.get_running_loop().time() - began)
            assert case.case.contacts[-1].text.line() == f"note {turn}"

    print(f"painted from another server: p50 {statistics.median(took) * 1000:.1f} ms, worst {max(took) * 1000:.1f} ms")
    # The best of them, for the machine may be busy: nothing of our own making waits longer.
    assert min(took) <= AT_ONCE
    assert [one.partition(" case ")[0] for one in _news(sam)] == ["ana added a note to"]


@on_a_loop
async def test_what_a_server_itself_did_is_told_once(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        ana, sam = await one.sign_in("ana"), await two.sign_in("sam")
        number = await one.ticket()
        await until(lambda: number in _heard(sam) and number in _heard(ana))
        ana.told.clear()
        sam.told.clear()

        await ana.ask(commands.AddNote(number, "Once."))
        await until(lambda: number in _heard(sam))
        await asyncio.sleep(0.2)

    assert sum(isinstance(told, Changed) for told in ana.told) == 1
    assert sum(isinstance(told, Changed) for told in sam.told) == 1


@on_a_loop
async def test_what_happens_while_the_direct_link_is_lost_is_read_afterwards_by_its_number(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        ana, sam = await one.sign_in("ana"), await two.sign_in("sam")
        number = await one.ticket()
        await until(lambda: number in _heard(sam))
        for turn in range(5):
            sam.told.clear()
            _cut_listening(one)
            await until(lambda: not two.desk.hears())
            await ana.ask(commands.AddNote(number, f"note {turn}"))
            await until(lambda: number in _heard(sam), 2 * postgres_listening.POLL)
        await until(two.desk.hears)


@on_a_loop
async def test_who_was_away_for_too_long_has_its_sessions_read_all_anew(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        ana, sam = await one.sign_in("ana"), await two.sign_in("sam")
        number, other = await one.ticket(), await one.ticket(subject="another")
        await until(lambda: {number, other} <= _heard(sam))
        await sam.ask(commands.Look(number))
        sam.told.clear()
        place = place_of(one.paths)
        assert place is not None

        cluster().ask("UPDATE feed SET number = number + 1000", place.name)
        await ana.ask(commands.AddNote(other, "Only this one moved."))
        await until(lambda: any("read anew" in news for news in _news(sam)), 2 * postgres_listening.POLL)

    assert number in _heard(sam)


@on_a_loop
async def test_a_policy_and_a_hold_that_one_server_changes_bind_on_the_other(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        host = await one.caller()
        blank = next(iter(two.desk.context.shelf.packs[0].open_blanks))
        before = two.desk.context.shelf.packs[0].version

        await host.ask(commands.AnswerBlank("ecolab", blank.id, "09:00-18:00 Mon-Fri" if "hours" in blank.id else "x"))
        await until(lambda: two.desk.context.shelf.packs[0].version == before + 1)
        box = commands.SetMailbox(
            "ecolab", "care@desk.test", "127.0.0.1", 1, "ssl", "127.0.0.1", 1, "ssl", "care", "secret", hold=3
        )
        await host.ask(box)
        await until(lambda: two.desk.context.hold_seconds == 3)


@on_a_loop
async def test_behind_a_pool_of_transactions_others_are_heard_on_a_link_past_it(tmp_path: Path) -> None:
    async with serve_several(tmp_path, database=BOUNCER) as (one, two):
        await until(two.desk.hears)
        ana, sam = await one.sign_in("ana"), await two.sign_in("sam")
        number = await one.ticket()
        await until(lambda: number in _heard(sam))
        sam.told.clear()

        await ana.ask(commands.AddNote(number, "Called her back."))
        await until(lambda: number in _heard(sam))


@on_a_loop
async def test_a_link_that_goes_through_a_pool_hears_nothing_and_doctor_says_so(tmp_path: Path) -> None:
    """A pool takes LISTEN without a word; the feed is read all the same, every two seconds."""
    made, place = homes(tmp_path, 1, database=BOUNCER)
    name_database(made[0], replace(place, direct=""))
    async with serve(tmp_path, paths=made[0]) as served:
        await asyncio.sleep(postgres_listening.POLL)
        status = (await (await served.caller()).ask(queries.ReadStatus(doctor=True))).status

    cluster().drop(place)
    (found,) = [one for one in status.findings if one.subject == "server"]
    assert (found.level, "past the pool" in found.sentence.line(400)) == ("warn", True)


ENDINGS: dict[str, tuple[Callable[[], object], str]] = {
    "the account is closed": (lambda: commands.DisableUser("sam"), "the account was closed"),
    "the role is changed": (lambda: commands.SetRole("sam", "agent"), "the role was changed"),
    "the factor is reset": (lambda: commands.ResetTotp("sam"), "the second factor was reset"),
}


@pytest.mark.parametrize("what", ENDINGS)
@on_a_loop
async def test_what_ends_somebody_s_sessions_ends_those_of_other_servers_at_once(tmp_path: Path, what: str) -> None:
    ask, reason = ENDINGS[what]
    async with serve_several(tmp_path) as (one, two):
        sam = await two.sign_in("sam")
        ada = await one.sign_in("ada")
        await one.prove(ada)

        await ada.ask(ask())
        ended = await sam.hears(Ended, A_SECOND)
        with pytest.raises(Refused, match="Sign in first"):
            await sam.ask(queries.ReadQueue("mine"))

    assert reason in ended.reason


@on_a_loop
async def test_a_role_given_on_one_server_is_what_she_may_do_on_another(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        host, sam = await one.caller(), await two.sign_in("sam")
        await sam.ask(queries.ReadUsers())

        await host.ask(commands.SetRole("sam", "agent"))
        await sam.hears(Ended, A_SECOND)
        again = await two.sign_in("sam")
        with pytest.raises(Refused) as refused:
            await again.ask(queries.ReadUsers())

    assert refused.value.code == "denied"


@on_a_loop
async def test_a_factor_that_guesses_on_one_server_turned_off_is_off_in_the_sessions_of_another(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        guesser, sam = await one.sign_in("sam"), await two.sign_in("sam")
        await execute(one, "UPDATE factor SET fails_consecutive = 49, last_attempt_at = NULL")
        with pytest.raises(Refused):
            await guesser.ask(commands.ProveAgain("000000"))

        said = []
        for asked in (two.prove(sam), two.sign_in("sam")):
            with pytest.raises(Refused) as refused:
                await asked
            said.append(refused.value.code)

    assert said == ["disabled", "disabled"]


@on_a_loop
async def test_who_has_to_wait_after_wrong_passwords_on_one_server_waits_on_another(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        guesser = await one.caller()
        for _ in range(5):
            with pytest.raises(Refused, match="Sign-in failed"):
                await guesser.ask(commands.SignIn("sam", "a wrong password", "000000"))

        with pytest.raises(Refused) as refused:
            await (await two.caller()).ask(commands.SignIn("sam", PASSWORD, code(two.clock.now())))

    assert refused.value.code == "wait"


@on_a_loop
async def test_a_changed_password_ends_her_other_sessions_on_other_servers_and_not_this_one(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        here, there = await one.sign_in("ana"), await two.sign_in("ana")

        await here.ask(commands.ChangePassword("a quiet horse on a hill", "another quiet horse on it"))
        await there.hears(Ended, SOON)
        page = await here.ask(queries.ReadQueue("mine"))

    assert page.page.total == 0


@on_a_loop
async def test_everybody_who_is_signed_in_anywhere_is_at_the_desk(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        ana, _ = await one.sign_in("ana"), await two.sign_in("sam")

        people = (await ana.ask(queries.ReadPeople())).rows
        servers = (await (await one.caller()).ask(queries.ReadStatus())).status.servers

    assert {row.login for row in people if row.online} == {"ana", "sam"}
    assert [(row.me, row.sessions) for row in servers] == [(True, 1), (False, 1)]


@on_a_loop
async def test_the_figures_name_every_server_and_what_it_does(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        metrics = Metrics(one.desk, one.server.sessions, one.clock.now())
        told = await asyncio.to_thread(one.desk.reader.run, lambda s: written([*metrics._samples(s)]))

    names = [f'server="{served.desk.server_name}"' for served in (one, two)]
    assert "agentconsole_servers 2" in told
    assert "agentconsole_servers_heard 1" in told
    for name in names:
        assert f"agentconsole_server_behind{{{name}}} " in told
    assert sum(f'lease_held{{lease="sweep",{name}}} 1' in told for name in names) == 1


@on_a_loop
async def test_who_looks_and_writes_is_seen_on_every_server_within_two_seconds(tmp_path: Path) -> None:
    async with serve_several(tmp_path, 3) as (one, two, three):
        ana, sam, mara = await one.sign_in("ana"), await two.sign_in("sam"), await three.sign_in("mara")

        await ana.ask(commands.Look(7))
        await until(lambda: (_who(sam, 7), _who(mara, 7)) == ("<ana", "<ana"), SOON)
        await sam.ask(commands.Look(7, writing=True))
        await until(lambda: {*_who(ana, 7).split()} == {*_who(mara, 7).split()} == {"<ana", "*sam"}, SOON)
        await ana.ask(commands.Look(0))
        await until(lambda: (_who(sam, 7), _who(mara, 7)) == ("*sam", "*sam"), SOON)
        await sam.ask(commands.SignOut())
        await until(lambda: (_who(ana, 7), _who(mara, 7)) == ("", ""), SOON)


@on_a_loop
async def test_who_signs_in_later_sees_who_is_where_on_other_servers(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        ana = await one.sign_in("ana")
        await ana.ask(commands.Look(7, writing=True))
        await asyncio.sleep(0.5)

        sam = await two.sign_in("sam")

        await until(lambda: _who(sam, 7) == "*ana", SOON)


@on_a_loop
async def test_presence_leaves_no_row_and_a_server_that_is_silent_has_nobody_anywhere(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        ana, sam = await one.sign_in("ana"), await two.sign_in("sam")
        rows = await scalar(one, "SELECT count(*) FROM feed")
        await ana.ask(commands.Look(7))
        await until(lambda: _who(sam, 7) == "<ana", SOON)
        after = await scalar(one, "SELECT count(*) FROM feed")

        one.server.sessions.presence._say = None  # frozen: its link stands, and it says nothing
        await until(lambda: _who(sam, 7) == "", SILENT_SECONDS + 2 * SOON)

    assert after == rows


@pytest.mark.parametrize(
    "junk", ["", "[]", "{", '["x",true,true,[[1,"eve",99999999999999999999,true]]]', '["x",1,2,3]']
)
@on_a_loop
async def test_what_is_no_word_of_a_server_is_passed_over(tmp_path: Path, junk: str) -> None:
    async with serve_several(tmp_path) as (one, two):
        ana, sam = await one.sign_in("ana"), await two.sign_in("sam")
        place = place_of(one.paths)
        assert place is not None

        cluster().ask(f"SELECT pg_notify('agentconsole_presence', '{junk}')", place.name)
        cluster().ask("SELECT pg_notify('agentconsole_feed', 'nonsense')", place.name)
        await ana.ask(commands.Look(7))
        await until(lambda: _who(sam, 7) == "<ana", SOON)
