"""A move is told to the event log of the desk that moved, once, and both logs stay whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from agentconsole.config.paths import DeskPaths
from agentconsole.server.arrival import record_move
from agentconsole.storage.database import SqliteFile, database_of
from agentconsole.storage.events import verify
from agentconsole.storage.moving_desk import moving_desk
from agentconsole.storage.moving_note import leave_note
from agentconsole.storage.postgres_database import PostgresDatabase
from tests.desk_bench import MONDAY, make_home
from tests.postgres import Place, cluster
from tests.server_bench import PEOPLE, Served, on_a_loop, scalar, serve

MOVES = "SELECT count(*) FROM event WHERE kind = 'desk.moved'"


@pytest.fixture(name="place")
def _place() -> Iterator[Place]:
    place = cluster().database()
    yield place
    cluster().drop(place)


def _unheard(_table: str, _rows: int) -> None:
    """Hear of rows, and tell nobody."""


def _moved(folder: Path, place: Place) -> DeskPaths:
    paths = make_home(folder, people=PEOPLE)
    with moving_desk(paths, PostgresDatabase(place.app, place.owner), _unheard, MONDAY) as moving:
        moving.finish(MONDAY)
    return paths


def _fault(served: Served, engine_of: SqliteFile | None = None) -> str:
    key = served.desk.context.audit_key
    if engine_of is None:
        return served.desk.reader.run(lambda session: verify(session, key)).fault
    engine = engine_of.reading()
    with Session(engine) as session:
        verdict = verify(session, key)
    engine.dispose()
    return verdict.fault


@on_a_loop
async def test_the_first_server_tells_of_a_move_and_both_logs_are_whole(tmp_path: Path, place: Place) -> None:
    paths = _moved(tmp_path, place)
    assert paths.moved.stat().st_mode & 0o777 == 0o600

    for _ in range(2):
        async with serve(tmp_path, paths=paths) as served:
            moves = await scalar(served, MOVES)
            body = await scalar(served, "SELECT body FROM event WHERE kind = 'desk.moved'")
            (left,) = map(SqliteFile, paths.home.glob("desk-before-move-*.sqlite3"))
            faults = (_fault(served), _fault(served, left))

    assert (moves, faults) == (1, ("", ""))
    assert body == '{"at":"2026-11-23T10:00:00+00:00","from":"sqlite","to":"postgresql"}'


@on_a_loop
async def test_a_server_that_was_killed_before_it_forgot_tells_of_it_once(tmp_path: Path, place: Place) -> None:
    paths = _moved(tmp_path, place)
    note = paths.moved.read_bytes()

    async with serve(tmp_path, paths=paths) as served:
        paths.moved.write_bytes(note)
        record_move(served.desk)
        moves = await scalar(served, MOVES)

    assert moves == 1


@pytest.mark.parametrize("junk", [None, b"", b"{", b"[]", b'{"source": 1}', b"\xff\xfe"])
@on_a_loop
async def test_a_move_that_was_ended_and_a_note_that_is_none_tell_nothing(tmp_path: Path, junk: bytes | None) -> None:
    paths = make_home(tmp_path, people=PEOPLE)
    if junk is None:
        leave_note(paths, database_of(paths), PostgresDatabase("service=desk"), MONDAY)
    else:
        paths.moved.write_bytes(junk)

    async with serve(tmp_path, paths=paths) as served:
        moves = await scalar(served, MOVES)

    assert (moves, paths.moved.exists()) == (0, False)
