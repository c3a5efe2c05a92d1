"""A database that goes away: nothing acknowledged is lost, nothing is done twice or by half (PROMISES P1)."""

import functools
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from agentconsole.domain.errors import Refused
from agentconsole.server.desk import OpenDesk, open_desk
from agentconsole.storage.database import database_of
from agentconsole.storage.events import Head, head, is_there, verify
from agentconsole.storage.postgres_link import Reconnecting
from agentconsole.storage.postgres_lock import NUMBER
from agentconsole.storage.postgres_outage import Outage
from agentconsole.storage.tables.lease import Lease
from agentconsole.storage.transaction import DESK, Tx
from tests.desk_bench import POSTGRES, Bench, master, open_bench, place_of
from tests.postgres import cluster
from tests.severing import Relay, relay

BACK_SECONDS = 5.0


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path, database=POSTGRES) as bench:
        yield bench


@contextmanager
def another_server(
    bench: Bench, port: int = 0, reaching: Callable[[bool], None] = lambda _: None
) -> Iterator[OpenDesk]:
    """Open the desk once more, as a server on another host does; by another port if one is given."""
    file = bench.desk.paths.database_named
    if port:
        file.write_text(file.read_text("utf-8").replace(f"port={cluster().port}", f"port={port}"), "utf-8")
    opened = open_desk(
        bench.desk.paths,
        os.environ,
        committed=lambda _: None,
        reaching=reaching,
        clock=bench.clock,
        wall=bench.clock,
        master=master(),
    )
    if port:
        file.write_text(file.read_text("utf-8").replace(f"port={port}", f"port={cluster().port}"), "utf-8")
    try:
        yield opened
    finally:
        opened.close()


def _lease(tx: Tx, name: str) -> str:
    tx.add(Lease(name=name, holder="test", since=tx.wall))
    tx.record("test.leased", subject=name)
    return name


def _cut_all(bench: Bench) -> None:
    place = place_of(bench.desk.paths)
    assert place is not None
    cluster().ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{place.name}'")


def _leases(bench: Bench) -> list[str]:
    return bench.read(lambda s: list(s.execute(sa.text("SELECT name FROM lease ORDER BY name")).scalars()))


def _is_whole(bench: Bench) -> bool:
    return not bench.read(lambda session: verify(session, bench.desk.context.audit_key)).fault


def test_a_use_case_whose_link_is_lost_is_done_again_and_once(desk: Bench) -> None:
    runs: list[int] = []

    def work(tx: Tx) -> str:
        runs.append(1)
        _lease(tx, "first half")
        if len(runs) == 1:
            _cut_all(desk)
        return _lease(tx, "second half")

    assert desk.write(work) == "second half"
    assert (len(runs), _leases(desk)) == (2, ["first half", "second half"])
    assert [event.subject for event in desk.events("test.leased")] == ["first half", "second half"]
    assert _is_whole(desk)


def test_a_loss_that_a_use_case_hides_still_undoes_its_whole_group(desk: Bench) -> None:
    runs: list[int] = []

    def hides(tx: Tx) -> str:
        runs.append(1)
        if len(runs) == 1:
            _lease(tx, "not alone")
            _cut_all(desk)
            with pytest.raises(Exception, match=r"terminat|closed|lost"):
                tx.rows("SELECT 1")
        return _lease(tx, f"run {len(runs)}")

    assert desk.write(hides) == "run 2"
    assert _leases(desk) == ["run 2"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_commit_that_nobody_heard_of_is_done_once(desk: Bench, moment: str) -> None:
    """The database is asked whether it was: only then is it done again."""
    with relay(cluster().port) as wire, another_server(desk, wire.port) as server:
        server.writer.run(DESK, lambda tx: _lease(tx, "a"))
        wire.cut = "before" if moment == "before" else "after"

        assert server.writer.run(DESK, lambda tx: _lease(tx, "b")) == "b"

    assert wire.cuts == 1
    assert _leases(desk) == ["a", "b"]
    assert [event.subject for event in desk.events("test.leased")] == ["a", "b"]
    assert _is_whole(desk)


def test_who_cannot_be_told_whether_it_was_done_is_told_so(desk: Bench) -> None:
    with relay(cluster().port) as wire, another_server(desk, wire.port) as server:
        server.writer._link = Reconnecting(Outage(), patience=0.4, reading=0.2)
        wire.cut, wire.then = "after", "closed"

        with pytest.raises(Refused, match="look whether this was done"):
            server.writer.run(DESK, lambda tx: _lease(tx, "done after all"))

    assert _leases(desk) == ["done after all"]


def test_a_number_that_a_crash_took_back_is_of_nothing_that_was_done(desk: Bench) -> None:
    """Found by the restarts of P1: the database had lost the transaction so wholly that it knew no such number."""
    engine = database_of(desk.desk.paths).writing()
    try:
        link = Reconnecting(Outage())
        ended = [link._was_committed(engine, f"{number} 9999999999") for number in (10**12, 10**12 + 1)]
        known = link.write(engine, lambda connection: connection.exec_driver_sql(f"SELECT {NUMBER}").scalar())
        newest = desk.read(head)
        done = link._was_committed(engine, str(known), lambda connection: is_there(connection, newest))
    finally:
        engine.dispose()

    assert (ended, done) == ([False, False], True)


def test_a_number_that_was_given_out_again_after_a_crash_is_not_taken_for_the_first(desk: Bench) -> None:
    """What another server did under it must not be told to who was lost with it.

    The database tells the time of a checkpoint in whole seconds: after a recovery within the second it is told by what
    the lost one had written.
    """
    place = place_of(desk.desk.paths)
    assert place is not None
    link = psycopg.connect(place.app)
    number = str(link.execute(f"SELECT {NUMBER}").fetchall()[0][0])
    cluster().stop()
    cluster().start()
    link.close()
    first, later = int(number.split()[0]), 0
    a_second_ago = f"{first} {float(number.split()[1]) - 1}"
    while later < first:
        desk.write(functools.partial(_lease, name=f"after {later}"))
        later = int(str(cluster().ask("SELECT pg_snapshot_xmax(pg_current_snapshot())")[0][0])) - 1
    plain = cluster().ask(f"SELECT pg_xact_status('{first}'::xid8)")
    engine = database_of(desk.desk.paths).writing()
    link, lost = Reconnecting(Outage()), Head(1, "of what was lost", None)
    ended = link._was_committed(engine, a_second_ago)
    at_once = link._was_committed(engine, number, lambda connection: is_there(connection, lost))
    engine.dispose()

    assert (plain, ended, at_once) == ([("committed",)], False, False)


def test_a_database_that_stays_away_is_told_of_and_nothing_is_done(desk: Bench) -> None:
    with relay(cluster().port) as wire, another_server(desk, wire.port) as server:
        server.writer._link = server.reader._link = Reconnecting(Outage(), patience=0.4, reading=0.2)
        _shut(wire)

        with pytest.raises(Refused, match="nothing was done"):
            server.writer.run(DESK, lambda tx: _lease(tx, "never"))
        with pytest.raises(Refused, match="cannot be read now"):
            server.reader.run(lambda session: session.execute(sa.text("SELECT 1")).scalar())
        wire.cut = ""
        assert server.writer.run(DESK, lambda tx: _lease(tx, "later")) == "later"

    assert _leases(desk) == ["later"]


def _shut(wire: Relay) -> None:
    wire.cut = "closed"
    wire.close()


def test_what_is_read_while_the_link_is_lost_is_read_again(desk: Bench) -> None:
    number = desk.ticket()
    desk.page("ana")
    _cut_all(desk)

    assert [row.ticket for row in desk.page("ana").rows] == [number]


def test_a_refusal_is_not_mistaken_for_a_lost_link(desk: Bench) -> None:
    runs: list[int] = []

    def refused(tx: Tx) -> None:
        runs.append(1)
        _lease(tx, "never")
        raise Refused("No.")

    with pytest.raises(Refused, match="No"):
        desk.write(refused)
    with pytest.raises(sa.exc.ProgrammingError):
        desk.read(lambda session: session.execute(sa.text("SELECT nothing")))

    assert (len(runs), _leases(desk)) == (1, [])


def test_several_servers_write_one_chain_without_a_gap(desk: Bench) -> None:
    with another_server(desk) as one, another_server(desk) as two:
        futures = [
            server.writer.submit(DESK, lambda tx, name=f"{at:03}-{number}": _lease(tx, name))  # type: ignore[misc]
            for number in range(40)
            for at, server in enumerate((desk.desk, one, two))
        ]
        done = [future.result(30) for future in futures]

    assert _leases(desk) == sorted(done)
    assert _is_whole(desk)
    assert len({(event.actor, event.subject) for event in desk.events("test.leased")}) == 120


@pytest.mark.parametrize(
    ("restarts", "agents_each"), [(3, 4), pytest.param(200, 16, marks=[pytest.mark.long, pytest.mark.timeout(1800)])]
)
def test_restarts_under_load_lose_and_double_nothing(desk: Bench, restarts: int, agents_each: int) -> None:
    """P1: two servers keep writing while the database is killed and comes back, and go on within five seconds."""
    over = threading.Event()
    told: list[str] = []

    with another_server(desk) as other:

        def agent(server: OpenDesk, name: str) -> None:
            number = 0
            while not over.is_set():
                told.append(server.writer.run(DESK, lambda tx: _lease(tx, f"{name}-{number}")))  # noqa: B023 - at once
                number += 1

        agents = [
            threading.Thread(target=agent, args=(server, f"{at}-{n}"))
            for at, server in enumerate((desk.desk, other))
            for n in range(agents_each)
        ]
        for thread in agents:
            thread.start()
        waited = []
        for _ in range(restarts):
            cluster().stop()
            before = len(told)
            cluster().start()
            back = time.monotonic()
            while len(told) < before + 2 * len(agents):
                assert all(thread.is_alive() for thread in agents)
                over.wait(0.02)
            waited.append(time.monotonic() - back)
        over.set()
        for thread in agents:
            thread.join(30)

    assert max(waited) < BACK_SECONDS
    assert _leases(desk) == sorted(told)
    assert [event.subject for event in desk.events("test.leased")].count("0-0-0") == 1
    assert len(desk.events("test.leased")) == len(told)
    assert _is_whole(desk)
