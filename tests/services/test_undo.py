"""Taking back: every change of an agent, a held mail first, and nothing that somebody has built on."""

from datetime import timedelta

import pytest

from agentconsole.channels.email.smtp import Refusal, Unknown
from agentconsole.domain.errors import Refused
from agentconsole.wire import commands as wire
from tests.desk_bench import MONDAY, Bench

NOW = 10_000
FIELDS = ("status", "owner_id", "priority", "tags", "escalated_to", "fresh")

CHANGES = [
    wire.Take(1, NOW),
    wire.Assign(1, NOW, "sam"),
    wire.TakeNext(),
    wire.Reply(1, NOW, "Dear Rosa"),
    wire.Reply(1, NOW, "Dear Rosa", then="resolve"),
    wire.Reply(1, NOW, "Dear Rosa", then="escalate"),
    wire.Wait(1, NOW),
    wire.Wait(1, NOW, MONDAY + timedelta(days=2), "a refund"),
    wire.Resolve(1, NOW),
    wire.Escalate(1, NOW, "help"),
    wire.SetPriority(1, NOW, "urgent"),
    wire.Tag(1, ("refund",)),
]


def _state(bench: Bench) -> list[object]:
    row = bench.row(1)
    return [getattr(row, name) for name in FIELDS[:-1]]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(change)[:60])
def test_every_change_of_an_agent_can_be_taken_back(bench: Bench, change: wire.AnyCommand) -> None:
    """U12."""
    bench.ticket()
    before, rank, due = _state(bench), bench.row(1).tier, bench.row(1).due_at

    bench.do("ana", change)
    done = bench.do("ana", wire.Undo())

    assert done.said.line().startswith("Taken back: ")
    assert _state(bench) == before
    assert (bench.row(1).tier, bench.row(1).due_at) == (rank, due)
    assert bench.page("ana").total == 1


@pytest.mark.parametrize(
    "before", [(wire.Take(1, NOW), wire.GiveBack(1, NOW)), (wire.Resolve(1, NOW), wire.Reopen(1, NOW))], ids=str
)
def test_what_undoes_by_itself_can_be_taken_back_too(bench: Bench, before: tuple[wire.AnyCommand, ...]) -> None:
    bench.ticket()
    bench.do("ana", before[0])
    state = _state(bench)
    bench.do("ana", before[1])

    bench.do("ana", wire.Undo())

    assert _state(bench) == state


def test_changes_are_taken_back_one_after_the_other_the_last_first(bench: Bench) -> None:
    bench.ticket()
    for change in (wire.Take(1, NOW), wire.SetPriority(1, NOW, "high"), wire.Tag(1, ("refund",))):
        bench.do("ana", change)

    said = [bench.do("ana", wire.Undo()).said.line() for _ in range(3)]

    assert [sentence.split()[2] for sentence in said] == ["tags", "priority", "take"]
    with pytest.raises(Refused, match="nothing of yours"):
        bench.do("ana", wire.Undo())


def test_a_held_mail_is_taken_back_before_a_later_change(bench: Bench) -> None:
    first, second = bench.ticket(), bench.ticket("bo@example.org", "second")
    bench.do("ana", wire.Reply(first, NOW, "Dear Rosa"))
    bench.do("ana", wire.Take(second, NOW))

    said = [bench.do("ana", wire.Undo()).said.line() for _ in range(2)]

    assert said[0] == "Taken back: reply of case 1-3; the text is your draft again."
    assert said[1] == "Taken back: take of case 2-1."


def test_a_mail_that_could_not_leave_within_its_hold_takes_its_turn(bench: Bench) -> None:
    first, second = bench.ticket(), bench.ticket("bo@example.org", "second")
    bench.do("ana", wire.Reply(first, NOW, "Dear Rosa"))
    bench.clock.move(timedelta(seconds=11))
    bench.do("ana", wire.Take(second, NOW))

    said = [bench.do("ana", wire.Undo()).said.line() for _ in range(2)]

    assert said[0] == "Taken back: take of case 2-1."
    assert said[1] == "Taken back: reply of case 1-3; the text is your draft again."


def test_what_somebody_else_built_on_is_not_taken_back(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.SetPriority(1, NOW, "high"))
    bench.do("sam", wire.SetPriority(1, NOW, "urgent"))

    with pytest.raises(Refused, match=r"the priority of case 1-3 was changed again since\."):
        bench.do("ana", wire.Undo())
    assert bench.row(1).priority == "urgent"


def test_somebody_else_s_change_of_another_field_does_not_stand_in_the_way(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.SetPriority(1, NOW, "high"))
    bench.do("sam", wire.Tag(1, ("refund",)))

    bench.do("ana", wire.Undo())

    assert (bench.row(1).priority, bench.row(1).tags) == ("normal", ["refund"])


def test_a_mail_taken_back_in_time_never_leaves_and_its_text_is_a_draft_again(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then="resolve"))
    bench.do("ana", wire.SaveDraft(1, "reply", "PS"))
    bench.clock.move(timedelta(seconds=9))

    bench.do("ana", wire.Undo())

    assert bench.deliver() == []
    case = bench.case("ana", 1)
    assert [entry.text for entry in case.contacts if entry.author == "agent"] == []
    assert [draft.text.lines() for draft in case.drafts] == ["Dear Rosa\n\nPS"]
    assert bench.clocks(1)["email-first"].is_running
    assert [event.kind for event in bench.events(ticket=1) if "undone" in event.kind] == ["ticket.undone"]


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        pytest.param(None, "has left", id="sent"),
        pytest.param(Unknown("lost"), "may have left", id="unknown"),
        pytest.param(Refusal(True, "no such user"), "has failed", id="failed"),
    ],
)
def test_a_mail_that_is_gone_is_not_taken_back(bench: Bench, outcome: Refusal | Unknown | None, says: str) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa"))
    bench.deliver(outcome)
    before = bench.tables()

    with pytest.raises(Refused, match=f"Too late: the mail to rosa@example.org {says}"):
        bench.do("ana", wire.Undo())
    assert bench.tables() == before


def test_a_mail_that_waits_for_another_try_can_still_be_taken_back(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa"))
    bench.deliver(Refusal(False, "try later"))

    bench.do("ana", wire.Undo())
    bench.clock.move(timedelta(hours=2))

    assert bench.deliver() == []


def test_nobody_takes_back_what_another_did(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Take(1, NOW))

    with pytest.raises(Refused, match="nothing of yours"):
        bench.do("sam", wire.Undo())


def test_a_promise_that_was_taken_back_is_never_broken(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Wait(1, NOW, MONDAY + timedelta(hours=3), "a refund"))

    bench.do("ana", wire.Undo())
    bench.move(hours=4)

    assert "promise" not in bench.clocks(1)
    assert bench.events("clock.breached", 1) == []
