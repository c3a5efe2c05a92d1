"""Every verb of the desk: done once right, and refused once for every reason it has."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from agentconsole.domain.errors import Refused, Stale
from agentconsole.domain.terms import Status
from agentconsole.server.dispatch import HANDLERS
from agentconsole.wire import commands as wire
from agentconsole.wire.addresses import AllowAddress, CloseAddresses, OpenAddresses, RemoveAddress
from agentconsole.wire.anchors import MailAnchors
from agentconsole.wire.brands import AddBrand, SetDesk
from agentconsole.wire.duties import SignOffDuty
from agentconsole.wire.policies import ActivateDraft, KeepDraft
from agentconsole.wire.policy_reading import SettleSuggestion, Suggest
from agentconsole.wire.stands import Stand
from tests.desk_bench import MONDAY, Bench

NOW = 10_000
"""A version later than any: what a sender gives who has just looked."""


@dataclass(frozen=True)
class Right:
    """Tell a verb's happy way: what was done before, the command, and how the ticket then stands."""

    command: wire.Command
    before: tuple[wire.Command, ...] = ()
    by: str = "ana"
    owner: str = ""
    status: str = "new"


TAKE = wire.Take(1, NOW)
RESOLVE = wire.Resolve(1, NOW)
RIGHT = [
    Right(TAKE, owner="ana", status="open"),
    Right(wire.Take(1, NOW), before=(TAKE,), by="sam", owner="sam", status="open"),
    Right(wire.GiveBack(1, NOW), before=(TAKE,), status="open"),
    Right(wire.GiveBack(1, NOW), before=(TAKE,), by="sam", status="open"),
    Right(wire.TakeNext(), owner="ana", status="open"),
    Right(wire.TakeNext("ecolab"), owner="ana", status="open"),
    Right(wire.Assign(1, NOW, "sam"), owner="sam", status="open"),
    Right(wire.Reply(1, NOW, "Dear Rosa"), owner="ana", status="new"),
    Right(wire.Reply(1, NOW, "Dear Rosa", then="escalate"), owner="sam", status="open"),
    Right(wire.AddNote(1, "She called before."), status="new"),
    Right(wire.AddNote(1, "She called before."), before=(TAKE,), owner="ana", status="open"),
    Right(wire.Wait(1, NOW), owner="ana", status="waiting"),
    Right(wire.Wait(1, NOW, MONDAY + timedelta(days=2), "a refund"), owner="ana", status="waiting"),
    Right(wire.Resolve(1, NOW, "answered by phone"), owner="ana", status="resolved"),
    Right(wire.Reopen(1, NOW), before=(RESOLVE,), owner="ana", status="open"),
    Right(wire.Reopen(1, NOW), before=(wire.Wait(1, NOW),), owner="ana", status="open"),
    Right(wire.Escalate(1, NOW, "She asks for a manager."), owner="sam", status="open"),
    Right(wire.Escalate(1, NOW, "It is back."), before=(RESOLVE,), owner="sam", status="open"),
    Right(wire.SetPriority(1, NOW, "urgent"), status="new"),
    Right(wire.Tag(1, ("refund", "vip"), ()), status="new"),
    Right(wire.Undo(), before=(TAKE,), status="new"),
    Right(wire.SaveDraft(1, "reply", "Dear", (0, 4), 2), status="new"),
    Right(wire.KeepPlace(Stand("team")), status="new"),
]


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: f"{case.by} {case.command}"[:70])
def test_a_verb_does_what_it_says(bench: Bench, case: Right) -> None:
    number = bench.ticket()
    for earlier in case.before:
        bench.do("ana", earlier)

    done = bench.do(case.by, case.command)

    seen = bench.case("ana", number)
    assert (seen.owner, seen.status) == (case.owner, case.status)
    assert done.version in (None, seen.version)
    assert bench.scalar("SELECT count(*) FROM event WHERE seq > :s", s=0) == len(bench.events())


def test_every_verb_has_its_happy_way_here() -> None:
    elsewhere = {wire.Redeliver, wire.AnswerBlank, wire.SetMailbox, MailAnchors}
    of_people = {wire.DisableUser, wire.SetRole, wire.TieUser}
    of_brands = {AddBrand, SetDesk, KeepDraft, ActivateDraft, SignOffDuty}
    of_policies = {Suggest, SettleSuggestion}
    of_addresses = {AllowAddress, RemoveAddress, OpenAddresses, CloseAddresses}

    known = elsewhere | of_people | of_addresses | of_brands | of_policies
    assert {type(case.command) for case in RIGHT} | known == set(HANDLERS)


@dataclass(frozen=True)
class Wrong:
    """Tell a refusal: what was done before, the command, and words of the sentence that says no."""

    command: wire.Command
    says: str
    before: tuple[wire.Command, ...] = ()
    by: str = "ana"


LONG = "x" * 200_001
WRONG = [
    Wrong(wire.Take(99, NOW), "no case 99"),
    Wrong(TAKE, "yours already", (TAKE,)),
    Wrong(TAKE, "ana has case 1-3: ask them", (TAKE,), "bo"),
    Wrong(TAKE, "does not allow to take", (RESOLVE, wire.GiveBack(1, NOW))),
    Wrong(wire.GiveBack(1, NOW), "Nobody has case 1-3"),
    Wrong(wire.GiveBack(1, NOW), "where it is yours", (TAKE,), "bo"),
    Wrong(wire.GiveBack(99, NOW), "no case 99"),
    Wrong(wire.Assign(1, NOW, "nobody"), "there is ana, bo, sam", ()),
    Wrong(wire.Assign(1, NOW, "ada"), "Nobody called", ()),
    Wrong(wire.Assign(1, NOW, "ana"), "ana has case 1-3 already", (TAKE,)),
    Wrong(wire.Assign(99, NOW, "ana"), "no case 99"),
    Wrong(wire.Reply(1, NOW, "  \n "), "the reply is empty"),
    Wrong(wire.Reply(1, NOW, LONG), "at most 200,000"),
    Wrong(wire.Reply(1, NOW, "Hi", then="burn"), 'not "burn"'),
    Wrong(wire.Reply(99, NOW, "Hi"), "no case 99"),
    Wrong(wire.AddNote(1, " "), "the note is empty"),
    Wrong(wire.AddNote(1, LONG), "at most 200,000"),
    Wrong(wire.AddNote(99, "Hi"), "no case 99"),
    Wrong(wire.Wait(1, NOW, MONDAY - timedelta(days=1)), "lies in the future"),
    Wrong(wire.Wait(1, NOW, MONDAY), "lies in the future"),
    Wrong(wire.Wait(1, NOW, MONDAY + timedelta(days=400)), "within a year"),
    Wrong(wire.Wait(1, NOW, datetime.max.replace(tzinfo=MONDAY.tzinfo)), "within a year"),
    Wrong(wire.Wait(1, NOW, (MONDAY + timedelta(days=1)).replace(tzinfo=None)), "needs its zone"),
    Wrong(wire.Wait(1, NOW, reason="x" * 201), "one line of at most 200"),
    Wrong(wire.Wait(1, NOW, reason="two\nlines"), "one line"),
    Wrong(wire.Wait(1, NOW), "does not allow to wait", (RESOLVE,)),
    Wrong(RESOLVE, "does not allow to resolve", (RESOLVE,)),
    Wrong(wire.Resolve(1, NOW, "x" * 201), "one line of at most 200"),
    Wrong(wire.Reopen(1, NOW), "does not allow to reopen"),
    Wrong(wire.Escalate(1, NOW, "  "), "say what was tried"),
    Wrong(wire.Escalate(99, NOW, "help"), "no case 99"),
    Wrong(wire.Escalate(1, NOW, "help"), "Nobody here can take an escalation", (), "sam"),
    Wrong(wire.SetPriority(1, NOW, "huge"), 'not "huge"'),
    Wrong(wire.SetPriority(1, NOW, "normal"), "priority normal already"),
    Wrong(wire.Tag(1, ("No Tag",)), "cannot be a tag"),
    Wrong(wire.Tag(1, tuple(f"tag{number}" for number in range(21))), "at most 20 tags"),
    Wrong(wire.Undo(), "nothing of yours to take back"),
    Wrong(wire.SaveDraft(1, "poem", "x"), 'not "poem"'),
    Wrong(wire.SaveDraft(1, "reply", "x" * 400_001), "at most 400,000"),
    Wrong(wire.SaveDraft(99, "reply", "x"), "no case 99"),
    Wrong(wire.Redeliver(99, "send"), "nothing to decide"),
]


@pytest.mark.parametrize("case", [case for case in WRONG], ids=lambda case: f"{case.command} {case.by}"[:60])
def test_a_verb_says_no_in_a_sentence_and_leaves_no_trace(bench: Bench, case: Wrong) -> None:
    bench.user("bo")
    bench.user("ada", "admin")
    bench.ticket()
    for earlier in case.before:
        bench.do("ana", earlier)
    before = bench.tables()

    with pytest.raises(Refused) as refused:
        bench.do(case.by, case.command)

    assert case.says in refused.value.sentence
    assert not isinstance(refused.value, Stale)
    assert bench.tables() == before


def test_taking_the_next_one_says_so_where_nothing_waits(bench: Bench) -> None:
    done = bench.do("ana", wire.TakeNext())

    assert (done.ticket, done.said.line()) == (None, "Nothing waits: neither for you nor for nobody.")


def test_a_customer_without_an_address_cannot_be_answered(bench: Bench) -> None:
    number = bench.ticket("not an address")

    with pytest.raises(Refused, match="nobody knows an e-mail address"):
        bench.do("ana", wire.Reply(number, NOW, "Hi"))


# -- what was seen

STALE: list[Callable[[int], wire.Command]] = [
    lambda seen: wire.Take(1, seen),
    lambda seen: wire.Assign(1, seen, "sam"),
    lambda seen: wire.Reply(1, seen, "Hi"),
    lambda seen: wire.Wait(1, seen),
    lambda seen: wire.Resolve(1, seen),
    lambda seen: wire.Escalate(1, seen, "help"),
    lambda seen: wire.SetPriority(1, seen, "high"),
]


@pytest.mark.parametrize("command", STALE, ids=lambda make: type(make(0)).__name__)
def test_who_saw_an_older_state_is_told_what_changed_and_nothing_is_done(
    bench: Bench, command: Callable[[int], wire.Command]
) -> None:
    number = bench.ticket()
    seen = bench.row(number).version
    bench.user("bo")
    bench.do("bo", wire.AddNote(number, "Called her."))
    bench.do("bo", wire.SetPriority(number, NOW, "urgent"))
    before = bench.tables()

    with pytest.raises(Stale) as stale:
        bench.do("ana", command(seen))

    assert stale.value.sentence == "Not done: case 1-3 has moved on."
    assert stale.value.changes == ("10:00 bo added a note:\n> Called her.", "10:00 bo changed the priority to urgent")
    assert bench.tables() == before


def test_a_reply_can_be_sent_although_the_case_moved_on(bench: Bench) -> None:
    number = bench.ticket()
    seen = bench.row(number).version
    bench.do("sam", wire.AddNote(number, "Called her."))

    done = bench.do("ana", wire.Reply(number, seen, "Hi", anyway=True))

    assert done.contact is not None


def test_one_s_own_changes_make_nothing_stale(bench: Bench) -> None:
    number = bench.ticket()
    seen = bench.row(number).version
    bench.do("ana", wire.Take(number, seen))
    bench.do("ana", wire.Reply(number, seen, "Hi", then="open"))
    bench.deliver()

    done = bench.do("ana", wire.Resolve(number, seen))

    assert done.said.line().startswith("Case 1-3 resolved")


def test_a_customer_s_new_message_makes_a_reply_stale(bench: Bench) -> None:
    number = bench.ticket()
    done = bench.do("ana", wire.Reply(number, NOW, "Which order?"))
    (sent,) = bench.deliver()
    seen = bench.row(number).version
    assert sent.reply_to is not None

    bench.mail("Rosa Prado <rosa@example.org>", "Re: order", "4471", to=sent.reply_to.email, message_id="<m2@x>")

    assert done.version is not None
    with pytest.raises(Stale) as stale:
        bench.do("ana", wire.Reply(number, seen, "Which order?"))
    assert stale.value.changes == ("10:00 the customer wrote:\n> 4471",)


# -- the same request


def test_the_same_request_of_a_person_is_done_once_and_answered_alike(bench: Bench) -> None:
    number = bench.ticket()

    first, again = (bench.do("ana", wire.AddNote(number, "Once."), request="r1") for _ in range(2))

    assert first == again
    assert [entry.text.lines() for entry in bench.case("ana", number).contacts if entry.kind == "note"] == ["Once."]


def test_a_reply_with_a_note_to_the_supervisor_is_sent_noted_and_escalated_together_or_not_at_all(bench: Bench) -> None:
    number = bench.ticket()
    handed = wire.Reply(number, NOW, "Dear Rosa", then="escalate", note="Refund of $140, please decide.")
    bench.write(lambda tx: tx.rows("UPDATE \"user\" SET disabled = true WHERE login = 'sam'"))
    with pytest.raises(Refused, match="can take an escalation"):
        bench.do("ana", handed)
    nothing = (bench.scalar("SELECT count(*) FROM outbox"), len(bench.case("ana", number).contacts))
    bench.write(lambda tx: tx.rows("UPDATE \"user\" SET disabled = false WHERE login = 'sam'"))

    bench.do("ana", handed)

    case = bench.case("sam", number)
    assert nothing == (0, 1)
    assert [entry.text.lines() for entry in case.contacts if entry.kind == "note"] == ["Refund of $140, please decide."]
    assert bench.scalar("SELECT count(*) FROM outbox") == 1
    assert bench.row(number).escalated_to is not None


def test_another_person_s_request_of_the_same_name_is_another_request(bench: Bench) -> None:
    number = bench.ticket()

    for login in ("ana", "sam"):
        bench.do(login, wire.AddNote(number, f"By {login}."), request="r1")

    assert len([entry for entry in bench.case("ana", number).contacts if entry.kind == "note"]) == 2


def test_a_refused_request_is_judged_anew_when_it_is_repeated(bench: Bench) -> None:
    number = bench.ticket()
    with pytest.raises(Refused):
        bench.do("ana", wire.Reopen(number, NOW), request="r1")
    bench.do("ana", wire.Resolve(number, NOW))

    assert bench.do("ana", wire.Reopen(number, NOW), request="r1").said.line() == "Case 1-3 is open again."


# -- details


def test_tags_are_added_once_and_removed(bench: Bench) -> None:
    number = bench.ticket()
    bench.do("ana", wire.Tag(number, ("refund", "vip", "refund")))

    bench.do("ana", wire.Tag(number, ("late",), ("vip", "unknown")))

    assert [tag.line() for tag in bench.case("ana", number).tags] == ["refund", "late"]


def test_an_escalation_goes_to_the_supervisor_who_carries_least_and_is_counted(bench: Bench) -> None:
    bench.user("sue", "supervisor")
    first, second, third = (bench.ticket(f"c{n}@example.org", f"case {n}") for n in range(3))
    bench.do("ana", wire.Assign(first, NOW, "sam"))

    bench.do("ana", wire.Escalate(second, NOW, "help"))
    bench.do("ana", wire.Escalate(third, NOW, "help"))

    assert [bench.case("ana", number).owner for number in (second, third)] == ["sue", "sam"]
    assert bench.case("ana", second).escalated_to == "sue"
    assert bench.page("sue", "mine").counts.mine == 1


def test_a_priority_recomputes_from_the_original_start(bench: Bench) -> None:
    number = bench.ticket()
    before = bench.clocks(number)["email-first"]
    bench.move(hours=1)

    bench.do("ana", wire.SetPriority(number, NOW, "urgent"))

    after = bench.clocks(number)["email-first"]
    assert (after.started_at, after.due_at) == (before.started_at, before.due_at)


def test_a_draft_is_kept_replaced_and_dropped_when_it_is_empty(bench: Bench) -> None:
    number = bench.ticket()
    for text, cursor in (("Dear", (0, 4)), ("Dear Rosa", (0, 9))):
        bench.do("ana", wire.SaveDraft(number, "reply", text, cursor, 2))

    (draft,) = bench.case("ana", number).drafts
    assert (draft.text.lines(), draft.cursor, draft.seen) == ("Dear Rosa", (0, 9), 2)
    assert bench.case("sam", number).drafts == ()
    bench.do("ana", wire.SaveDraft(number, "reply", " \n"))
    assert bench.case("ana", number).drafts == ()


def test_sending_drops_the_draft(bench: Bench) -> None:
    number = bench.ticket()
    bench.do("ana", wire.SaveDraft(number, "reply", "Dear"))

    bench.do("ana", wire.Reply(number, NOW, "Dear Rosa"))

    assert bench.case("ana", number).drafts == ()
    assert bench.row(number).status is Status.NEW
