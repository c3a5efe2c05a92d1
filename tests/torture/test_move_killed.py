"""A move of the database, killed at any moment: the desk is in one of the two, whole, and the next move goes on."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.config.paths import DeskPaths
from agentconsole.server.desk import open_desk
from agentconsole.storage.database import Database, SqliteFile, database_of
from agentconsole.storage.events import verify
from agentconsole.storage.moving_desk import moving_desk
from agentconsole.storage.moving_ends import opened_end
from agentconsole.storage.moving_switch import recover
from agentconsole.storage.moving_tables import moving_tables
from agentconsole.storage.postgres_database import PostgresDatabase
from tests.desk_bench import MONDAY, master, open_bench
from tests.postgres import Place, cluster

CASES = 40
Tables = dict[str, list[object]]


@pytest.fixture(name="places")
def _places() -> Iterator[list[Place]]:
    places: list[Place] = []
    yield places
    for place in places:
        cluster().drop(place)


def _move(paths: DeskPaths, target: Database) -> None:
    """Do what the verb does, in a process that may be killed."""
    recover(paths, MONDAY)
    with moving_desk(paths, target, lambda _table, _rows: None, MONDAY) as desk:
        desk.approach()
        desk.finish(MONDAY)


def _tables(database: Database) -> Tables:
    with opened_end(database) as end, end.reading.connect() as connection, connection.begin():
        return {table.name: list(table.rows(connection)) for table in moving_tables()}


def _next_target(paths: DeskPaths, places: list[Place]) -> Database:
    if not isinstance(database_of(paths), SqliteFile):
        return SqliteFile(paths.database)
    places.append(cluster().database())
    return PostgresDatabase(places[-1].app, places[-1].owner)


def _starts(paths: DeskPaths) -> str:
    """Start the desk where its setting says, as the next server does; return what is wrong with its log."""
    recover(paths, MONDAY)
    desk = open_desk(paths, os.environ, committed=lambda _: None, master=master())
    try:
        return desk.reader.run(lambda session: verify(session, desk.context.audit_key)).fault
    finally:
        desk.close()


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kills", [20, pytest.param(500, marks=pytest.mark.long)])
def test_a_move_that_is_killed_leaves_a_whole_desk_and_the_next_goes_on(
    tmp_path: Path, places: list[Place], kills: int
) -> None:
    chance = random.Random(kills)
    with open_bench(tmp_path) as bench:
        paths = bench.desk.paths
        for number in range(CASES):
            bench.ticket(f"c{number}@example.org")
    before = _tables(database_of(paths))
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__])
    longest, killed, moves, lost = 1.0, 0, 0, []
    target = _next_target(paths, places)
    while killed < kills:
        mover = forks.Process(target=_move, args=(paths, target))
        began = time.monotonic()
        mover.start()
        mover.join(chance.uniform(0, longest))
        if mover.is_alive():
            assert mover.pid is not None
            os.kill(mover.pid, signal.SIGKILL)
            mover.join()
            killed += 1
            # A machine that has other work is slower than it was: some are to come to their end.
            longest *= 1.25
        else:
            longest = time.monotonic() - began
        if fault := _starts(paths):
            lost.append(fault)
        if type(database_of(paths)) is type(target):
            moves += 1
            if _tables(database_of(paths)) != before:
                lost.append("rows")
            target = _next_target(paths, places)

    print(f"{killed} kills, {moves} moves, a whole one takes {longest:.2f} s")
    assert lost == []
    assert moves > 1
