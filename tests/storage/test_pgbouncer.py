"""A desk behind a pgbouncer that hands out connections by transaction: it keeps nothing in a connection."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from agentconsole.domain.errors import Refused
from agentconsole.queries.find import find_tickets
from agentconsole.storage.database import database_of
from agentconsole.storage.events import verify
from agentconsole.storage.postgres_database import PostgresDatabase
from agentconsole.storage.tables.lease import Lease
from agentconsole.storage.transaction import DESK, Tx
from agentconsole.wire import commands
from tests.desk_bench import BOUNCER, Bench, open_bench, place_of
from tests.postgres import Place, bouncer, cluster
from tests.storage.test_postgres_link import another_server


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path, database=BOUNCER) as bench:
        yield bench


def _place(bench: Bench) -> Place:
    place = place_of(bench.desk.paths)
    assert place is not None
    return place


def _links(bench: Bench) -> int:
    """Count the connections that the pool itself has to the desk's database."""
    asked = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{_place(bench).name}' AND usename = 'desk_app'"
    return int(cluster().ask(asked)[0][0])


def test_a_day_s_work_goes_through_a_pool(desk: Bench) -> None:
    """PROMISES 6.17: mail in, an answer, mail out, search, an undo and the sweep, over two connections at most."""
    number = desk.ticket()
    desk.do("ana", commands.Take(number, desk.row(number).version))
    desk.do("ana", commands.Reply(number, desk.row(number).version, "It is on its way.", "resolve"))
    sent = desk.deliver()
    desk.do("ana", commands.SetPriority(number, desk.row(number).version, "high"))
    desk.do("ana", commands.Undo())
    desk.move(days=2)

    found = [row.ticket for row in desk.read(lambda session: find_tickets(session, "order", 10))]
    log = desk.read(lambda session: verify(session, desk.desk.context.audit_key))

    assert [mail.to[0].email for mail in sent] == ["rosa@example.org"]
    assert (desk.row(number).priority, found, log.fault) == ("normal", [number], "")
    assert 0 < _links(desk) <= 2


def test_two_servers_write_one_chain_through_one_pool(desk: Bench) -> None:
    """The lock ends with the transaction; one of a session would stay with a connection that the next client has."""

    def lease(tx: Tx, name: str) -> str:
        tx.add(Lease(name=name, holder="test", since=tx.wall))
        tx.record("test.leased", subject=name)
        return name

    with another_server(desk) as other:
        asked = [
            server.writer.submit(DESK, lambda tx, name=f"{at}-{number}": lease(tx, name))  # type: ignore[misc]
            for number in range(25)
            for at, server in enumerate((desk.desk, other))
        ]
        done = [future.result(30) for future in asked]

    assert len(set(done)) == 50
    assert [event.seq for event in desk.events()] == list(range(1, len(desk.events()) + 1))
    assert not desk.read(lambda session: verify(session, desk.desk.context.audit_key)).fault
    assert cluster().ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]


def test_who_comes_after_the_desk_in_the_pool_reads_nothing(desk: Bench) -> None:
    """PROMISES 8.4: what one client set for its session the next one behind the pool would find set."""
    desk.ticket()

    with psycopg.connect(_place(desk).app, prepare_threshold=None) as link:
        found = [link.execute("SELECT count(*) FROM contact").fetchall() for _ in range(5)]

    assert found == [[(0,)]] * 5


def test_the_direct_way_goes_past_the_pool(desk: Bench) -> None:
    """LISTEN needs a connection that is one's own: the desk is told of it apart."""
    database = database_of(desk.desk.paths)

    assert isinstance(database, PostgresDatabase)
    assert f"port={bouncer().port}" in database.app
    assert f"port={cluster().port}" in database.listening
    assert PostgresDatabase("service=desk").listening == "service=desk"


def test_a_pool_that_is_started_anew_costs_nothing_that_was_acknowledged(desk: Bench) -> None:
    desk.write(lambda tx: tx.add(Lease(name="before", holder="test", since=tx.wall)))

    bouncer().stop()
    asked = desk.desk.writer.submit(DESK, lambda tx: tx.add(Lease(name="between", holder="test", since=tx.wall)))
    bouncer().start()
    asked.result(20)

    assert desk.scalar("SELECT count(*) FROM lease") == 2


def test_a_database_that_is_away_behind_its_pool_is_told_of(desk: Bench) -> None:
    """The pool itself answers, and keeps who asks waiting for as long as it was told to."""
    heard: list[bool] = []
    with another_server(desk, reaching=heard.append) as other:
        cluster().stop()
        try:
            with pytest.raises(Refused, match="cannot be read now"):
                other.reader.run(lambda session: session.connection())
        finally:
            cluster().start()
        other.writer.run(DESK, lambda tx: tx.add(Lease(name="after", holder="test", since=tx.wall)))

    assert heard == [True, False]
