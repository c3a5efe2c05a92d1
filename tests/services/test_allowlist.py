"""The allow-list at work: whom it keeps away, who may not shut himself out, and the way round it."""

from datetime import timedelta

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Role
from agentconsole.queries.allowlist import read_rules
from agentconsole.services import allowlist, signin, unix_accounts
from agentconsole.services.signin import UNKNOWN_NAME, Candidate, Failed, MustEnrol, SignedInSession
from agentconsole.storage.tables.factor import Factor
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Actor
from agentconsole.wire.addresses import AllowAddress
from tests.desk_bench import Bench, code

OFFICE, ELSEWHERE = "10.20.4.17", "203.0.113.9"
ROOT = Actor(login="uid 0", peer=0, address="local")


def _at(address: str) -> Actor:
    return Actor(login="uid 2001", peer=2001, address=address)


def _admin(bench: Bench, address: str) -> Actor:
    """Return an administrator who is signed in from an address."""
    bench.user("ada", "admin")
    return Actor(login="ada", user_id=3, role=Role.ADMIN, peer=2003, address=address)


def _allow(bench: Bench, role: str, range_: str, name: str = "", actor: Actor = ROOT) -> str:
    return bench.write(lambda tx: allowlist.allow(tx, role, range_, name), actor)


def _remove(bench: Bench, role: str, range_: str, actor: Actor = ROOT) -> str:
    return bench.write(lambda tx: allowlist.remove(tx, role, range_), actor)


def _sign_in(
    bench: Bench, address: str, login: str = "ana", *, right: bool = True, given: str = ""
) -> SignedInSession | MustEnrol | Failed:
    shown = given or code(bench.clock.now())
    return bench.write(
        lambda tx: signin.complete(tx, bench.desk.context, login, password_right=right, code=shown, recovery=False),
        _at(address),
    )


def _refusal(outcome: object) -> str:
    assert isinstance(outcome, Failed)
    return outcome.refusal.sentence


def _running(bench: Bench) -> object:
    return bench.scalar("SELECT count(*) FROM session WHERE ended_at IS NULL")


def test_without_a_rule_everybody_signs_in_from_anywhere(bench: Bench) -> None:
    assert isinstance(_sign_in(bench, ""), SignedInSession)


def test_a_rule_keeps_its_role_to_its_ranges_and_other_roles_are_free(bench: Bench) -> None:
    said = _allow(bench, "agent", "10.20.0.0/16", "desk-lan")

    refused = _sign_in(bench, ELSEWHERE)
    allowed = _sign_in(bench, OFFICE)
    other = _sign_in(bench, ELSEWHERE, "sam")

    assert said == "Agents may sign in from 10.20.0.0/16 only."
    assert f"ana may not sign in from {ELSEWHERE}" in _refusal(refused)
    assert isinstance(allowed, SignedInSession)
    assert isinstance(other, SignedInSession)
    assert [event.subject for event in bench.events("sign_in.other_address")] == ["ana"]


def test_her_code_is_not_used_up_where_she_may_not_sign_in(bench: Bench) -> None:
    """The same code signs her in from where she may: she comes to it with what her phone shows now."""
    _allow(bench, "agent", "10.20.0.0/16")

    refused = [_sign_in(bench, ELSEWHERE) for _ in range(3)]
    allowed = _sign_in(bench, OFFICE)
    again = _sign_in(bench, OFFICE)

    assert {_refusal(one)[:19] for one in refused} == {"ana may not sign in"}
    assert isinstance(allowed, SignedInSession)
    assert "Sign-in failed" in _refusal(again)


def test_a_spent_code_is_as_wrong_where_she_may_not_sign_in(bench: Bench) -> None:
    _sign_in(bench, OFFICE)
    _allow(bench, "agent", "10.20.0.0/16")

    assert "Sign-in failed" in _refusal(_sign_in(bench, ELSEWHERE))


def test_a_recovery_code_is_not_used_up_either(bench: Bench) -> None:
    user = bench.actor("ana").user_id
    (first, *_) = bench.write(lambda tx: signin.renew_codes(tx, bench.desk.context, tx.session.get_one(User, user)))
    _allow(bench, "agent", "10.20.0.0/16")

    outcomes = [
        bench.write(
            lambda tx: signin.complete(tx, bench.desk.context, "ana", password_right=True, code=first, recovery=True),
            _at(address),
        )
        for address in (ELSEWHERE, OFFICE, OFFICE)
    ]

    assert "ana may not sign in" in _refusal(outcomes[0])
    assert isinstance(outcomes[1], SignedInSession)
    assert "Sign-in failed" in _refusal(outcomes[2])


@pytest.mark.parametrize(("right", "given"), [(False, ""), (True, "000000")])
def test_who_is_wrong_in_anything_hears_of_that_and_not_of_the_place(bench: Bench, right: bool, given: str) -> None:
    _allow(bench, "agent", "10.20.0.0/16")

    there, here = (_sign_in(bench, address, right=right, given=given) for address in (ELSEWHERE, OFFICE))

    assert _refusal(there) == _refusal(here)
    assert "Sign-in failed" in _refusal(there)


def test_where_nobody_may_sign_in_all_names_are_told_the_same_before_a_password_is_looked_at(bench: Bench) -> None:
    _allow(bench, "admin", "local")
    _allow(bench, "all", "10.20.0.0/16")

    def attempt(login: str, address: str) -> Candidate | Failed:
        return bench.write(lambda tx: signin.begin_attempt(tx, bench.desk.context, login), _at(address))

    said = {_refusal(attempt(login, ELSEWHERE)) for login in ("ana", "sam", "nobody")}

    assert len(said) == 1
    assert f"Nobody may sign in from {ELSEWHERE}" in said.pop()
    assert isinstance(attempt("sam", OFFICE), Candidate)
    assert [event.subject for event in bench.events("sign_in.other_address")] == ["ana", "sam", UNKNOWN_NAME]


def test_a_first_sign_in_shows_no_key_where_it_may_not_be(bench: Bench) -> None:
    _allow(bench, "agent", "10.20.0.0/16")
    bench.write(lambda tx: tx.session.delete(tx.session.get_one(Factor, bench.actor("ana").user_id)))

    assert "ana may not sign in" in _refusal(_sign_in(bench, ELSEWHERE))
    assert isinstance(_sign_in(bench, OFFICE), MustEnrol)


def test_a_rule_that_comes_between_key_and_code_holds_too(bench: Bench) -> None:
    user = bench.actor("ana").user_id or 0
    bench.write(lambda tx: tx.session.delete(tx.session.get_one(Factor, user)))
    assert isinstance(_sign_in(bench, ELSEWHERE), MustEnrol)
    _allow(bench, "agent", "10.20.0.0/16")

    outcome = bench.write(lambda tx: signin.confirm_enrolment(tx, bench.desk.context, user, "000000"), _at(ELSEWHERE))

    assert isinstance(outcome, Failed)
    assert "ana may not sign in" in outcome.refusal.sentence


@pytest.mark.parametrize(
    ("rule", "address", "words"),
    [
        ("unknown", ELSEWHERE, f"from {ELSEWHERE}"),
        ("local", "", "from an address that this host does not know"),
        ("unknown", "local", "from the host's console"),
    ],
)
def test_unknown_and_local_are_places_of_their_own(bench: Bench, rule: str, address: str, words: str) -> None:
    _allow(bench, "agent", rule)

    assert words in _refusal(_sign_in(bench, address))
    assert isinstance(_sign_in(bench, "" if rule == "unknown" else rule), SignedInSession)


def test_sessions_that_a_new_rule_forbids_end_with_a_sentence_and_the_others_stay(bench: Bench) -> None:
    for address in (ELSEWHERE, OFFICE):
        _sign_in(bench, address)
        bench.clock.move(timedelta(seconds=30))
    _sign_in(bench, ELSEWHERE, "sam")

    said = _allow(bench, "agent", "10.20.0.0/16")

    (told,) = [reason for committed in bench.committed for reason in committed.ended_sessions.values()]
    assert said.endswith("1 session ended.")
    assert told == (f"Signing in from {ELSEWHERE} is no longer allowed: this session is over, your drafts are kept.")
    assert _running(bench) == 2
    assert len(bench.events("session.ended")) == 1


def test_an_administrator_cannot_shut_himself_out(bench: Bench) -> None:
    ada = _admin(bench, ELSEWHERE)

    with pytest.raises(Refused) as refused:
        _allow(bench, "admin", "10.20.0.0/16", actor=ada)
    _allow(bench, "admin", ELSEWHERE, actor=ada)
    _allow(bench, "admin", "10.20.0.0/16", actor=ada)
    with pytest.raises(Refused) as removed:
        _remove(bench, "admin", ELSEWHERE, actor=ada)

    assert f"you are at {ELSEWHERE}" in refused.value.sentence
    assert refused.value.sentence.endswith(f"First: :allow admin {ELSEWHERE}")
    assert "Nothing changed" in removed.value.sentence
    assert [row.range for row in bench.read(read_rules)] == ["10.20.0.0/16", ELSEWHERE]


@pytest.mark.parametrize(("address", "term"), [("local", "local"), ("", "unknown"), (OFFICE, OFFICE)])
def test_the_host_cannot_shut_out_every_administrator_where_it_sits(bench: Bench, address: str, term: str) -> None:
    host = Actor(login="uid 0", peer=0, address=address)

    with pytest.raises(Refused) as refused:
        _allow(bench, "all", "192.0.2.0/24", actor=host)
    _allow(bench, "admin", term, actor=host)

    assert refused.value.sentence.endswith(f"First: agentconsole address allow admin {term}")
    assert "Everybody may sign in" in _allow(bench, "all", "192.0.2.0/24", actor=host)
    assert len(bench.events("address.allowed")) == 5


def test_who_was_shut_out_before_may_still_mend_the_rules(bench: Bench) -> None:
    """After a break-glass, from home: rules that do not have home must not keep him from changing them."""
    _allow(bench, "admin", "local")
    _allow(bench, "admin", "192.0.2.0/24")
    home = Actor(login="uid 0", peer=0, address=ELSEWHERE)

    _allow(bench, "agent", "10.20.0.0/16", actor=home)

    assert len(bench.read(read_rules)) == 3


def test_a_role_without_its_last_rule_is_free_again_and_that_is_said(bench: Bench) -> None:
    _allow(bench, "agent", "10.20.0.0/16")

    said = _remove(bench, "agent", "::ffff:10.20.0.0/112")

    assert said == "The rule 10.20.0.0/16 is gone for agents. Agents may sign in from anywhere again."
    assert isinstance(_sign_in(bench, ELSEWHERE), SignedInSession)
    assert [(event.subject, event.address) for event in bench.events("address.removed")] == [("agent", "local")]


@pytest.mark.parametrize(
    ("role", "range_", "name", "says"),
    [
        ("king", "10.0.0.0/8", "", 'There is no role "king"'),
        ("agent", "10.0.0.0/99", "", "is no range"),
        ("agent", "10.0.0.0/8", "The Office", "small letters, digits and dashes"),
    ],
)
def test_what_cannot_be_a_rule_is_refused(bench: Bench, role: str, range_: str, name: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        _allow(bench, role, range_, name)

    assert says in refused.value.sentence
    assert bench.read(read_rules) == ()


def test_there_are_at_most_a_hundred_rules(bench: Bench) -> None:
    for number in range(allowlist.MOST_RULES):
        _allow(bench, "agent", f"10.0.{number}.0/24")

    with pytest.raises(Refused, match="There are 100 rules already"):
        _allow(bench, "agent", "10.1.0.0/24")


def test_a_rule_that_is_not_there_is_not_removed(bench: Bench) -> None:
    with pytest.raises(Refused, match="There is no rule that lets agent sign in from"):
        _remove(bench, "agent", "10.20.0.0/16")


def test_the_same_rule_again_changes_its_name_only(bench: Bench) -> None:
    _allow(bench, "agent", "10.20.0.0/16", "office")
    _allow(bench, "agent", "10.20.0.0/16", "desk-lan")
    _sign_in(bench, OFFICE)

    (row,) = bench.read(read_rules)

    assert (row.role, row.range, row.label, row.sessions) == ("agent", "10.20.0.0/16", "desk-lan", 1)


def test_break_glass_lets_everybody_in_until_its_time_is_over_and_then_ends_their_sessions(bench: Bench) -> None:
    _allow(bench, "agent", "10.20.0.0/16")
    said = bench.write(lambda tx: allowlist.set_aside(tx, 60), ROOT)
    opened = _sign_in(bench, ELSEWHERE)
    bench.clock.move(timedelta(seconds=30))
    stays = _sign_in(bench, OFFICE)
    bench.clock.move(timedelta(minutes=59))
    bench.write(allowlist.end_opening)
    before = _running(bench)
    bench.clock.move(timedelta(minutes=1))
    late = _sign_in(bench, ELSEWHERE)
    bench.write(allowlist.end_opening)

    assert said.startswith("Until 2026-11-23 11:00 UTC everybody may sign in from anywhere")
    assert isinstance(opened, SignedInSession)
    assert isinstance(stays, SignedInSession)
    assert "ana may not sign in" in _refusal(late)
    assert (before, _running(bench)) == (2, 1)
    kinds = [event.kind for event in bench.events() if event.kind.startswith("address.")]
    assert kinds == ["address.allowed", "address.opened", "address.closed"]


def test_break_glass_is_ended_by_who_began_it(bench: Bench) -> None:
    _allow(bench, "agent", "10.20.0.0/16")
    bench.write(lambda tx: allowlist.set_aside(tx, 60), ROOT)
    _sign_in(bench, ELSEWHERE)

    said = bench.write(allowlist.enforce, ROOT)
    again = bench.write(allowlist.enforce, ROOT)

    assert (said, again) == ("The rules hold again. 1 session ended.", "The rules hold already.")
    assert _running(bench) == 0
    assert [event.address for event in bench.events("address.closed")] == ["local"]


def test_a_rule_set_while_the_list_is_aside_ends_nobody_yet(bench: Bench) -> None:
    _allow(bench, "agent", "10.20.0.0/16")
    bench.write(lambda tx: allowlist.set_aside(tx, 60), ROOT)
    _sign_in(bench, ELSEWHERE)

    _allow(bench, "agent", "10.30.0.0/16")

    assert _running(bench) == 1


@pytest.mark.parametrize("minutes", [0, -1, 1441])
def test_break_glass_takes_a_time_that_is_one(bench: Bench, minutes: int) -> None:
    with pytest.raises(Refused, match="from 1 to 1440"):
        bench.write(lambda tx: allowlist.set_aside(tx, minutes), ROOT)


def test_without_a_rule_there_is_nothing_to_break(bench: Bench) -> None:
    assert "There is no rule" in bench.write(lambda tx: allowlist.set_aside(tx, 60), ROOT)
    assert bench.events("address.opened") == []


def test_who_is_signed_in_cannot_break_the_glass(bench: Bench) -> None:
    ada = _admin(bench, OFFICE)

    for work in (lambda tx: allowlist.set_aside(tx, 60), allowlist.enforce):
        with pytest.raises(Refused, match="This is done at the host"):
            bench.write(work, ada)


def test_the_unix_account_is_asked_for_after_the_place(bench: Bench) -> None:
    bench.desk.context.team = True
    bench.write(lambda tx: unix_accounts.tie(tx, "ana", "2002"))
    _allow(bench, "agent", "10.20.0.0/16")

    assert "may not sign in from" in _refusal(_sign_in(bench, ELSEWHERE))
    assert "another Unix account" in _refusal(_sign_in(bench, OFFICE))


def test_only_administrators_say_from_where_people_sign_in(bench: Bench) -> None:
    with pytest.raises(Refused, match="Only an admin may say from where people sign in"):
        bench.do("sam", AllowAddress("agent", "10.20.0.0/16"))
