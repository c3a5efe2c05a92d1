"""The policies as people read them: their clauses, what changed since the reader accepted them, who accepted what."""

from datetime import timedelta

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.queries.policy_texts import read_acceptances, read_clauses, read_my_policies
from agentconsole.services.acceptance import keep_acceptance
from agentconsole.services.shelf import answer_blanks, put_in_force
from agentconsole.storage.tables.pack_version import PackVersion
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx
from agentconsole.wire.policy_reading import ClauseRow, Clauses
from tests.desk_bench import FOUNDED, MONDAY, Bench

DAY = timedelta(days=1)
BRANDS = {"ecolab": "ecolab"}


def _clauses(bench: Bench, login: str = "", version: int = 0) -> Clauses:
    me = bench.actor(login).user_id if login else None
    shelved, now = bench.desk.context.shelf.in_use, bench.clock.now()
    return bench.read(lambda session: read_clauses(session, shelved, BRANDS, "ecolab", version, me, now))


def _clause(text: Clauses, name: str) -> ClauseRow:
    return next(row for row in text.clauses if row.id == name)


def _accept(bench: Bench, login: str, version: int = 1) -> None:
    me = bench.actor(login).user_id
    bench.write(lambda tx: keep_acceptance(tx, tx.get_one(User, me), "ecolab", version))


def _ask(bench: Bench, login: str) -> None:
    me = bench.actor(login).user_id

    def work(tx: Tx) -> None:
        tx.get_one(User, me).asked_since = tx.now

    bench.write(work)


def _change(bench: Bench, before: str, after: str) -> None:
    """Put a version into force whose text is another one."""

    def work(tx: Tx) -> None:
        text = tx.session.get_one(PackVersion, ("ecolab", 1)).text
        assert before in text
        put_in_force(tx, bench.desk.context.shelf, "ecolab", text.replace(before, after), {})

    bench.write(work)
    bench.desk.reread_packs()


def test_a_policy_is_its_clauses_in_the_order_of_the_document_with_quote_line_and_what_carries_each(
    bench: Bench,
) -> None:
    text = _clauses(bench, "ana")

    row = _clause(text, "2.5")
    lines = [one.line for one in text.clauses]
    assert lines == sorted(lines)
    assert (row.line > 0, len(row.quote) > 0, row.change) == (True, True, "")
    assert "clock: e-mail within 24 hours [within 24 h; email]" in [
        f"{one.kind}: {one.words.line()}" for one in row.carriers
    ]
    assert (text.policy.version, text.policy.newest, text.policy.since, text.against) == (1, 1, FOUNDED, 0)
    assert text.policy.owed


def test_what_changed_since_the_version_that_the_reader_accepted_is_marked_with_what_was_there(bench: Bench) -> None:
    _accept(bench, "ana")
    bench.write(lambda tx: answer_blanks(tx, bench.desk.context.shelf, "ecolab", {"ring_cycle": "5 s"}))
    bench.desk.reread_packs()

    mine, others = _clauses(bench, "ana"), _clauses(bench, "sam")

    changed = [row for row in mine.clauses if row.change]
    assert mine.against == 1
    assert [row.id for row in changed] == ["2.1"]
    assert changed[0].change == "changed"
    assert {(one.change, one.words.line().rpartition("? ")[2]) for one in changed[0].carriers if one.change} == {
        ("gone", "6 s (OPEN: this is proposed)"),
        ("new", "5 s"),
    }
    assert others.against == 0
    assert [row for row in others.clauses if row.change] == []


def test_a_clause_that_is_new_and_one_that_is_gone_are_said_to_be(bench: Bench) -> None:
    _accept(bench, "ana")
    _change(bench, '"1.1" = {', '"1.1new" = {')

    text = _clauses(bench, "ana")

    assert {row.id: row.change for row in text.clauses if row.change} == {"1.1new": "new", "1.1": "gone"}
    assert text.clauses[-1].id == "1.1"


def test_an_older_version_can_be_read_and_says_which_one_is_in_force(bench: Bench) -> None:
    bench.write(lambda tx: answer_blanks(tx, bench.desk.context.shelf, "ecolab", {"ring_cycle": "5 s"}))
    bench.desk.reread_packs()

    text = _clauses(bench, "ana", version=1)

    assert (text.policy.version, text.policy.newest) == (1, 2)
    with pytest.raises(Refused, match="The policy ecolab has no version 9; the newest is 2"):
        _clauses(bench, "ana", version=9)


def test_the_list_says_how_the_reader_stands(bench: Bench) -> None:
    def row(login: str) -> object:
        me, shelved = bench.actor(login).user_id, bench.desk.context.shelf.in_use
        (found,) = bench.read(lambda session: read_my_policies(session, shelved, BRANDS, me, bench.clock.now()))
        return (found.brands, found.accepted, found.accepted_at, found.owed, found.until, found.again_at)

    _ask(bench, "ana")
    _accept(bench, "sam")

    assert row("ana") == (("ecolab",), 0, None, True, MONDAY + 14 * DAY, None)
    assert row("sam") == (("ecolab",), 1, MONDAY, False, None, MONDAY + 92 * DAY)


def test_supervisors_see_who_is_late_first_and_who_has_to_read_again(bench: Bench) -> None:
    bench.user("bo")
    bench.user("ada", "admin")
    for login in ("ana", "bo", "sam"):
        _ask(bench, login)
    _accept(bench, "sam")
    bench.clock.move(20 * DAY)
    _accept(bench, "bo")
    bench.clock.move(73 * DAY)
    shelved, now = bench.desk.context.shelf.in_use, bench.clock.now()

    rows = bench.read(lambda session: read_acceptances(session, shelved, "", now))

    assert [(row.login, row.accepted, row.late, row.overdue) for row in rows] == [
        ("ana", 0, True, False),
        ("bo", 1, False, False),
        ("sam", 1, False, True),
    ]
    with pytest.raises(Refused, match='No brand is under a policy "other"; there is ecolab'):
        bench.read(lambda session: read_acceptances(session, shelved, "other", now))


def test_whoever_administers_from_the_host_reads_it_as_nobody_in_particular(bench: Bench) -> None:
    text = _clauses(bench)

    assert (text.policy.accepted, text.policy.until, text.against) == (0, None, 0)
