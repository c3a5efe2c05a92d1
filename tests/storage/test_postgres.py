"""PostgreSQL as a desk's database: its schema, its two roles, its values, and how it is opened."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.pool import NullPool

from agentconsole.domain.errors import Refused
from agentconsole.queries.find import find_tickets
from agentconsole.queries.status import read_figures
from agentconsole.storage import search
from agentconsole.storage.postgres import reading_engine, writing_engine
from agentconsole.storage.postgres_database import PostgresDatabase
from agentconsole.storage.postgres_dialect import DeskDialect
from agentconsole.storage.postgres_upgrade import migrate, schema_of, upgrade
from agentconsole.storage.tables.all import metadata
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.upgrade import HEAD
from tests.database_owner import as_owner
from tests.desk_bench import MONDAY, POSTGRES, Bench, open_bench, place_of
from tests.postgres import APP, LOCKED, Place, cluster

SEARCH = "search_doc"
"""The search index is its migration's alone, as in SQLite."""


@pytest.fixture(name="place")
def _place() -> Iterator[Place]:
    place = cluster().database()
    yield place
    cluster().drop(place)


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path, database=POSTGRES) as bench:
        yield bench


def _app(bench: Bench) -> Place:
    place = place_of(bench.desk.paths)
    assert place is not None
    return place


# The schema


def test_a_new_database_has_the_newest_schema_and_a_second_upgrade_changes_nothing(place: Place) -> None:
    first, again = upgrade(place.app, place.owner), upgrade(place.app, place.owner)

    assert (first, again, schema_of(place.app)) == ("", HEAD, HEAD)


def test_a_migrated_database_is_what_the_tables_say(place: Place) -> None:
    upgrade(place.app, place.owner)

    assert _differences(place) == []


def test_a_table_that_differs_is_noticed(place: Place) -> None:
    upgrade(place.app, place.owner)
    cluster().ask("ALTER TABLE draft ALTER COLUMN seen TYPE integer", place.name)

    assert "modify_type" in str(_differences(place))


def _differences(place: Place) -> list[Any]:
    def ours(name: str | None, kind: str, _: object) -> bool:
        return not (kind == "table" and name == SEARCH)

    def differs(_context: object, _column: object, _ours: object, there: Any, here: Any) -> bool:
        return bool(there.compile(dialect=PGDialect()) != here.compile(dialect=DeskDialect()))

    # As others see it: the desk's own way with whole numbers would hide what they are.
    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(place.owner), poolclass=NullPool)
    with engine.connect() as connection:
        options = {"compare_type": differs, "include_name": ours}
        found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    return found


def test_every_whole_number_has_64_bits(place: Place) -> None:
    """As in SQLite: an IMAP number alone can be larger than 31 bits hold."""
    upgrade(place.app, place.owner)

    narrow = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    assert cluster().ask(f"{narrow} AND data_type IN ('integer', 'smallint')", place.name) == []


def test_an_upgrade_that_fails_leaves_nothing_behind_and_can_be_repeated(place: Place) -> None:
    """PROMISES 8: the last of its tables is in the way, so that everything before it has been made."""
    cluster().ask("CREATE TABLE password_guard_by_name (a int)", place.name)
    with pytest.raises(sa.exc.ProgrammingError, match="already exists"):
        upgrade(place.app, place.owner)
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"

    left = cluster().ask(tables, place.name)
    cluster().ask("DROP TABLE password_guard_by_name", place.name)

    assert left == [("password_guard_by_name",)]
    assert upgrade(place.app, place.owner) == ""


def test_a_newer_schema_is_refused_politely(place: Place) -> None:
    upgrade(place.app, place.owner)
    cluster().ask("UPDATE alembic_version SET version_num = '9999'", place.name)

    with pytest.raises(Refused, match="newer agentconsole"):
        upgrade(place.app, place.owner)


def test_the_desk_s_own_role_does_not_change_an_old_schema(place: Place) -> None:
    with pytest.raises(Refused, match="no tables yet: name the role that owns it"):
        PostgresDatabase(place.app).upgrade()


def test_a_server_of_an_older_schema_is_told_what_to_type_also_where_the_owner_s_password_is_elsewhere(
    place: Place,
) -> None:
    upgrade(place.app, place.owner)
    cluster().ask("UPDATE alembic_version SET version_num = '0008'", place.name)

    for owner in ("", cluster().conninfo(LOCKED, place.name)):
        with pytest.raises(Refused, match="type `agentconsole database upgrade --owner"):
            upgrade(place.app, owner)


@pytest.mark.parametrize(
    ("server_place", "seconds_ago", "refused"),
    [("elsewhere", 0, True), ("elsewhere", 50, True), ("elsewhere", 70, False), ("here", 0, False)],
)
def test_nothing_is_migrated_while_a_server_of_another_place_works_there(
    place: Place, server_place: str, seconds_ago: int, refused: bool
) -> None:
    upgrade(place.app, place.owner)
    cluster().ask(
        "INSERT INTO server (id, place, name, began_at, seen_at, beats, fed) VALUES"
        f" ('s', '{server_place}', 'host2:/desk', 0, (extract(epoch FROM now()) - {seconds_ago}) * 1000000, 0, 0)",
        place.name,
    )

    if refused:
        with pytest.raises(Refused, match=r"\(host2:/desk\): stop it first") as said:
            migrate(place.owner, APP, "here")
        assert said.value.code == "down"
    else:
        migrate(place.owner, APP, "here")


def test_a_database_that_cannot_hold_every_letter_is_refused() -> None:
    cluster().ask("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(Refused, match="kept in LATIN1"):
            schema_of(cluster().place("latin").app)
    finally:
        cluster().ask("DROP DATABASE latin")


# The two roles


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'eve'",
        "DELETE FROM event",
        "TRUNCATE event",
        "ALTER TABLE event DISABLE TRIGGER ALL",
        "DROP TABLE event",
        "UPDATE alembic_version SET version_num = '0001'",
        "CREATE TABLE mine (a int)",
    ],
)
def test_the_desk_s_role_can_only_add_to_the_log_and_owns_nothing(desk: Bench, statement: str) -> None:
    """PROMISES 6.17."""
    before = desk.events()

    with psycopg.connect(_app(desk).app) as link, pytest.raises(psycopg.errors.InsufficientPrivilege):
        link.execute(statement)  # type: ignore[call-overload]

    assert [event.hash for event in desk.events()] == [event.hash for event in before]


@pytest.mark.parametrize("statement", ["UPDATE event SET actor = 'eve'", "DELETE FROM event", "TRUNCATE event"])
def test_the_owner_cannot_change_the_log_by_mistake_either(desk: Bench, statement: str) -> None:
    with as_owner(desk) as link, pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        link.execute(statement)


# How it is opened


def test_a_transaction_says_itself_how_isolated_it_is(place: Place) -> None:
    """PROMISES 6.17: behind a pool, what was said to the connection may have been said to another one."""
    found = []
    for engine in (writing_engine(place.app), reading_engine(place.app)):
        with engine.connect() as connection:
            names = ("transaction_isolation", "transaction_read_only", "default_transaction_read_only")
            found.append(tuple(connection.execute(sa.text(f"SHOW {name}")).scalar() for name in names))
        engine.dispose()

    assert found == [("read committed", "off", "off"), ("repeatable read", "on", "off")]


def test_nothing_is_prepared_in_the_connection(desk: Bench) -> None:
    for _ in range(20):
        desk.page("ana")

    assert desk.read(lambda s: s.execute(sa.text("SELECT count(*) FROM pg_prepared_statements")).scalar()) == 0


def test_what_fails_does_not_say_what_was_to_be_written(desk: Bench) -> None:
    """PROMISES 21: PostgreSQL shows the whole row that breaks a rule."""
    with pytest.raises(Exception, match="null value") as held:
        desk.write(lambda tx: tx.insert(Customer, name="my card is 4111", email=None, created_at=tx.now))
    with pytest.raises(Exception, match="null value") as loaded:
        desk.write(lambda tx: tx.session.execute(sa.insert(Customer).values(name="my card is 4111", email=sa.null())))

    assert "4111" not in f"{held.value!r} {loaded.value!r} {held.value.__cause__!r} {loaded.value.__cause__!r}"


def test_text_that_postgres_cannot_hold_is_kept_with_a_mark_in_its_place(desk: Bench) -> None:
    desk.write(lambda tx: tx.insert(Customer, name="a\0b", created_at=tx.now))

    assert desk.scalar("SELECT name FROM customer WHERE name LIKE 'a%'") == "a\ufffdb"
    assert desk.page("ana", "team", '"a\0b"').rows == ()


def test_a_number_of_more_than_31_bits_is_stored(desk: Bench) -> None:
    desk.write(lambda tx: tx.rows("UPDATE desk SET hold_seconds = :large", large=4_294_967_295))

    assert desk.scalar("SELECT hold_seconds FROM desk") == 4_294_967_295


def test_a_sum_of_whole_numbers_is_one(desk: Bench) -> None:
    """What goes over the wire is a number there, and no Decimal."""
    desk.ticket()

    figures = desk.read(lambda session: read_figures(session, desk.clock.now()))

    assert (figures.tickets_live, type(figures.tickets_live)) == (1, int)


# Search


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("refund", True),
        ("refu", True),
        ("refund order", True),
        ("snake_case", True),
        ("snake_ca", True),
        ("case_snake", False),
        ("o'brien", True),
        ("a\\b", True),
        ("x" * 5000, True),
        ("' | 'refund", True),
        ("!refund", True),
        ("<-> & | !", False),
        ("_", False),
    ],
)
def test_whatever_is_looked_for_is_a_word_and_never_an_operator(desk: Bench, text: str, found: bool) -> None:
    written = f"Refund for order 4471 by O'Brien: snake_case a\\b {'x' * 5000}"
    desk.write(lambda tx: search.index(tx, 1, written))
    number = desk.ticket()

    rows = desk.read(lambda session: find_tickets(session, text, 10))

    assert number == 1
    assert bool(rows) is found


def test_a_phrase_far_into_a_long_text_is_found(desk: Bench) -> None:
    number = desk.ticket()
    desk.write(lambda tx: search.index(tx, number, "word " * 10_000 + "purple elephant"))

    assert [row.ticket for row in desk.page("ana", "team", '"purple elephant"').rows] == [number]
    assert desk.page("ana", "team", '"elephant purple"').rows == ()
    assert desk.clock.now() == MONDAY
