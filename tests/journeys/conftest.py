"""A team's host behind a real sshd, for the journeys over SSH."""

import os
from collections.abc import Iterator

import pytest

from agentconsole.cli.team_layout import ACCOUNT, KEY
from agentconsole.security.keyfile import read_key_file
from agentconsole.security.masterkey import MasterKey
from agentconsole.server.desk import open_desk
from tests.journeys.printed_codes import give_codes
from tests.journeys.test_first_day import MAIL
from tests.sshd import Line, serving, sshd
from tests.team.conftest import ANSWERS
from tests.team.host import Host, scratch_host

PEOPLE = ("ana", "bo")
CODES = 1_100
"""So many recovery codes each has: a code of the authenticator comes but every half minute, and links are cut often."""


@pytest.fixture(name="host", scope="package")
def _host() -> Iterator[Host]:
    """Return a host with a team's desk, on which two accounts are in the agents' group."""
    with scratch_host() as host:
        host.members |= {"ana", "bo"}
        answers = host.root / "answers.toml"
        answers.write_text(ANSWERS, encoding="utf-8")
        said = host("init", "--team", "--root", str(host.root), "--answers", str(answers))
        assert said.code == 0, said.err
        yield host


@pytest.fixture(name="codes", scope="package")
def _codes(host: Host) -> dict[str, list[str]]:
    """Give ana and sam a password, an authenticator, and recovery codes for a thousand sign-ins, by their logins."""
    key = read_key_file(host.at(KEY))
    assert key is not None
    home = host.layout.desk.home
    os.chown(home, os.geteuid(), os.getegid())
    desk = open_desk(
        host.layout.desk, os.environ, committed=lambda _: None, master=MasterKey.of_text(key, "the key of the tests")
    )
    codes = give_codes(desk, ("ana", "sam"), CODES)
    desk.close()
    user, group = host.number(ACCOUNT)
    for path in (home, *home.rglob("*")):
        os.chown(path, user, group)
    return codes


@pytest.fixture(name="line", scope="package")
def _line(host: Host, codes: dict[str, list[str]]) -> Iterator[Line]:
    """Return the way in over an sshd, before which the desk serves one case."""
    with sshd(host) as line, serving(line):
        letter = host.root / "rosa.eml"
        letter.write_bytes(MAIL)
        assert "1 new case" in host("mail", "import", str(letter)).out
        yield line
        for account in PEOPLE:
            line.end_all(account)
