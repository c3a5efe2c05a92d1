"""No words of a customer or an agent stand in the event log, so that erasing them does not break its chain."""

import pytest

from agentconsole.wire import commands as wire
from tests.desk_bench import MONDAY, Bench

NOW = 10_000
SECRET = "marmalade"
LATER = MONDAY.replace(day=28)


@pytest.mark.parametrize(
    "command",
    [
        wire.Reply(1, NOW, f"Dear Rosa, {SECRET}"),
        wire.AddNote(1, f"She said {SECRET}"),
        wire.Escalate(1, NOW, f"She wants {SECRET}"),
        wire.Resolve(1, NOW, f"she got {SECRET}"),
        wire.Wait(1, NOW, None, f"she sends {SECRET}"),
        wire.Wait(1, NOW, LATER, f"promised {SECRET}"),
        wire.SaveDraft(1, "reply", SECRET),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_an_agent_writes_is_kept_and_the_log_only_refers_to_it(bench: Bench, command: wire.AnyCommand) -> None:
    bench.ticket()

    bench.do("ana", command)

    everything = " ".join(str(row) for name, rows in bench.tables().items() for row in rows if name != "event")
    assert SECRET in everything
    assert not [event for event in bench.events() if SECRET in event.body + event.subject]


def test_what_a_customer_writes_is_kept_and_the_log_only_refers_to_it(bench: Bench) -> None:
    bench.mail("rosa@example.org", f"About {SECRET}", f"Where is my {SECRET}?")

    contents = [event.body + event.subject for event in bench.events()]

    assert not [content for content in contents if SECRET in content or "rosa@example.org" in content]
