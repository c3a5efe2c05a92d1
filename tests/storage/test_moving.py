"""A desk's rows from one database into the other and back: all of them, as they were, also while it works."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from agentconsole.config.clock import SetClock
from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Author, Channel, ContactKind
from agentconsole.server.desk import open_desk
from agentconsole.server.intake import Intake
from agentconsole.storage.database import Database, SqliteFile, database_of
from agentconsole.storage.events import text_reference, verify
from agentconsole.storage.moving import Moving, differences
from agentconsole.storage.moving_desk import moving_desk
from agentconsole.storage.moving_ends import clear_unfounded, copy_desk, opened_end, written_end
from agentconsole.storage.moving_tables import Row, moving_tables
from agentconsole.storage.postgres_database import PostgresDatabase
from agentconsole.storage.row_checks import check_contacts
from agentconsole.storage.search import find
from agentconsole.storage.tables.all import metadata
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.transaction import Tx
from agentconsole.storage.types import micros
from tests.desk_bench import MONDAY, POSTGRES, SQLITE, Bench, Letterbox, master, open_bench, parser, place_of, raw_mail
from tests.postgres import Place, cluster


def unheard(_table: str, _rows: int) -> None:
    """Hear of rows, and tell nobody."""


@pytest.fixture(name="place")
def _place() -> Iterator[Place]:
    place = cluster().database()
    yield place
    cluster().drop(place)


@pytest.fixture(name="bench")
def _bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as opened:
        yield opened
        # The bench looks there for a database of the cluster to drop; where one was moved to is the test's own.
        opened.desk.paths.database_named.unlink(missing_ok=True)


def _busy(bench: Bench) -> None:
    for number in range(5):
        bench.ticket(f"c{number}@example.org", f"Where is kettle {number}?")
    bench.raw_mail(raw_mail("Özil <ö@example.org>", "Tür", "Die große Tür klemmt."))


def _tables(database: Database) -> dict[str, list[object]]:
    with opened_end(database) as end, end.reading.connect() as connection, connection.begin():
        return {table.name: list(table.rows(connection)) for table in moving_tables()}


def _found(database: Database, word: str) -> list[int]:
    with opened_end(database) as end, Session(end.reading) as session:
        return find(session, word, 10)


def test_a_desk_goes_into_postgresql_and_back_as_it_was(bench: Bench, place: Place, tmp_path: Path) -> None:
    _busy(bench)
    bench.move(hours=13)  # each is acknowledged by the desk itself, whose words are no answer to a search
    source, target = SqliteFile(bench.desk.paths.database), PostgresDatabase(place.app, place.owner)
    back = SqliteFile(tmp_path / "back.sqlite3")

    there = copy_desk(source, target, unheard)
    again = copy_desk(target, back, unheard)

    assert there == again
    assert there["contact"][0] == 12
    assert _tables(source) == _tables(target) == _tables(back)
    for word in ("kettle", "tur", "öz", "große", "2"):
        assert _found(source, word) == _found(target, word) == _found(back, word) != [], word
    assert _found(source, "processed") == _found(target, "processed") == _found(back, "processed") == []


def test_every_table_goes_along_but_what_is_of_servers() -> None:
    assert {table.name for table in moving_tables()} == set(metadata.tables) - {"content", "feed", "lease", "server"}


def test_what_is_written_while_it_is_copied_comes_along_with_the_rest(bench: Bench, place: Place) -> None:
    _busy(bench)
    target, stopping = PostgresDatabase(place.app, place.owner), threading.Event()

    def work() -> None:
        while not stopping.is_set():
            bench.ticket("late@example.org", "Late")
            bench.write(lambda tx: tx.rows("UPDATE ticket SET subject = subject || '.'"))
            bench.write(lambda tx: tx.rows("DELETE FROM undo"))

    working = threading.Thread(target=work)
    working.start()
    try:
        with moving_desk(bench.desk.paths, target, unheard, MONDAY) as desk:
            while desk.approach() == 0 or bench.scalar("SELECT count(*) FROM ticket") < 12:  # type: ignore[operator]
                pass
            stopping.set()
            working.join()
            bench.ticket("last@example.org", "The last one")
            before = _tables(SqliteFile(bench.desk.paths.database))
            sums = desk.finish(MONDAY)
    finally:
        stopping.set()
        working.join()

    assert _tables(target) == before
    assert {name: rows for name, (rows, _) in sums.items()} == {name: len(rows) for name, rows in before.items()}
    assert _found(target, "last") != []


def test_a_moved_desk_works_and_counts_on_where_it_was(tmp_path: Path, place: Place) -> None:
    with open_bench(tmp_path) as bench:
        _busy(bench)
        paths, newest = bench.desk.paths, bench.ticket("d@example.org")
        entries = bench.scalar("SELECT max(id) FROM contact")

    with moving_desk(paths, PostgresDatabase(place.app, place.owner), unheard, MONDAY) as moving:
        moving.finish(MONDAY)
    with _reopened(paths) as moved:
        after = moved.ticket("e@example.org")
        verdict = moved.read(lambda session: verify(session, moved.desk.context.audit_key))
        faults = moved.read(check_contacts)
        found = moved.page("ana", text="kettle")

    assert (after, moved_entries(place)) == (newest + 1, entries + 1)  # type: ignore[operator]
    assert (verdict.fault, faults, len(found.rows)) == ("", [], 5)


@pytest.mark.parametrize("text", ["a\0b", "a\ufffd\0\ufffd\0b", "\0" * 9, "\ufffd" * 9])
def test_texts_of_an_older_desk_that_hold_what_postgres_cannot_are_no_faults_after_a_move(
    tmp_path: Path, place: Place, text: str
) -> None:
    with open_bench(tmp_path) as bench:
        number = bench.ticket()
        salt = bench.scalar("SELECT salt FROM contact WHERE id = 1")
        assert isinstance(salt, str)

        def as_it_was(tx: Tx) -> None:
            tx.add(Contact(**_OLD_ENTRY, ticket_id=number, at=tx.now, salt=salt, text=text))
            tx.record("ticket.contact", ticket=number, body={"contact": 2, "text": text_reference(salt, text)})

        bench.write(as_it_was)
        paths, before = bench.desk.paths, bench.read(check_contacts)

    with moving_desk(paths, PostgresDatabase(place.app, place.owner), unheard, MONDAY) as moving:
        moving.finish(MONDAY)
    with _reopened(paths) as moved:
        kept = moved.scalar("SELECT text FROM contact WHERE id = 2")
        after = moved.read(check_contacts)
        moved.write(lambda tx: tx.rows("UPDATE contact SET text = text || '.' WHERE id = 2"))
        changed = moved.read(check_contacts)

    assert (before, after, changed) == ([], [], ["entry 2 was changed"])
    assert kept == text.replace("\0", "\ufffd")


_OLD_ENTRY = {
    "kind": ContactKind.NOTE,
    "author": Author.AGENT,
    "channel": Channel.EMAIL,
    "name": "Ana",
}


def moved_entries(place: Place) -> int:
    """Return the number of the newest entry of a database in the cluster."""
    return int(cluster().ask("SELECT max(id) FROM contact", place.name)[0][0])


@contextmanager
def _reopened(paths: DeskPaths) -> Iterator[Bench]:
    clock = SetClock(MONDAY)
    desk = open_desk(paths, os.environ, committed=lambda _: None, clock=clock, wall=clock, master=master())
    try:
        yield Bench(desk, clock, Intake(desk, parser()), Letterbox(), [])
    finally:
        desk.close()


def test_the_old_database_is_kept_and_opens_no_more(tmp_path: Path, place: Place) -> None:
    with open_bench(tmp_path) as bench:
        paths = bench.desk.paths
    with moving_desk(paths, PostgresDatabase(place.app, place.owner), unheard, MONDAY) as moving:
        moving.finish(MONDAY)
    (old,) = paths.home.glob("desk-before-move-*.sqlite3")
    with moving_desk(paths, SqliteFile(paths.database), unheard, MONDAY) as moving:
        moving.finish(MONDAY)

    for left in (SqliteFile(old), PostgresDatabase(place.app, place.owner)):
        with pytest.raises(Refused, match="has moved to another database"):
            left.upgrade()
    assert database_of(paths) == SqliteFile(paths.database)
    assert {table: len(rows) for table, rows in _tables(SqliteFile(old)).items()}["event"] > 0
    with pytest.raises(Refused, match="A desk has left that database"):
        _begin(paths, PostgresDatabase(place.app, place.owner))


def _begin(paths: DeskPaths, target: Database) -> None:
    with moving_desk(paths, target, unheard, MONDAY):
        pass


def test_a_desk_is_not_moved_to_where_it_is(bench: Bench) -> None:
    with pytest.raises(Refused, match="kept in a file already"):
        _begin(bench.desk.paths, SqliteFile(bench.desk.paths.database))


@pytest.mark.parametrize("left", ["source", "target"])
def test_a_database_that_a_server_elsewhere_works_on_is_left_alone(tmp_path: Path, place: Place, left: str) -> None:
    database = POSTGRES if left == "source" else SQLITE
    with open_bench(tmp_path, database=database) as bench:
        paths = bench.desk.paths
        served = place_of(paths) or place
        target = SqliteFile(paths.database) if left == "source" else PostgresDatabase(place.app, place.owner)
        PostgresDatabase(served.app, served.owner).upgrade()
        seen = micros(MONDAY - timedelta(seconds=20))
        cluster().ask(f"INSERT INTO server VALUES ('elsewhere-1', 'elsewhere', 'b:/', 0, {seen}, 7, 7)", served.name)

        with pytest.raises(Refused, match="server of another host or folder"):
            _begin(paths, target)
        _begin_later(paths, target)


def _begin_later(paths: DeskPaths, target: Database) -> None:
    with moving_desk(paths, target, unheard, MONDAY + timedelta(minutes=1)) as moving:
        assert moving.approach() > 0


def test_content_that_only_another_host_has_in_files_comes_along(tmp_path: Path) -> None:
    with open_bench(tmp_path, database=POSTGRES) as bench:
        bench.ticket()
        paths = bench.desk.paths
        (file,) = (path for path in paths.raw.rglob("*") if path.is_file())
        body = file.read_bytes()
        file.unlink()

        with moving_desk(paths, SqliteFile(paths.database), unheard, MONDAY) as moving:
            moving.approach()

        assert file.read_bytes() == body


def test_another_desks_database_is_refused_and_left_as_it_is(bench: Bench, place: Place, tmp_path: Path) -> None:
    with open_bench(tmp_path / "other") as other:
        other.ticket()
        copy_desk(SqliteFile(other.desk.paths.database), PostgresDatabase(place.app, place.owner), unheard)
    before = _tables(PostgresDatabase(place.app, place.owner))
    bench.ticket()

    with (
        pytest.raises(Refused, match="events which this desk has not"),
        moving_desk(bench.desk.paths, PostgresDatabase(place.app, place.owner), unheard, MONDAY) as desk,
    ):
        desk.approach()

    assert _tables(PostgresDatabase(place.app, place.owner)) == before


def test_what_a_killed_restore_left_in_a_database_is_no_obstacle_for_the_next(
    bench: Bench, place: Place, tmp_path: Path
) -> None:
    target = PostgresDatabase(place.app, place.owner)
    with open_bench(tmp_path / "other") as other:
        _busy(other)
        copy_desk(SqliteFile(other.desk.paths.database), target, unheard)
    bench.ticket()

    with pytest.raises(Refused, match="There is a desk in that database already"):
        clear_unfounded(target)
    with opened_end(target) as end, end.writing.begin() as connection:
        connection.exec_driver_sql("DELETE FROM desk")
    clear_unfounded(target)
    copy_desk(SqliteFile(bench.desk.paths.database), target, unheard)

    assert _tables(SqliteFile(bench.desk.paths.database)) == _tables(target)
    assert _found(target, "kettle") == []
    with pytest.raises(DBAPIError), opened_end(target) as end, end.writing.begin() as connection:
        connection.exec_driver_sql("DELETE FROM event")


def test_a_row_that_is_not_as_it_was_copied_is_found_and_written_anew(bench: Bench, place: Place) -> None:
    _busy(bench)
    source, target = SqliteFile(bench.desk.paths.database), PostgresDatabase(place.app, place.owner)
    copy_desk(source, target, unheard)
    with opened_end(target) as end, end.writing.begin() as connection:
        connection.exec_driver_sql("UPDATE contact SET text = 'something else' WHERE id = 2")
        connection.exec_driver_sql("DELETE FROM raw_mail WHERE contact_id = 3")
        connection.exec_driver_sql("INSERT INTO brand (id, name, pack_id) VALUES ('zz', 'Nobody', 'none')")

    with written_end(target) as end:
        moving = Moving(source.reading(), end.reading, end.writing, unheard)
        written = moving.approach()

    assert written == 3
    assert _tables(source) == _tables(target)


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        ([(1, "a")], [(1, "a")], []),
        ([(1, "a"), (2, "b")], [(2, "b")], [((1, "a"), None)]),
        ([(2, "b")], [(1, "a"), (2, "b"), (3, "c")], [(None, (1, "a")), (None, (3, "c"))]),
        ([(1, "a")], [(1, "b")], [((1, "a"), (1, "b"))]),
        ([], [(1, "a")], [(None, (1, "a"))]),
        ([("B", 1), ("a", 1)], [("a", 1)], [(("B", 1), None)]),
    ],
)
def test_rows_are_compared_by_their_key(ours: list[Row], theirs: list[Row], found: list[object]) -> None:
    assert list(differences(iter(ours), iter(theirs), lambda row: row[:1])) == found
