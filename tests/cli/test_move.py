"""`agentconsole database move`, as an administrator types it: with a desk at work, and with none."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from agentconsole.config.paths import desk_paths
from tests.cli.program import Program
from tests.postgres import HOST, Place, cluster
from tests.torture.at_work import answers
from tests.torture.test_b1_backup import Load


@pytest.fixture(name="place")
def _place() -> Iterator[Place]:
    place = cluster().database()
    yield place
    cluster().drop(place)


@pytest.fixture(name="served")
def _served(desk: Program) -> "Iterator[subprocess.Popen[bytes]]":
    """Serve the desk in the foreground, as a unit does."""
    serving = subprocess.Popen(
        [sys.executable, "-I", "-m", "agentconsole", "serve"], env=desk.environ, stderr=subprocess.DEVNULL
    )
    while not answers(desk_paths(desk.environ).socket):
        assert serving.poll() is None
        threading.Event().wait(0.02)
    yield serving
    serving.terminate()
    assert serving.wait(30) == 0


def test_a_desk_at_work_moves_there_and_back_and_loses_nothing(
    desk: Program, served: "subprocess.Popen[bytes]", place: Place, tmp_path: Path
) -> None:
    (tmp_path / "name").write_text(f"{place.app}\n")
    socket = desk_paths(desk.environ).socket
    desk("status")
    load = Load(socket)
    there = desk("database", "move", str(tmp_path / "name"), "--owner", place.owner)
    load.end()
    in_postgres = cluster().ask("SELECT count(*) FROM raw_mail", place.name)[0][0]
    told = cluster().ask(_TOLD, place.name)
    load = Load(socket, since=load.acknowledged)
    back = desk("database", "move", "sqlite", "--json")
    load.end()
    doctor = json.loads(desk("doctor", "--json").out)
    with closing(sqlite3.connect(desk_paths(desk.environ).database)) as link:
        told_back = link.execute(_TOLD).fetchall()

    assert (there.code, back.code) == (0, 0), there.err + back.err
    assert "The desk is in PostgreSQL now" in there.out
    assert "copying: " in there.err
    assert in_postgres >= load.since > 0
    assert json.loads(back.out)["back"]
    assert doctor["tickets_live"] >= load.acknowledged > load.since
    assert [found for found in doctor["findings"] if found["level"] == "bad"] == []
    assert served.poll() is None
    me = f"uid {os.geteuid()}"
    assert [(actor, peer, _way(body)) for actor, peer, body in told] == [(me, os.geteuid(), ("sqlite", "postgresql"))]
    assert [(actor, _way(body)) for actor, _, body in told_back] == [
        (me, ("sqlite", "postgresql")),
        (me, ("postgresql", "sqlite")),
    ]
    assert not desk_paths(desk.environ).moved.exists()


_TOLD = "SELECT actor, peer, body FROM event WHERE kind = 'desk.moved' ORDER BY seq"


def _way(body: str) -> tuple[str, str]:
    """Return from where to where an event says that the desk went; it says when, and nothing else."""
    told = json.loads(body)
    assert set(told) == {"from", "to", "at"}
    return told["from"], told["to"]


def test_what_cannot_be_moved_is_refused_in_one_sentence(desk: Program, place: Place) -> None:
    nowhere = f"postgresql://nobody@{HOST}:1/desk"

    for named, says in (
        (("sqlite",), "This desk is kept in a file already"),
        ((nowhere,), "The database cannot be reached"),
        (("postgresql://desk:tr0ub4dor@db/desk",), "without a password, and change that one"),
        (("no\x01where",), "Name the database as postgresql://ROLE@HOST/NAME"),
        ((place.app,), "A database gave up (permission denied"),
    ):
        said = desk("database", "move", *named)
        assert (said.code, says in said.err, said.err.count("\n"), said.out) == (1, True, 1, ""), said
        assert "tr0ub4dor" not in said.err
    assert not (desk.home / "database.toml").exists()
