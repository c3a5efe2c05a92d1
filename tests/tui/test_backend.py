"""The backend asks without waiting, in order, and says in one voice when the desk is out of reach."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from agentconsole.domain.errors import Refused
from agentconsole.tui.backend import Backend
from agentconsole.tui.known import CASES_KEPT
from agentconsole.wire import commands as c
from agentconsole.wire import queries as q
from agentconsole.wire.client import LinkLost, Told
from agentconsole.wire.frames import Changed, SignedIn
from tests.rows import built
from tests.tui.fake_desk import FakeDesk, row


@dataclass
class Ear:
    """Hear what the backend tells."""

    heard: list[str] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    outcomes: list[tuple[str, str]] = field(default_factory=list)

    def link_made(self) -> None:
        self.heard.append("made")

    def link_lost(self) -> None:
        self.heard.append("lost")

    def told(self, told: Told) -> None:
        self.heard.append(type(told).__name__)

    def refused(self, refusal: Refused) -> None:
        self.refusals.append(refusal)

    def fault(self, error: BaseException) -> None:
        self.heard.append(f"fault {error}")


def run(script: Callable[[Backend, FakeDesk, Ear], Awaitable[None]], desk: FakeDesk | None = None) -> Ear:
    """Run a script against a backend that is linked to a desk in memory."""

    async def play() -> Ear:
        at, ear = desk if desk is not None else FakeDesk(), Ear()
        at.login = "ana"
        backend = Backend(at.connect, ear)
        backend.settled = lambda sentence, kind: ear.outcomes.append((sentence, kind))
        await asyncio.wait_for(script(backend, at, ear), 10)
        await backend.close()
        return ear

    return asyncio.run(play())


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    while not holds():
        await asyncio.sleep(0)


def test_questions_are_answered_in_the_order_they_were_asked() -> None:
    answers: list[int] = []

    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        backend.start()
        await until(lambda: backend.is_linked)
        for ticket in (4490, 4471, 4486):
            backend.read_case(ticket, lambda case: answers.append(case.ticket))
        assert answers == []
        await until(lambda: len(answers) == 3)

    run(script, FakeDesk(delay=0.01))

    assert answers == [4490, 4471, 4486]


def test_without_a_link_a_question_is_refused_and_nobody_waits() -> None:
    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        backend.ask(q.ReadPeople())
        await until(lambda: bool(ear.refusals))

    assert [refusal.code for refusal in run(script).refusals] == ["link"]


def test_who_may_read_no_templates_is_not_told_so_at_the_sign_in() -> None:
    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        desk.forced[q.ReadTemplates] = Refused("Only an agent may read templates.")
        backend.start()
        await until(lambda: backend.is_linked)
        backend.signed_in(built(SignedIn, "pat", "Pat Novak", "admin", (), (), 900))
        await until(lambda: bool(backend.people()))

    assert run(script).refusals == []


def test_a_link_that_is_lost_on_the_way_refuses_what_was_asked_and_is_made_again() -> None:
    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        backend.start()
        await until(lambda: backend.is_linked)
        backend.ask(q.ReadPeople())
        await asyncio.sleep(0)
        desk.hang_up()
        await until(lambda: bool(ear.refusals) and ear.heard.count("made") == 2)

    ear = run(script, FakeDesk(delay=0.01))

    assert ear.heard == ["made", "lost", "made"]
    assert ear.refusals[0].code == "link"


def test_a_desk_that_is_not_up_yet_is_tried_again() -> None:
    desk = FakeDesk()
    tries: list[int] = []
    connect = desk.connect

    async def late() -> FakeDesk:
        tries.append(1)
        if len(tries) < 2:
            raise LinkLost("starting")
        return await connect()

    desk.connect = late

    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        backend.start()
        while not backend.is_linked:
            await asyncio.sleep(0.01)

    run(script, desk)

    assert len(tries) == 2


def test_what_keeps_the_desk_from_starting_is_said_once() -> None:
    desk = FakeDesk()
    tries: list[int] = []

    async def refusing() -> FakeDesk:
        tries.append(1)
        raise Refused("The disk is full.")

    desk.connect = refusing  # type: ignore[method-assign]

    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        backend.start()
        while len(tries) < 3:
            await asyncio.sleep(0.01)

    ear = run(script, desk)

    assert [refusal.sentence for refusal in ear.refusals] == ["The disk is full."]


def test_a_case_that_moved_is_read_again_and_only_so_many_are_kept() -> None:
    desk = FakeDesk(rows=[row(number, "Someone", "A question", None) for number in range(1, CASES_KEPT + 12)])

    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        backend.start()
        await until(lambda: backend.is_linked)
        for ticket in range(1, CASES_KEPT + 11):
            backend.read_case(ticket)
        await until(lambda: backend.case(CASES_KEPT + 10) is not None)
        assert backend.case(1) is None
        desk.change(CASES_KEPT + 10, subject="Another question")
        await until(lambda: backend.case(CASES_KEPT + 10).subject.line() == "Another question")
        desk.told(Changed((1,)))

    ear = run(script, desk)

    assert ear.heard.count("Changed") == 2
    assert [asked.ticket for asked in desk.of(q.ReadCase)].count(1) == 1


def test_keys_are_reported_at_most_every_half_minute_and_only_when_signed_in() -> None:
    desk = FakeDesk()

    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        backend.start()
        await until(lambda: backend.is_linked)
        backend.still_here()
        backend.signed_in(built(SignedIn, "ana", "Ana", "agent", (), (), 900))
        backend.still_here()
        backend.still_here()
        await until(lambda: bool(desk.of(c.StillHere)))

    run(script, desk)

    assert len(desk.of(c.StillHere)) == 1


def test_the_last_things_are_waited_for_but_not_for_ever() -> None:
    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        backend.start()
        await until(lambda: backend.is_linked)
        await backend.settle((c.SaveDraft(4471, "reply", "half"),), 5.0)
        assert desk.drafts[4471, "reply"].text.lines() == "half"
        desk.delay = 60
        await backend.settle((c.SaveDraft(4471, "reply", "more"),), 0.05)
        assert desk.drafts[4471, "reply"].text.lines() == "half"

    run(script)


def test_who_signs_out_leaves_nothing_behind() -> None:
    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        backend.start()
        await until(lambda: backend.is_linked)
        backend.signed_in(built(SignedIn, "ana", "Ana", "agent", (), (), 900))
        backend.read_case(4471)
        backend.ask(q.ReadQueue())
        await until(lambda: backend.page("mine") is not None and bool(backend.people()))
        backend.signed_out()

        assert (backend.case(4471), backend.page("mine"), backend.people(), backend.me.login) == (None, None, (), "")

    run(script)


def test_a_fault_in_what_hears_an_answer_is_not_swallowed() -> None:
    def faulty(_: object) -> None:
        raise ZeroDivisionError("of ours")

    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        backend.start()
        await until(lambda: backend.is_linked)
        backend.ask(q.ReadPeople(), faulty)
        await until(lambda: len(ear.heard) == 2)

    assert run(script).heard == ["made", "fault of ours"]


def _lose_the_answer(desk: FakeDesk, *, login: str, answer: Refused | None = None) -> tuple[Ear, list[str]]:
    """Have ana take a case, lose the link before the answer comes, and sign in again as `login`."""
    heard: list[str] = []

    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        backend.start()
        await until(lambda: backend.is_linked)
        backend.signed_in(built(SignedIn, "ana", "Ana", "agent", (), (), 900))
        await until(lambda: bool(backend.people()))
        desk.delay = 0.05
        backend.ask(c.Take(4471, 1), lambda _: heard.append("done"), lambda refusal: heard.append(refusal.sentence))
        await until(lambda: bool(desk.of(c.Take)))
        desk.hang_up()
        await until(lambda: ear.heard.count("made") == 2 and len(backend.unanswered))
        desk.delay = 0
        if answer is not None:
            desk.forced[c.Take] = answer
        backend.signed_out()
        backend.signed_in(built(SignedIn, login, login.title(), "agent", (), (), 900))
        await until(lambda: not len(backend.unanswered) and bool(backend.people()))
        for _ in range(50):
            await asyncio.sleep(0)

    return run(script, desk), heard


def test_a_command_whose_answer_was_lost_is_asked_again_under_its_id_after_the_sign_in() -> None:
    desk = FakeDesk()

    ear, heard = _lose_the_answer(desk, login="ana")

    assert desk.of(c.Take) == [c.Take(4471, 1)] * 2
    assert len(desk.requests[c.Take]) == 2
    assert len(set(desk.requests[c.Take])) == 1
    assert heard == ["done"]
    assert ear.outcomes == [("The answer lost with the link: take of case 4471-7 is done.", "done")]


def test_one_that_the_desk_refuses_when_it_is_asked_again_is_said_to_be_not_done() -> None:
    ear, heard = _lose_the_answer(FakeDesk(), login="ana", answer=Refused("BO has it."))

    assert heard == ["BO has it."]
    assert ear.outcomes == [("The answer lost with the link: take of case 4471-7 is not done. BO has it.", "refused")]


def test_nobody_else_asks_what_another_person_was_not_answered() -> None:
    desk = FakeDesk()

    ear, heard = _lose_the_answer(desk, login="bo")

    assert (len(desk.of(c.Take)), heard, ear.outcomes) == (1, [], [])


def test_a_draft_whose_answer_was_lost_is_not_sent_again_over_a_newer_one() -> None:
    async def script(backend: Backend, desk: FakeDesk, ear: Ear) -> None:
        backend.start()
        await until(lambda: backend.is_linked)
        backend.signed_in(built(SignedIn, "ana", "Ana", "agent", (), (), 900))
        desk.delay = 0.05
        backend.ask(c.SaveDraft(4471, "reply", "half"))
        await until(lambda: bool(desk.of(c.SaveDraft)))
        desk.hang_up()
        await until(lambda: any(refusal.code == "link" for refusal in ear.refusals))
        assert not len(backend.unanswered)

    run(script)
