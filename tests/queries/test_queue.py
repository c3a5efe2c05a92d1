"""The lists: paged without a gap over an index, filtered by bound values, and counted without counting."""

import random
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from agentconsole.domain.errors import Refused
from agentconsole.queries.find import find_tickets
from agentconsole.queries.queue import LARGEST_PAGE
from agentconsole.services import sweep
from agentconsole.services.ownership import take_next
from agentconsole.wire import commands as wire
from tests.database_owner import analyze
from tests.desk_bench import ECOLAB, MONDAY, SHOP, Bench, open_bench
from tests.queries.many_tickets import fill

NOW = 10_000


def _all(bench: Bench, view: str, limit: int, text: str = "") -> list[int]:
    after, seen = None, []
    while True:
        page = bench.page("ana", view, text, after=after, limit=limit)
        seen += [row.ticket for row in page.rows]
        if not page.more or not page.rows:
            return seen
        after = page.rows[-1].key


# Paging


@pytest.mark.parametrize("limit", [1, 7, 50, 200, 500])
@pytest.mark.parametrize("view", ["team", "mine", "unassigned"])
def test_pages_follow_each_other_without_a_gap_or_a_double(bench: Bench, view: str, limit: int) -> None:
    bench.write(lambda tx: fill(tx, 1000))
    wanted = {"team": "true", "mine": "owner_id = 1", "unassigned": "owner_id IS NULL"}[view]
    expected = bench.read(
        lambda s: list(
            s.execute(
                sa.text(f"SELECT id FROM ticket WHERE live = 1 AND {wanted} ORDER BY tier, sort_key, id")
            ).scalars()
        )
    )

    assert _all(bench, view, limit) == expected
    assert len(expected) > 200


def test_a_case_that_moves_up_while_one_pages_is_not_shown_in_the_wrong_place(bench: Bench) -> None:
    bench.write(lambda tx: fill(tx, 300))
    first = bench.page("ana", "team", limit=100)
    bench.write(
        lambda tx: tx.session.execute(
            sa.text("UPDATE ticket SET tier = 0, sort_key = 0 WHERE id = :id"), {"id": first.rows[-1].ticket}
        )
    )

    second = bench.page("ana", "team", limit=100, after=first.rows[-1].key)

    assert not {row.ticket for row in first.rows} & {row.ticket for row in second.rows}


@pytest.mark.parametrize(("limit", "rows"), [(-1, 1), (0, 1), (1, 1), (500, 500), (10_000_000, LARGEST_PAGE)])
def test_nobody_reads_more_than_a_page_at_once(bench: Bench, limit: int, rows: int) -> None:
    bench.write(lambda tx: fill(tx, 2 * LARGEST_PAGE))

    assert len(bench.page("ana", "team", limit=limit).rows) == rows


@pytest.mark.parametrize("after", [(-1, 0, 0), (0, 1 << 63, 0), (0, 0, 1 << 80)])
def test_a_place_that_cannot_be_is_refused(bench: Bench, after: tuple[int, int, int]) -> None:
    with pytest.raises(Refused, match="no such place"):
        bench.page("ana", after=after)


def test_a_list_that_does_not_exist_is_refused(bench: Bench) -> None:
    with pytest.raises(Refused, match="there is mine, team, unassigned"):
        bench.page("ana", "everything")


def test_the_badges_count_what_is_there(bench: Bench) -> None:
    numbers = [bench.ticket(f"c{n}@example.org", f"case {n}") for n in range(5)]
    bench.do("ana", wire.Take(numbers[0], NOW))
    bench.do("sam", wire.Take(numbers[1], NOW))
    bench.do("ana", wire.Take(numbers[2], NOW))
    bench.do("ana", wire.Resolve(numbers[2], NOW))
    bench.move(hours=25)

    counts = bench.page("ana").counts

    assert (counts.mine, counts.team, counts.unassigned, counts.late, counts.due) == (1, 4, 2, 1, 0)


def test_a_row_that_has_not_changed_is_not_made_anew(bench: Bench) -> None:
    """Each session reads its page again after each commit."""
    numbers = [bench.ticket(f"c{number}@example.org") for number in range(2)]
    before = {row.ticket: row for row in bench.page("ana").rows}

    bench.do("ana", wire.Take(numbers[0], NOW))
    after = {row.ticket: row for row in bench.page("ana").rows}

    assert [after[number] is before[number] for number in numbers] == [False, True]
    assert (before[numbers[0]].owner, after[numbers[0]].owner) == ("", "ana")


# Plans


class _Listening:
    """Stand before a driver's connection and note what is asked of it directly, not through SQLAlchemy."""

    def __init__(self, link: Any, ran: list[tuple[str, Any]]) -> None:
        self._link, self._ran = link, ran

    def execute(self, statement: str, parameters: Any = ()) -> Any:
        self._ran.append((statement, parameters))
        return self._link.execute(statement, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._link, name)


def _plans(bench: Bench, work: Callable[[], object]) -> list[tuple[str, str]]:
    """Return what the database plans for every SELECT on tickets that something runs, beside the SELECT."""
    asked: list[tuple[str, Any]] = []

    def before(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    def handed_out(link: object, _record: object, handle: Any) -> None:
        handle.dbapi_connection = _Listening(link, asked)

    pools = [engine.pool for engine in (bench.desk.reader._engine, bench.desk.writer._engine)]
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", before)
    for pool in pools:
        sa.event.listen(pool, "checkout", handed_out)
    try:
        work()
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", before)
        for pool in pools:
            sa.event.remove(pool, "checkout", handed_out)
    ran = [(sql, bound) for sql, bound in asked if sql.lstrip().upper().startswith("SELECT") and "ticket" in sql]

    def explain(session: Session) -> list[tuple[str, str]]:
        link = session.connection().connection.dbapi_connection
        assert link is not None
        on_postgres = session.connection().dialect.name == "postgresql"
        cursor = link.cursor()
        plans = []
        for statement, parameters in ran:
            cursor.execute(f"{'EXPLAIN' if on_postgres else 'EXPLAIN QUERY PLAN'} {statement}", parameters)
            plans += [(statement, row[-1]) for row in cursor.fetchall()]
        return plans

    return bench.read(explain)


PAGES: dict[str, Callable[[Bench], object]] = {
    "team": lambda b: b.page("ana", "team"),
    "mine": lambda b: b.page("ana", "mine"),
    "unassigned": lambda b: b.page("ana", "unassigned"),
    "second page": lambda b: b.page("ana", "team", after=(4, 1, 1)),
    "second page of mine": lambda b: b.page("ana", "mine", after=(4, 1, 1)),
    "take next": lambda b: b.desk.writer.run(b.actor("ana"), lambda tx: take_next(tx)),
    "take next of a brand": lambda b: b.desk.writer.run(b.actor("ana"), lambda tx: take_next(tx, "ecolab")),
    "sweep": lambda b: b.write(lambda tx: sweep.sweep(tx, b.desk.context)),
    "close old": lambda b: b.write(lambda tx: sweep.close_old(tx, timedelta(days=14))),
}


MANY = {"sqlite": 200, "postgres": 20_000, "bouncer": 20_000}
SLOW = re.compile(r"B-TREE|^SCAN (?:t|ticket)$|Seq Scan on ticket")


@pytest.mark.parametrize("what", PAGES)
def test_the_hot_reads_go_by_an_index_and_sort_nothing(bench: Bench, database: str, what: str) -> None:
    """G12: no SCAN of ticket, no TEMP B-TREE; in PostgreSQL, which counts the cost, no Seq Scan of many."""
    bench.write(lambda tx: fill(tx, MANY[database]))
    analyze(bench)
    bench.page("ana")

    plans = _plans(bench, lambda: PAGES[what](bench))

    assert [step for _, step in plans if re.search(r"\b(?:t|ticket)\b", step)]
    assert [pair for pair in plans if SLOW.search(pair[1])] == []


# Filters


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Bench]:
    """Open a desk with six cases that differ in everything a filter asks for; reading changes nothing there."""
    folder = tmp_path_factory.mktemp("desk")
    with open_bench(folder, brands=(ECOLAB, SHOP), at=MONDAY, database=database) as bench:
        bench.user("bo")
        bench.mail("Rosa Prado <rosa@example.org>", "Refund for order 4471", "Where is my money?", brand="ecolab")
        bench.mail("Özil <oezil@example.com>", "Lieferung", "Wo ist das Paket?", brand="ecolab")
        bench.mail("Eve <eve@example.net>", "Invoice", "Please send it again", brand="shop")
        bench.mail("Tom <tom@example.org>", "Order 9", "Broken", brand="shop")
        bench.mail("Ann <ann@example.org>", "Old order", "It is late", brand="ecolab")
        bench.mail("Zed <zed@example.org>", "Question", "100% _sure_?", brand="ecolab")
        bench.do("ana", wire.Take(1, NOW))
        bench.do("bo", wire.Take(2, NOW))
        bench.do("ana", wire.SetPriority(2, NOW, "urgent"))
        bench.do("ana", wire.Tag(3, ("refund", "vip")))
        bench.do("ana", wire.Escalate(4, NOW, "help"))
        bench.do("ana", wire.Wait(5, NOW, MONDAY + timedelta(days=2), "a call"))
        bench.do("ana", wire.SaveDraft(6, "reply", "Dear"))
        yield bench


FILTERS = [
    ("", {1, 2, 3, 4, 5, 6}),
    ("refund", {1}),
    ("REFUND", {1}),
    ("refu", {1}),
    ('"where is my money"', {1}),
    ('"my where"', set()),
    ("order", {1, 4, 5}),
    ("-order", {2, 3, 6}),
    ("refund | invoice", None),
    ("refund|invoice", {1, 3}),
    ("mine", {1, 5}),
    ("@bo", {2}),
    ("@me", {1, 5}),
    ("@nobody", set()),
    ("unassigned", {3, 6}),
    ("-unassigned", {1, 2, 4, 5}),
    ("escalated", {4}),
    ("new", {3, 6}),
    ("draft", {6}),
    ("promise", {5}),
    ("#1", {1}),
    ("#1-3", {1}),
    ("ch:em", {1, 2, 3, 4, 5, 6}),
    ("ch:ph", set()),
    ("st:open", {1, 2, 4}),
    ("st:open,waiting", {1, 2, 4, 5}),
    ("prio:urgent", {2}),
    ("brand:shop", {3, 4}),
    ("tag:vip", {3}),
    ("tag:v", {3}),
    ("cust:özil", {2}),
    ("cust:ÖZIL", {2}),
    ("from:example.org", {1, 4, 5, 6}),
    ("age<1h", {1, 2, 3, 4, 5, 6}),
    ("age>1h", set()),
    ("created<2026-11-24", {1, 2, 3, 4, 5, 6}),
    ("created>2026-11-24", set()),
    ("idle<1m", {1, 2, 3, 4, 5, 6}),
    ("late", set()),
    ("refund @me", {1}),
    ("refund -mine", set()),
    ("'; DROP TABLE ticket; --", set()),
    ("cust:'OR'1'='1", set()),
    ("tag:%", set()),
    ("tag:_", set()),
    ('"100% _sure_"', {6}),
    ("cust:)", set()),
    ('"\' OR 1=1 --"', set()),
    ('"NEAR(a b)"', set()),
    ("body:x", None),
    ("refund*", {1}),
    ("AND", set()),
    ("*", set()),
]


@pytest.mark.parametrize(("text", "kept"), FILTERS, ids=[text or "nothing" for text, _ in FILTERS])
def test_a_filter_keeps_what_it_says(desk: Bench, text: str, kept: set[int] | None) -> None:
    if kept is None:
        with pytest.raises(Refused):
            desk.page("ana", "team", text)
        return

    page = desk.page("ana", "team", text)

    assert {row.ticket for row in page.rows} == kept
    assert page.total == len(kept)


def test_no_filter_changes_anything(desk: Bench) -> None:
    before = desk.tables()

    for text, kept in FILTERS:
        if kept is not None:
            desk.page("ana", "team", text)

    assert desk.tables() == before


def test_an_empty_list_says_which_term_emptied_it(desk: Bench) -> None:
    assert desk.page("ana", "team", "order prio:urgent").emptied_by.verbatim() in (
        'without "order" 1',
        'without "prio:urgent" 3',
    )


def test_random_text_is_read_or_refused_and_never_a_fault(desk: Bench) -> None:
    chance = random.Random(3)
    pieces = [*"'\"-|*():<>\x00é %a", "#1", "@a", "cust:", "due<1h"]
    refused = 0

    for _ in range(400):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 12)))
        try:
            desk.page("ana", "team", text)
        except Refused:
            refused += 1

    assert 0 < refused < 400
    assert desk.scalar("SELECT count(*) FROM ticket") == 6


def test_late_keeps_what_starves_and_due_does_not(bench: Bench) -> None:
    """A starving case stands at the top of those that are DUE and still is LATE."""
    bench.ticket()
    bench.move(days=9)
    (row,) = bench.page("ana").rows
    assert (row.starving, row.tier) == (True, "DUE")

    assert [one.ticket for one in bench.page("ana", "team", "late").rows] == [1]
    assert bench.page("ana", "team", "due").rows == ()


def test_the_badges_count_what_starves_as_late_as_its_row_says(bench: Bench) -> None:
    bench.do("ana", wire.Take(bench.ticket(), NOW))
    bench.ticket("c2@example.org", "nobody's")
    bench.move(days=9)

    counts = bench.page("ana").counts

    assert (counts.late, counts.due) == (1, 0)


# Finding


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4471", [1]),
        ("refund", [1]),
        ("#1", [1, 6, 2]),
        ("1-3", [1]),
        ("order", [5, 4, 1]),
        ("ozil", [2]),
        ("paket wo", [2]),
        ("", []),
        ("' OR 1=1 --", [1]),
    ],
)
def test_a_search_finds_the_newest_first_and_a_number_before_all(desk: Bench, text: str, found: list[int]) -> None:
    rows = desk.read(lambda session: find_tickets(session, text, 20))

    assert [row.ticket for row in rows] == found


@pytest.mark.parametrize("limit", [-1, 0, 1])
def test_a_search_is_bounded(desk: Bench, limit: int) -> None:
    assert len(desk.read(lambda session: find_tickets(session, "order", limit))) == 1


_COPIED = (
    "ticket_id, at, kind, author, channel, user_id, name, email, quoted, auth, auto, message_id, raw, salt, taken_back"
)


def test_a_case_with_huge_texts_can_still_be_opened(bench: Bench) -> None:
    """What a customer writes must never be able to make her case too large for the wire."""
    number = bench.ticket()
    bench.write(
        lambda tx: tx.session.execute(
            sa.text(
                f"INSERT INTO contact ({_COPIED}, text) SELECT {_COPIED}, :text FROM contact,"
                " (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
                " SELECT i FROM n) AS many"
            ),
            {"text": "x" * 1_000_000},
        )
    )

    case = bench.case("ana", number)

    assert len(case.contacts) == 4
    assert case.contacts[-1].id == 41
