"""`agentconsole why CASE`: what each clock of a case says, by which rule, and why the case stands where it stands."""

import argparse

from agentconsole.cli.ask import ask
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.domain.errors import Refused
from agentconsole.domain.ticket import parse_case_number
from agentconsole.wire.client import Client
from agentconsole.wire.frames import Explained
from agentconsole.wire.queries import ExplainClock
from agentconsole.wire.rows import Why


def why(line: argparse.Namespace) -> int:
    """Explain a case: the clock that decides its place with the place itself, then its other clocks."""
    number = parse_case_number(line.case)
    if number is None:
        raise Refused(f'"{line.case}" is no case number: it is the number on the case, as 1 or 1-3.')

    async def read(client: Client) -> list[Why]:
        first = await _explained(client, number, "")
        return [first, *[await _explained(client, number, other) for other in first.others]]

    found = ask(read)
    if line.json:
        tell_json(found)
        return 0
    tell(found[0].title)
    for one in found:
        tell("\n".join(["", *(text.lines() for text in one.lines)]))
    return 0


async def _explained(client: Client, number: int, standard: str) -> Why:
    answer = await client.ask(ExplainClock(number, standard))
    assert isinstance(answer, Explained)
    return answer.why
