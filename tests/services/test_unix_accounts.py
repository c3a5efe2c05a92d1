"""A person and her Unix account: who knows password and code is still nobody at a colleague's account (PROMISES 4)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.queries.status import examine_accounts
from agentconsole.services import signin, unix_accounts, users
from agentconsole.services.signin import Failed, MustEnrol, SignedInSession
from agentconsole.storage.transaction import Actor
from tests.desk_bench import PASSWORD, Bench, code, open_bench, password_hash

HERS, HIS = 2001, 2002


@pytest.fixture(name="team")
def _team(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as bench:
        bench.desk.context.team = True
        yield bench


def _sign_in(bench: Bench, uid: int, login: str = "ana") -> SignedInSession | MustEnrol | Failed:
    shown = code(bench.clock.now())
    return bench.write(
        lambda tx: signin.complete(tx, bench.desk.context, login, password_right=True, code=shown, recovery=False),
        Actor(login=f"uid {uid}", peer=uid),
    )


def _account(bench: Bench, login: str = "ana") -> object:
    return bench.scalar('SELECT unix_uid FROM "user" WHERE login = :login', login=login)


def test_the_first_sign_in_ties_a_person_to_her_unix_account(team: Bench) -> None:
    first = _sign_in(team, HERS)
    team.move(seconds=30)
    other = _sign_in(team, HIS)

    assert isinstance(first, SignedInSession)
    assert _account(team) == HERS
    assert isinstance(other, Failed)
    assert "agentconsole user unix ana 2002" in other.refusal.sentence
    assert [event.subject for event in team.events("sign_in.other_account")] == ["ana"]


def test_on_a_desk_of_one_person_no_account_is_kept(bench: Bench) -> None:
    first = _sign_in(bench, HERS)
    bench.move(seconds=30)
    other = _sign_in(bench, HIS)

    assert isinstance(first, SignedInSession)
    assert isinstance(other, SignedInSession)
    assert _account(bench) is None


def test_an_account_that_an_administrator_named_holds_before_the_first_sign_in(team: Bench) -> None:
    team.write(lambda tx: users.add_user(tx, "bo", "Bo", "agent", PASSWORD, password_hash()))
    team.write(lambda tx: unix_accounts.tie(tx, "bo", str(HERS)))

    stolen, hers = _sign_in(team, HIS, "bo"), _sign_in(team, HERS, "bo")

    assert isinstance(stolen, Failed)
    assert isinstance(hers, MustEnrol)


def test_an_administrator_may_open_a_person_to_any_account(team: Bench) -> None:
    _sign_in(team, HERS)
    team.write(lambda tx: unix_accounts.tie(tx, "ana", "any"))
    team.move(seconds=30)

    elsewhere = _sign_in(team, HIS)

    assert isinstance(elsewhere, SignedInSession)
    assert _account(team) is None


def test_a_new_account_ends_the_sessions_of_the_old_one(team: Bench) -> None:
    _sign_in(team, HERS)

    team.write(lambda tx: unix_accounts.tie(tx, "ana", str(HIS)))

    ended = team.scalar("SELECT ended_at FROM session")
    assert ended is not None
    assert _account(team) == HIS


def test_root_s_own_sign_in_ties_nobody_to_root(team: Bench) -> None:
    outcome = _sign_in(team, unix_accounts.ROOT)

    assert isinstance(outcome, SignedInSession)
    assert _account(team) is None


@pytest.mark.parametrize("unix", ["0", "-1", "4294967295", "99999999999", "ana", "１２", "any ", "\x1b[2J", "9" * 9999])
def test_what_is_no_account_is_refused_in_a_sentence(team: Bench, unix: str) -> None:
    with pytest.raises(Refused) as refused:
        team.write(lambda tx: unix_accounts.tie(tx, "ana", unix))

    assert "is no Unix account" in refused.value.sentence
    assert len(refused.value.sentence) < 120


@pytest.mark.parametrize(
    ("unix", "level", "said"),
    [
        ("", "note", "ana, sam will belong to the Unix account of the first sign-in."),
        ("any", "note", "ana may sign in from any Unix account: `agentconsole user unix LOGIN ACCOUNT` ends it."),
    ],
)
def test_the_doctor_names_who_is_not_tied(team: Bench, unix: str, level: str, said: str) -> None:
    team.write(lambda tx: unix_accounts.tie(tx, "ana", unix))

    found = team.read(examine_accounts)

    assert (found.level, found.sentence.line(200)) == (level, said)


def test_the_doctor_is_content_when_everybody_has_an_account(team: Bench) -> None:
    for login, uid in (("ana", HERS), ("sam", HIS)):
        team.write(lambda tx, login=login, uid=uid: unix_accounts.tie(tx, login, str(uid)))

    assert team.read(examine_accounts).level == "ok"
    assert team.scalar("SELECT count(*) FROM user WHERE unix_uid IS NULL") == 0
