"""The sums of a database file's pages: what they notice, and when they rather learn than cry wolf."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from agentconsole.storage.engine import create_private, reading_engine, writing_engine
from agentconsole.storage.page_sums import EVERY, PageSums

ROWS = EVERY * 2
LONG = "x" * 1500


class Kept:
    """Hold a database that is open, and the sums of its pages."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sums = PageSums(path)
        self.engine: Engine = writing_engine(path)
        self.sums.follow(self.engine)

    def write(self, rows: int = ROWS, text: str = LONG) -> None:
        """Add rows, a few in a transaction."""
        for _ in range(0, rows, 50):
            with self.engine.begin() as connection:
                connection.execute(sa.text("INSERT INTO t (text) VALUES (:text)"), [{"text": text}] * 50)

    def close(self) -> "Kept":
        """Close it as a desk is closed."""
        self.engine.dispose()
        self.sums.close()
        return self


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a database with a table and some rows."""
    made = tmp_path / "desk.sqlite3"
    create_private(made)
    with closing(sqlite3.connect(made)) as link:
        link.execute("PRAGMA journal_mode=WAL")
        link.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
    kept = Kept(made)
    kept.write()
    kept.close()
    return made


def _turn_a_bit(path: Path, page: int) -> None:
    """Turn a bit of a page as a disk does, which leaves the file's times as they are."""
    left = path.stat()
    with path.open("r+b") as file:
        file.seek(page * 4096 - 100)
        byte = file.read(1)[0]
        file.seek(page * 4096 - 100)
        file.write(bytes([byte ^ 4]))
    os.utime(path, ns=(left.st_atime_ns, left.st_mtime_ns))


def _pull_the_plug(kept: Kept, place: Path) -> Path:
    """Return a copy of the files of a database that is at work, as a kill -9 leaves them."""
    place.mkdir()
    for name in ("desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3-sums"):
        shutil.copy2(kept.path.with_name(name), place / name)
    return place / "desk.sqlite3"


def _damaged(path: Path) -> list[int]:
    kept = Kept(path)
    found = kept.sums.damaged()
    kept.close()
    return found


def test_a_bit_that_turned_while_the_desk_rested_is_noticed(path: Path) -> None:
    _turn_a_bit(path, 7)

    assert _damaged(path) == [7]
    assert _damaged(path) == [7], "and not learnt"


def test_a_bit_that_turns_while_the_desk_works_is_noticed(path: Path) -> None:
    kept = Kept(path)
    kept.write()

    _turn_a_bit(path, 5)
    kept.write()
    found = kept.sums.damaged()
    kept.close()

    assert found == [5]


def test_every_page_is_known_after_pages_came_and_went(path: Path) -> None:
    kept = Kept(path)
    kept.write()
    with kept.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM t WHERE id % 3"))
    kept.write(100, "y" * 9000)
    kept.close()

    assert _damaged(path) == []
    for page in range(1, path.stat().st_size // 4096 + 1, 97):
        _turn_a_bit(path, page)
        assert _damaged(path) == [page]
        _turn_a_bit(path, page)


def test_the_wal_is_brought_into_the_file_after_a_thousand_frames_of_whatever_size(path: Path) -> None:
    kept = Kept(path)
    for _ in range(4):
        kept.write()
    size = path.with_name("desk.sqlite3-wal").stat().st_size
    kept.close()

    assert EVERY <= size // 4120 < EVERY + 50


def test_a_reader_that_holds_a_checkpoint_back_makes_no_page_look_damaged(path: Path) -> None:
    kept, reading = Kept(path), reading_engine(path)

    with reading.connect() as reader:
        before = reader.execute(sa.text("SELECT count(*) FROM t")).scalar()
        kept.write()
        found = kept.sums.damaged()
        still = reader.execute(sa.text("SELECT count(*) FROM t")).scalar()
        kept.close()
    reading.dispose()

    assert (found, before, still) == ([], ROWS, ROWS)
    assert _damaged(path) == []


@pytest.mark.parametrize("rows", [50, ROWS, ROWS + 50])
def test_after_a_kill_no_page_looks_damaged_and_a_turned_bit_is_noticed(path: Path, tmp_path: Path, rows: int) -> None:
    kept = Kept(path)
    kept.write(rows)

    killed = _pull_the_plug(kept, tmp_path / "killed")
    kept.close()
    _turn_a_bit(killed, 4)

    assert _damaged(killed) == [4]


def test_who_looks_at_a_killed_desk_s_file_and_so_empties_its_wal_damages_nothing(path: Path, tmp_path: Path) -> None:
    kept = Kept(path)
    kept.write(EVERY)
    killed = _pull_the_plug(kept, tmp_path / "killed")
    kept.close()

    with closing(sqlite3.connect(killed)) as link:
        link.execute("SELECT count(*) FROM t").fetchone()

    assert not killed.with_name("desk.sqlite3-wal").exists()
    assert _damaged(killed) == []


def test_a_file_that_somebody_else_wrote_is_taken_as_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as link:
        link.execute("UPDATE t SET text = 'z' WHERE id = 400")
        link.commit()

    assert _damaged(path) == []


def test_sums_are_nobody_else_s_to_read_and_a_wrong_file_of_them_is_made_anew(path: Path) -> None:
    sums = path.with_name("desk.sqlite3-sums")
    assert sums.stat().st_mode & 0o777 == 0o600

    sums.write_bytes(b"no sums")

    assert _damaged(path) == []
    _turn_a_bit(path, 9)
    assert _damaged(path) == [9]
