"""A team's host behind a real sshd, for the journeys over SSH."""

import os
from collections.abc import Iterator

import pytest

from agentconsole.cli.team_layout import ACCOUNT, KEY
from agentconsole.security.keyfile import read_key_file
from agentconsole.security.masterkey import MasterKey
from agentconsole.security.passwords import hash_password
from agentconsole.security.recovery import new_recovery_codes, recovery_digest
from agentconsole.security.totp import new_seed
from agentconsole.server.desk import open_desk
from agentconsole.services.users import find_user
from agentconsole.storage.tables.factor import Factor
from agentconsole.storage.tables.recovery_code import RecoveryCode
from agentconsole.storage.transaction import DESK, Tx
from tests.journeys.first_day import PASSWORD
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
    codes = {login: list(new_recovery_codes(CODES)) for login in ("ana", "sam")}
    pepper, hashed = desk.context.recovery_pepper, hash_password(PASSWORD)

    def work(tx: Tx) -> None:
        for login, given in codes.items():
            user = find_user(tx, login)
            user.password_hash, user.must_change = hashed, False
            sealed = desk.context.vault.seal(new_seed(), f"factor.sealed_seed.{user.id}")
            tx.session.add(Factor(user_id=user.id or 0, sealed_seed=sealed, enrolled_at=tx.wall))
            for code in given:
                tx.session.add(RecoveryCode(digest=recovery_digest(code, pepper), user_id=user.id or 0))

    desk.writer.run(DESK, work)
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
