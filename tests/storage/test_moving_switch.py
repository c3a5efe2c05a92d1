"""The moment of a move, step by step: wherever it ends, one database is the desk's and the other one is shut."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.server.desk import open_desk
from agentconsole.storage.database import SqliteFile, database_of
from agentconsole.storage.moving_desk import moving_desk
from agentconsole.storage.moving_ends import copy_desk, opened_end
from agentconsole.storage.moving_switch import begin_switch, end_switch, mark, recover, switch
from agentconsole.storage.postgres_database import PostgresDatabase
from tests.desk_bench import MONDAY, POSTGRES, SQLITE, make_home, master, name_database, place_of
from tests.postgres import Place, cluster

STEPS = ("begin", "mark", "switch", "end")


@pytest.fixture(name="place")
def _place() -> Iterator[Place]:
    place = cluster().database()
    yield place
    cluster().drop(place)


def _take_steps(paths: DeskPaths, place: Place | None, last: str) -> None:
    """Take the steps of a switch up to the last one, with `place` to where, or None for a file."""
    source = database_of(paths)
    for step in STEPS[: STEPS.index(last) + 1]:
        if step == "begin":
            begin_switch(paths, None if place is None else lambda staged: name_database(staged, place))
        elif step == "mark":
            with opened_end(source) as end, end.writing.begin() as connection:
                mark(connection)
        elif step == "switch":
            switch(paths, MONDAY)
        else:
            end_switch(paths, MONDAY)


@pytest.mark.parametrize("last", STEPS)
@pytest.mark.parametrize("kept", [SQLITE, POSTGRES])
def test_a_switch_that_ends_anywhere_leaves_one_desk(tmp_path: Path, place: Place, kept: str, last: str) -> None:
    paths = make_home(tmp_path, database=kept)
    old, source = place_of(paths), database_of(paths)
    target = SqliteFile(paths.database) if old else PostgresDatabase(place.app, place.owner)
    copy_desk(source, target, lambda _table, _rows: None)

    _take_steps(paths, None if old else place, last)
    recover(paths, MONDAY)

    switched = last in ("switch", "end")
    assert database_of(paths) == (target if switched else source)
    open_desk(paths, os.environ, committed=lambda _: None, master=master()).close()
    assert not paths.moving.exists()
    if switched:
        for left in [source] if old else map(SqliteFile, paths.home.glob("desk-before-move-*.sqlite3")):
            with pytest.raises(Refused, match="has moved to another database"):
                left.upgrade()
    if old is not None:
        cluster().drop(old)


def test_a_database_that_gives_up_is_told_of_in_a_sentence(tmp_path: Path) -> None:
    paths, away = make_home(tmp_path), cluster().database()
    target = PostgresDatabase(away.app, away.owner)

    def move() -> None:
        with moving_desk(paths, target, lambda _table, _rows: None, MONDAY) as moving:
            cluster().drop(away)
            moving.approach()

    with pytest.raises(Refused, match=r"gave up .* the desk is where it was, and what was copied is kept"):
        move()

    assert database_of(paths) == SqliteFile(paths.database)
    assert not paths.moving.exists()
