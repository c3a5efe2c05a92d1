"""Who works on what has changed meanwhile is stopped and told, whatever else stands in the log since (UX 11, C2)."""

from collections.abc import Callable

import pytest

from agentconsole.channels.email.smtp import Refusal
from agentconsole.domain.errors import Stale
from agentconsole.wire import commands as wire
from tests.desk_bench import ROSA, Bench

COMMANDS: tuple[Callable[[int], wire.AnyCommand], ...] = (
    lambda seen: wire.Reply(1, seen, "Dear Rosa"),
    lambda seen: wire.Assign(1, seen, "ana"),
    lambda seen: wire.Wait(1, seen),
    lambda seen: wire.Resolve(1, seen),
    lambda seen: wire.SetPriority(1, seen, "low"),
    lambda seen: wire.Escalate(1, seen, "She asks for a manager."),
)
MEANWHILE: tuple[tuple[str, Callable[[Bench], object]], ...] = (
    ("sam added a note", lambda bench: bench.do("sam", wire.AddNote(1, "She called."))),
    ("sam changed the status to waiting", lambda bench: bench.do("sam", wire.Wait(1, 10_000))),
    ("sam changed the priority to urgent", lambda bench: bench.do("sam", wire.SetPriority(1, 10_000, "urgent"))),
    ("sam answered", lambda bench: bench.do("sam", wire.Reply(1, 10_000, "Dear Rosa, it is on its way."))),
    ("the customer wrote", lambda bench: bench.mail(ROSA, "Re: order", "Never mind.", in_reply_to="<0.@example.org>")),
)


def _stopped(bench: Bench, command: wire.AnyCommand, by: str = "ana") -> str:
    with pytest.raises(Stale) as stale:
        bench.do(by, command)
    return " ".join(stale.value.changes)


@pytest.mark.parametrize(("says", "meanwhile"), MEANWHILE, ids=[says for says, _ in MEANWHILE])
@pytest.mark.parametrize("command", COMMANDS, ids=[type(command(1)).__name__ for command in COMMANDS])
def test_each_command_that_was_made_for_an_older_version_is_stopped_by_each_change(
    bench: Bench, command: Callable[[int], wire.AnyCommand], says: str, meanwhile: Callable[[Bench], object]
) -> None:
    number = bench.ticket()
    seen = bench.row(number).version
    meanwhile(bench)
    before = bench.tables()

    assert says in _stopped(bench, command(seen))
    assert bench.tables() == before


def test_of_two_who_write_at_once_the_second_is_shown_the_first_one_s_answer_and_may_send_anyway(bench: Bench) -> None:
    number = bench.ticket()
    seen = bench.row(number).version
    bench.do("ana", wire.Reply(number, seen, "Dear Rosa, it left today."))

    told = _stopped(bench, wire.Reply(number, seen, "Dear Rosa, please wait."), "sam")
    bench.do("sam", wire.Reply(number, seen, "Dear Rosa, please wait.", anyway=True))

    assert "ana answered" in told
    assert "it left today" in told


def test_a_mail_that_is_tried_again_hides_no_change_before_it(bench: Bench) -> None:
    number = bench.ticket()
    bench.do("sam", wire.Reply(number, 10_000, "Dear Rosa"))
    seen = bench.row(number).version
    bench.do("sam", wire.AddNote(number, "She called."))
    bench.deliver(Refusal(False, "the mail server is busy"))
    assert bench.events()[-1].kind == "mail.retried"

    assert "sam added a note" in _stopped(bench, wire.Resolve(number, seen))


def test_many_changes_that_nobody_is_told_of_hide_none_before_them(bench: Bench) -> None:
    number = bench.ticket()
    seen = bench.row(number).version
    bench.do("sam", wire.AddNote(number, "She called."))
    for turn in range(45):
        bench.do("sam", wire.Tag(number, (f"t{turn % 3}",), (f"t{(turn + 1) % 3}",)))

    assert "sam added a note" in _stopped(bench, wire.Resolve(number, seen))


def test_one_s_own_changes_stop_nobody(bench: Bench) -> None:
    number = bench.ticket()
    seen = bench.row(number).version
    bench.do("ana", wire.AddNote(number, "She called."))

    bench.do("ana", wire.Resolve(number, seen))

    assert bench.row(number).status == "resolved"
