"""PROMISES 9, D1: one bit of the database flips; doctor says so, and nothing crashes over it."""

import os
import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from agentconsole.config.clock import SetClock
from agentconsole.config.paths import desk_paths
from agentconsole.domain.errors import Refused
from agentconsole.server.desk import open_desk
from agentconsole.server.health import read_status
from agentconsole.storage.damage import refusing_damage
from agentconsole.wire import commands
from tests.desk_bench import master, open_bench

Contents = dict[str, object]


def _filled(folder: Path) -> tuple[Path, datetime]:
    with open_bench(folder) as bench:
        for number in range(30):
            ticket = bench.ticket(f"c{number}@example.org", f"Subject {number} about something")
            bench.do("ana", commands.AddNote(ticket, f"A note of some length {number}. " * 20))
            if number % 3 == 0:
                bench.do("ana", commands.Reply(ticket, 99, "Dear customer, " * 20))
        return bench.desk.paths.home, bench.clock.now()


def _contents(database: Path) -> Contents:
    """Read all that the database says, each table for itself; one that cannot be read says its error."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as link:
        link.text_factory = bytes
        try:
            schema = link.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            return {"schema": str(error)}
        found: Contents = {"schema": schema}
        for kind, name, _ in schema:
            if kind == b"table" and (not name.startswith(b"search_doc") or name == b"search_doc_data"):
                table = name.decode("utf-8", "replace")
                try:
                    found[table] = link.execute(f'SELECT * FROM "{table}"').fetchall()
                except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                    found[table] = str(error)
        return found


def _doctor(home: Path, at: datetime) -> list[str]:
    """Return what is bad with the desk in a home, by the ways that a server opens and examines one."""
    clock = SetClock(at)
    try:
        with refusing_damage():
            desk = open_desk(
                desk_paths(os.environ, home), os.environ, committed=lambda _: None, clock=clock, wall=clock,
                master=master(),
            )  # fmt: skip
    except Refused as refused:
        return [refused.sentence]
    try:
        status = desk.reader.run(lambda session: read_status(session, desk, at, 0, doctor=True))
        return [found.sentence.line() for found in status.findings if found.level == "bad" and found.subject != "disk"]
    except Refused as refused:
        return [refused.sentence]
    finally:
        desk.close()


def _flip(database: Path, chance: random.Random) -> None:
    """Turn one bit as a disk does: nobody wrote, so the file's time stays."""
    left, data = database.stat(), bytearray(database.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    database.write_bytes(data)
    os.utime(database, ns=(left.st_atime_ns, left.st_mtime_ns))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("flips", [60, pytest.param(1_000, marks=pytest.mark.long)])
def test_d1_a_bit_that_flips_is_said_by_doctor_and_nothing_crashes(tmp_path: Path, flips: int) -> None:
    home, at = _filled(tmp_path)
    before, chance = _contents(home / "desk.sqlite3"), random.Random(flips)
    flipped = tmp_path / "flipped"
    shutil.copytree(home, flipped)
    sound = _doctor(flipped, at)
    counted: Counter[str] = Counter()
    missed: Counter[str] = Counter()

    for _ in range(flips):
        shutil.rmtree(flipped)
        shutil.copytree(home, flipped)
        _flip(flipped / "desk.sqlite3", chance)
        after = _contents(flipped / "desk.sqlite3")
        changed = [table for table in before if after.get(table) != before[table]]
        said = _doctor(flipped, at) != sound
        counted[f"{'used' if changed else 'unused'} {'said' if said else 'not said'}"] += 1
        if changed and not said:
            missed.update(changed)

    print(f"{flips} flips: {dict(counted)}; not said in {dict(missed)}")
    assert sound == []
    assert counted["used said"] > flips / 10, "else the flips do not fall where something is"
    assert counted["used not said"] * 1_000 <= counted["used said"]
