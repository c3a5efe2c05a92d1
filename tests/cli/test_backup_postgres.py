"""Backups across databases: one of either kind restores into the other, by the verbs an administrator types."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.test_desk_verbs import mail
from tests.postgres import Place, cluster


@pytest.fixture(name="place")
def _place() -> Iterator[Place]:
    place = cluster().database()
    yield place
    cluster().drop(place)


def _busy(home: Path, folder: Path) -> Program:
    """Return a desk with a case and a person."""
    program = Program(home)
    program.found()
    (folder / "one.eml").write_bytes(bytes(mail("Where is my kettle?", 1)))
    program("mail", "import", str(folder / "one.eml"))
    program("user", "add", "ana", "Ana Example")
    return program


def _restored(file: Path, home: Path, source: Program, *more: str) -> Program:
    home.mkdir(mode=0o700)
    (home / "master.key").write_bytes((source.home / "master.key").read_bytes())
    (home / "master.key").chmod(0o600)
    program = Program(home)
    said = program("restore", str(file), *more)
    assert (said.err, said.code) == ("", 0)
    return program


def _bad(program: Program) -> list[str]:
    """Look a desk through, its log with it, and return what is bad about it."""
    findings = json.loads(program("doctor", "--json").out)["findings"]
    program.stop()
    assert "event log" in {found["subject"] for found in findings}
    return [found["sentence"] for found in findings if found["level"] == "bad"]


def test_a_backup_of_a_file_restores_into_postgresql_and_that_one_s_into_a_file(tmp_path: Path, place: Place) -> None:
    source = _busy(tmp_path / "home", tmp_path)
    source("backup", str(tmp_path / "first"))
    source.stop()
    named = ("--database", place.app, "--database-owner", place.owner)
    in_postgres = _restored(tmp_path / "first", tmp_path / "postgres", source, *named)
    made = in_postgres("backup", str(tmp_path / "second"))
    refused = Program(tmp_path / "other")("restore", str(tmp_path / "second"), "--database", place.owner)
    in_file = _restored(tmp_path / "second", tmp_path / "file", source)

    assert (made.err, made.code) == ("", 0)
    assert "1 tickets, 1 messages, 1 people" in made.out
    assert (refused.code, "There is a desk in that database already" in refused.err) == (1, True)
    assert not (in_postgres.home / "desk.sqlite3").exists()
    assert list((in_postgres.home / "copies").iterdir()) == []
    assert (_bad(in_postgres), _bad(in_file)) == ([], [])
    assert cluster().ask("SELECT count(*) FROM search_doc WHERE body @@ 'kettle'::tsquery", place.name) == [(1,)]
