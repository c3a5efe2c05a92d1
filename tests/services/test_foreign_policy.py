"""A policy document that nobody here knew: drafted, filled in, in force for a new brand, broken, and asked why."""

from agentconsole.domain.clocks import steps
from agentconsole.domain.policy_import import import_policy
from agentconsole.services.projection import clocks_of
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.wire.brands import AddBrand
from agentconsole.wire.commands import AnswerBlank
from agentconsole.wire.policies import ActivateDraft, KeepDraft
from tests.desk_bench import Bench

DOCUMENT = """# Canal Boat Hire: how we answer our guests

Revised: 3 March 2026

## 1. What we promise

- 1.1 E-mails are answered within 6 hours.
- 1.2 Calls are answered within 4 rings, otherwise the caller may leave a message.
- 1.3 Problems that a guest reports are resolved within 3 days.

## 2. When things go wrong

- 2.1 Complaints are acknowledged in writing within 3 working days.
- 2.2 Refunds over £250 are decided by the [role] in charge.
"""


def test_a_foreign_document_becomes_a_promise_that_is_broken_and_explains_itself(bench: Bench) -> None:
    bench.user("ada", "admin")
    draft = import_policy(DOCUMENT.encode(), file="canal.md")

    bench.do("ada", KeepDraft(draft.text))
    open_blanks = bench.desk.context.shelf.parse(draft.text, "canal", {}).open_blanks
    for blank in open_blanks:
        said = bench.do("ada", AnswerBlank("canal@draft", blank.id, blank.proposal)).said.line(400)
    bench.do("ada", ActivateDraft("canal"))
    bench.do("ada", AddBrand("canal", "Canal Boat Hire", "canal"))
    number = bench.ticket("Tom <tom@guest.example>", "The engine will not start", brand="canal")
    bench.move(hours=7)
    bench.sweep()

    assert len(open_blanks) >= 4
    assert "No blank is left." in said
    now = bench.clock.now()
    first, *_ = bench.read(lambda s: clocks_of(s, bench.desk.context, s.get_one(Ticket, number), now))
    why = "\n".join(steps(first, bench.desk.context.shelf.pack_at, now))
    assert "why      LATE +1h00 (first reply)" in why
    assert "E-mails are answered within 6 hours" in why
    assert "Canal Boat Hire: how we answer our guests 1.1, pack v1" in why
    assert "broken since" in why
    assert [event.kind for event in bench.events(ticket=number)].count("clock.breached") == 1
