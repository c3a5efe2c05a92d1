"""Accepting a policy by a code, and what waits for whoever has not."""

from datetime import timedelta

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.services.acceptance import accept_policy, keep_acceptance
from agentconsole.services.shelf import answer_blanks
from agentconsole.services.signin import Failed
from agentconsole.storage.row_checks import pack_digest
from agentconsole.storage.tables.acceptance import Acceptance
from agentconsole.storage.tables.pack_version import PackVersion
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx
from agentconsole.wire.commands import Assign, GiveBack, Reply, Take, TakeNext
from tests.desk_bench import MONDAY, Bench, code

NOW = 10_000
DAY = timedelta(days=1)
REFUSED = (
    "First accept version 1 of the policy ecolab: g y shows it, A at its end accepts it. New work waits for that; "
    "what is yours goes on."
)


def _signed_in(bench: Bench, login: str, before: timedelta) -> None:
    """Have somebody be asked since so long."""
    me = bench.actor(login).user_id

    def work(tx: Tx) -> None:
        tx.get_one(User, me).asked_since = tx.now - before

    bench.write(work)


def _accept(bench: Bench, login: str, version: int = 1, given: str = "") -> Acceptance | Failed:
    given = given or code(bench.clock.now())
    actor = bench.actor(login)
    return bench.write(lambda tx: accept_policy(tx, bench.desk.context, "ecolab", version, given), actor)


def _kept(bench: Bench) -> list[tuple[str, int]]:
    rows = bench.tables()["acceptance"]
    return [(str(row[1]), int(str(row[2]))) for row in rows]


def test_an_acceptance_is_kept_with_the_hash_of_what_was_accepted_as_a_row_and_an_event(bench: Bench) -> None:
    outcome = _accept(bench, "ana")

    stored = bench.read(lambda session: session.get_one(PackVersion, ("ecolab", 1)))
    (event,) = bench.events("policy.accepted")
    assert isinstance(outcome, Acceptance)
    assert (outcome.pack_id, outcome.version, outcome.at) == ("ecolab", 1, MONDAY)
    assert outcome.digest == pack_digest(stored.text, stored.answers)
    assert (event.actor, event.subject) == ("ana", "ecolab")
    assert outcome.digest in event.body


def test_the_code_is_spent_and_a_wrong_one_is_counted_and_accepts_nothing(bench: Bench) -> None:
    right = code(bench.clock.now())
    wrong = _accept(bench, "ana", given="000000")
    counted = bench.scalar("SELECT fails_total FROM factor WHERE user_id = :me", me=bench.actor("ana").user_id)
    accepted, replayed = _accept(bench, "ana", given=right), _accept(bench, "ana", given=right)

    assert isinstance(wrong, Failed)
    assert counted == 1
    assert isinstance(accepted, Acceptance)
    assert isinstance(replayed, Failed)
    assert _kept(bench) == [("ecolab", 1)]
    assert len(bench.events("policy.accepted")) == 1


def test_another_version_than_the_one_in_force_is_refused_before_the_code_is_looked_at(bench: Bench) -> None:
    with pytest.raises(Refused, match="at version 1 now, nothing was accepted and your code is still good"):
        _accept(bench, "ana", version=2)
    with pytest.raises(Refused, match='No brand is under a policy "nothing"; there is ecolab'):
        bench.write(lambda tx: accept_policy(tx, bench.desk.context, "nothing", 1, "x"), bench.actor("ana"))

    assert isinstance(_accept(bench, "ana"), Acceptance)


def test_reading_it_again_is_an_event_of_its_own_and_moves_nothing_but_when_it_was_read(bench: Bench) -> None:
    _accept(bench, "ana")
    bench.clock.move(90 * DAY)

    again = _accept(bench, "ana")

    assert isinstance(again, Acceptance)
    assert (again.at, again.read_at) == (MONDAY, MONDAY + 90 * DAY)
    assert [event.kind for event in bench.events() if event.kind.startswith("policy.")] == [
        "policy.accepted",
        "policy.read_again",
    ]


@pytest.mark.parametrize("verb", ["take", "take next", "assign to oneself"])
def test_two_weeks_after_the_first_sign_in_there_is_no_new_work_without_an_acceptance(bench: Bench, verb: str) -> None:
    bench.ticket()
    command = {"take": Take(1, NOW), "take next": TakeNext(), "assign to oneself": Assign(1, NOW, "ana")}[verb]
    _signed_in(bench, "ana", 14 * DAY - timedelta(seconds=1))
    bench.do("ana", command)
    bench.do("ana", GiveBack(1, NOW))
    _signed_in(bench, "ana", 14 * DAY)

    with pytest.raises(Refused) as refused:
        bench.do("ana", command)
    after_refusal = bench.case("ana", 1).owner
    _accept(bench, "ana")
    bench.do("ana", command)

    assert (refused.value.sentence, refused.value.code) == (REFUSED, "policy")
    assert after_refusal == ""
    assert bench.case("ana", 1).owner == "ana"


def test_what_one_has_goes_on_and_the_next_is_only_ones_own(bench: Bench) -> None:
    mine, other = bench.ticket(), bench.ticket("Bo <bo@example.org>", "Mine?")
    bench.do("ana", Take(mine, NOW))
    _signed_in(bench, "ana", 15 * DAY)

    taken = bench.do("ana", TakeNext())
    bench.do("ana", Reply(mine, NOW, "Dear Rosa"))

    assert taken.ticket == mine
    assert (bench.case("ana", mine).owner, bench.case("ana", other).owner) == ("ana", "")


def test_whoever_is_late_is_given_nothing_by_others_either(bench: Bench) -> None:
    bench.ticket()
    _signed_in(bench, "sam", 15 * DAY)

    with pytest.raises(Refused, match="sam has not accepted version 1 of the policy ecolab and gets no new work"):
        bench.do("ana", Assign(1, NOW, "sam"))

    assert bench.case("ana", 1).owner == ""


def test_who_never_signed_in_is_not_late(bench: Bench) -> None:
    bench.ticket()
    bench.clock.move(400 * DAY)

    bench.do("ana", Assign(1, NOW, "sam"))

    assert bench.case("ana", 1).owner == "sam"


def test_a_new_version_gives_two_weeks_again_and_no_more(bench: Bench) -> None:
    bench.ticket()
    _signed_in(bench, "ana", 30 * DAY)
    _accept(bench, "ana")
    bench.write(lambda tx: answer_blanks(tx, bench.desk.context.shelf, "ecolab", {"ring_cycle": "5 s"}))
    bench.desk.reread_packs()
    bench.clock.move(13 * DAY)
    bench.do("ana", Take(1, NOW))
    bench.do("ana", GiveBack(1, NOW))
    bench.clock.move(2 * DAY)

    with pytest.raises(Refused, match="First accept version 2 of the policy ecolab"):
        bench.do("ana", Take(1, NOW))


def test_what_was_accepted_elsewhere_counts_at_once(bench: Bench) -> None:
    bench.ticket()
    _signed_in(bench, "ana", 15 * DAY)
    me = bench.actor("ana").user_id
    bench.write(lambda tx: keep_acceptance(tx, tx.get_one(User, me), "ecolab", 1))

    bench.do("ana", Take(1, NOW))

    assert bench.case("ana", 1).owner == "ana"
