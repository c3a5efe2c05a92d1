"""The second wall in PostgreSQL: whoever does not say for whom reads nothing, and an event is of who did it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from agentconsole.domain.errors import Refused
from agentconsole.server.health import read_status
from agentconsole.storage.events import verify
from agentconsole.storage.postgres_guards import SEARCHED, UNGUARDED
from agentconsole.storage.postgres_upgrade import migrate, upgrade
from agentconsole.storage.postgres_wall import POLICY
from agentconsole.storage.tables.all import metadata
from agentconsole.storage.transaction import DESK, Tx
from tests import needs
from tests.desk_bench import MONDAY, POSTGRES, Bench, open_bench, place_of
from tests.postgres import OWNER, Place, cluster

DEAR = ("customer", "contact", "ticket", "draft", "search_doc", "search_text", "factor", "session", "user", "mailbox")
"""What the wall is for: customers' words, seeds and passwords, sessions."""


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path, database=POSTGRES) as bench:
        yield bench


def _place(bench: Bench) -> Place:
    place = place_of(bench.desk.paths)
    assert place is not None
    return place


# Who says nothing


@pytest.mark.parametrize("role", ["app", "owner"])
def test_a_link_that_says_no_actor_reads_nothing(desk: Bench, role: str) -> None:
    """PROMISES section 4: the desk's role, and the owner's, find every table empty."""
    desk.ticket()
    # The owner's reads its texts: it made them findable, and runs only while the schema changes.
    dear = [name for name in DEAR if role == "app" or name != SEARCHED]

    with psycopg.connect(getattr(_place(desk), role)) as link:
        found = {name: link.execute(f'SELECT count(*) FROM "{name}"').fetchall() for name in dear}
        link.execute("SET LOCAL app.actor = 'desk'")
        told = {name: link.execute(f'SELECT count(*) FROM "{name}"').fetchall() for name in dear}

    assert found == {name: [(0,)] for name in dear}
    assert [name for name, rows in told.items() if rows == [(0,)]] == ["draft", "session", "mailbox"]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO brand (id, name, pack_id) VALUES ('eve', 'Eve', 'ecolab')",
        "UPDATE ticket SET subject = 'gone' RETURNING id",
        "DELETE FROM contact RETURNING id",
    ],
)
def test_a_link_that_says_no_actor_changes_nothing(desk: Bench, statement: str) -> None:
    desk.ticket()
    before = desk.tables()

    with psycopg.connect(_place(desk).app) as link:
        try:
            changed = link.execute(statement).fetchall()
        except psycopg.errors.InsufficientPrivilege:
            changed = []

    assert changed == []
    assert desk.tables() == before


def test_what_one_transaction_said_the_next_one_has_not_heard(desk: Bench) -> None:
    """PROMISES 8.4: behind a pool the next transaction is somebody else's."""
    with psycopg.connect(_place(desk).app) as link:
        with link.transaction():
            link.execute("SET LOCAL app.actor = 'desk'")
            before = link.execute("SELECT count(*) FROM customer").fetchall()
        desk.ticket()
        after = link.execute('SELECT count(*) FROM "user"').fetchall()

    assert (before, after) == ([(0,)], [(0,)])


def test_every_table_is_behind_the_wall(desk: Bench) -> None:
    """A table that a later version brings is put there by the same upgrade."""
    place = _place(desk)
    guarded = "SELECT tablename FROM pg_policies WHERE policyname = %s"

    with psycopg.connect(place.owner) as link:
        behind = {row[0] for row in link.execute(guarded, (POLICY,))}
        left = link.execute(UNGUARDED).fetchall()
        link.execute("CREATE TABLE later (id bigint PRIMARY KEY)")
        noticed = link.execute(UNGUARDED).fetchall()
    migrate(place.owner, "desk_app")
    with psycopg.connect(place.owner) as link:
        again = link.execute(UNGUARDED).fetchall()

    assert behind == {*metadata.tables, SEARCHED}
    assert (left, noticed, again) == ([], [("later",)], [])


def test_a_role_that_no_wall_stops_is_refused() -> None:
    place = cluster().database()
    try:
        for role, right in (("desk_super", "SUPERUSER"), ("desk_past", "BYPASSRLS")):
            cluster().ask(f"CREATE ROLE {role} LOGIN {right}")
            with pytest.raises(Refused, match="no wall"):
                upgrade(cluster().conninfo(role, place.name), place.owner)
            cluster().ask(f"DROP ROLE {role}")
    finally:
        cluster().drop(place)


def test_a_dump_by_the_owner_is_whole_when_it_says_for_whom(desk: Bench) -> None:
    """What the README has an administrator type; without it pg_dump says that a policy would hide rows, and fails."""
    desk.ticket(subject="A purple elephant")
    program = str(needs.program("postgres").resolve().with_name("pg_dump"))

    def dump(*more: str, options: str = "") -> subprocess.CompletedProcess[str]:
        command = [program, *more, "--data-only", "--table=ticket", _place(desk).owner]
        return subprocess.run(command, env={"PGOPTIONS": options}, capture_output=True, text=True, check=False)

    told, shut = dump("--enable-row-security", options="-c app.actor=dump"), dump()

    assert (told.returncode, "A purple elephant" in told.stdout) == (0, True), told.stderr
    assert (shut.returncode, "row-level security" in shut.stderr) == (1, True)


# Who did it


def test_an_event_is_of_the_actor_of_its_transaction(desk: Bench) -> None:
    """PROMISES 8.4: without the trigger a row could name somebody else."""
    copied = (
        "INSERT INTO event SELECT seq + 1, at, kind, %s, session, peer, address, ticket, subject, body, epoch, prev,"
        " hash, mac FROM event ORDER BY seq DESC LIMIT 1"
    )
    with psycopg.connect(_place(desk).app) as link:
        link.execute("SET LOCAL app.actor = 'eve'")
        with pytest.raises(psycopg.errors.RaiseException, match="actor of its transaction"):
            link.execute(copied, ("ana",))


def test_an_event_that_a_stranger_adds_in_his_own_name_is_seen(desk: Bench) -> None:
    """The honest rest: with the password of the desk's role he can say an actor; the seal is what he has not."""
    copied = (
        "INSERT INTO event SELECT seq + 1, at, kind, 'eve', session, peer, address, ticket, subject, body, epoch, hash,"
        " hash, mac FROM event ORDER BY seq DESC LIMIT 1"
    )
    with psycopg.connect(_place(desk).app) as link:
        link.execute("SET LOCAL app.actor = 'eve'")
        link.execute(copied)

    assert desk.read(lambda session: verify(session, desk.desk.context.audit_key)).fault


def test_several_actors_share_a_commit_each_in_her_own_name(desk: Bench) -> None:
    ana, sam = desk.actor("ana"), desk.actor("sam")

    def slow(tx: Tx) -> None:
        tx.rows("SELECT pg_sleep(0.2)")

    def refused(tx: Tx) -> None:
        tx.record("test.never")
        raise Refused("No.")

    def did(tx: Tx) -> None:
        tx.record("test.did")

    asked = ((DESK, slow), (ana, did), (sam, did), (sam, refused), (sam, did), (DESK, did), (ana, did))
    futures = [desk.desk.writer.submit(who, work) for who, work in asked]
    ends = [future.exception(10) for future in futures]

    assert sum(end is not None for end in ends) == 1
    assert [event.actor for event in desk.events("test.did")] == ["ana", "sam", "sam", "desk", "ana"]


# Case numbers


def test_case_numbers_have_no_gap_after_what_was_rolled_back(desk: Bench) -> None:
    """Customers see them: a sequence would keep the number of a case that never was."""
    first = desk.ticket()

    def refused(tx: Tx) -> None:
        tx.rows(
            "INSERT INTO ticket (version, brand_id, queue, kind, channel, customer_id, subject, status, priority,"
            " opened_at, updated_at, tags, live, fresh, tier, sort_key, starving, next_verb, clock, waited_text)"
            " SELECT version, brand_id, queue, kind, channel, customer_id, subject, status, priority, opened_at,"
            " updated_at, tags, live, fresh, tier, sort_key, starving, next_verb, clock, waited_text FROM ticket"
        )
        assert len(tx.rows("SELECT id FROM ticket")) == 2
        raise Refused("No.")

    with pytest.raises(Refused, match="No"):
        desk.write(refused)
    second = desk.ticket("Bo <bo@example.org>")

    assert (first, second) == (1, 2)
    assert desk.clock.now() == MONDAY


def test_the_log_has_no_gap_after_what_was_rolled_back(desk: Bench) -> None:
    def refused(tx: Tx) -> None:
        tx.record("test.never")
        raise Refused("No.")

    with pytest.raises(Refused, match="No"):
        desk.write(refused)
    desk.ticket()

    numbers = [event.seq for event in desk.events()]
    assert numbers == list(range(1, len(numbers) + 1))


# What it costs


def test_words_are_found_by_their_index(desk: Bench) -> None:
    """Under a policy PostgreSQL would read every text: it trusts no operator that is not proved to tell nothing."""
    desk.ticket()

    def plan(table: str) -> str:
        def read(session: sa.orm.Session) -> str:
            session.execute(sa.text("SET LOCAL enable_seqscan = off"))
            asked = sa.text(f"EXPLAIN SELECT ticket FROM {table} WHERE body @@ CAST('order' AS tsquery)")
            return "\n".join(session.execute(asked).scalars())

        return desk.read(read)

    assert "ix_search_doc_body" in plan("search_text")
    assert "ix_search_doc_body" not in plan(SEARCHED)
    assert cluster().ask(f"SELECT 1 FROM pg_roles WHERE rolname = '{OWNER}' AND NOT rolsuper") == [(1,)]


# What doctor says


@pytest.mark.parametrize(
    ("statement", "again", "level", "told"),
    [
        ("SELECT 1", "SELECT 1", "ok", "owns nothing"),
        ("ALTER TABLE draft NO FORCE ROW LEVEL SECURITY", "SELECT 1", "bad", "outside of the wall (draft)"),
        ("CREATE TABLE more (a int)", "SELECT 1", "bad", "outside of the wall (more)"),
        ("ALTER TABLE event DISABLE TRIGGER event_who", "SELECT 1", "bad", "off (event_who)"),
        (f"GRANT {OWNER} TO desk_app", f"REVOKE {OWNER} FROM desk_app", "warn", "could change the log"),
        ("ALTER ROLE desk_app BYPASSRLS", "ALTER ROLE desk_app NOBYPASSRLS", "bad", "whom no wall stops"),
    ],
)
def test_doctor_tells_of_a_wall_that_has_a_hole(desk: Bench, statement: str, again: str, level: str, told: str) -> None:
    name = _place(desk).name

    cluster().ask(statement, name)
    try:
        found = {
            one.subject: one for one in desk.read(lambda s: read_status(s, desk.desk, MONDAY, 0, doctor=True)).findings
        }
    finally:
        cluster().ask(again, name)

    assert (found["roles"].level, told in found["roles"].sentence.line(400)) == (level, True)
