"""A team's desk in PostgreSQL: installed with one command, its database named where only its own account reads."""

import stat
import tomllib
from collections.abc import Iterator

import pytest

from agentconsole.cli.team_layout import ACCOUNT
from tests.postgres import LOCKED, PASSWORD, Place, cluster
from tests.team.conftest import ANSWERS
from tests.team.host import Host, scratch_host


@pytest.fixture(name="place")
def _place() -> Iterator[Place]:
    place = cluster().database()
    yield Place(place.name, cluster().conninfo(LOCKED, place.name), place.owner, "")
    cluster().drop(place)


@pytest.fixture(name="host", scope="module")
def _host() -> Iterator[Host]:
    with scratch_host() as host:
        yield host


def test_a_team_s_desk_is_installed_in_postgresql_and_goes_on_where_it_is(host: Host, place: Place) -> None:
    answers, given = host.root / "answers.toml", host.root / "given"
    answers.write_text(ANSWERS, encoding="utf-8")
    given.write_text(PASSWORD, encoding="utf-8")
    given.chmod(0o600)
    words = ("init", "--team", "--root", str(host.root), "--answers", str(answers), "--database", place.app)
    more = ("--database-owner", place.owner, "--database-password-file", str(given))

    planned = host(*words, *more, "--dry-run")
    first = host(*words, *more)
    again = host(*words, *more)

    home = host.layout.desk.home
    files = {name: (home / name).stat() for name in ("database.toml", "database.password")}
    assert (planned.code, first.code, again.code) == (0, 0, 0), first.err
    assert "is there:  the desk in" in again.out
    assert not (home / "desk.sqlite3").exists()
    assert {(found.st_uid, stat.S_IMODE(found.st_mode)) for found in files.values()} == {
        (host.number(ACCOUNT)[0], 0o600)
    }
    assert tomllib.loads((home / "database.toml").read_text("utf-8"))["app"] == place.app
    assert [one for one in (planned, first, again) if PASSWORD in one.out + one.err] == []
    assert cluster().ask('SELECT login FROM "user" ORDER BY login', place.name) == [("ada",), ("ana",), ("sam",)]
