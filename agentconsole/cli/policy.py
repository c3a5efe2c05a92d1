"""`agentconsole policy`: what the packs in force leave open, and filling it in."""

import msgspec

from agentconsole.cli.ask import ask
from agentconsole.cli.users import carry_out
from agentconsole.wire.client import Client
from agentconsole.wire.commands import AnswerBlank
from agentconsole.wire.frames import Blanks
from agentconsole.wire.queries import ReadBlanks
from agentconsole.wire.rows import BlankRow


def blanks(*, as_json: bool) -> int:
    """List the blanks of the packs in force: the question, the sentence it comes from, the proposal and its reason."""

    async def read(client: Client) -> tuple[BlankRow, ...]:
        answer = await client.ask(ReadBlanks())
        assert isinstance(answer, Blanks)
        return answer.rows

    rows = ask(read)
    if as_json:
        print(msgspec.json.encode(rows).decode())
        return 0
    for row in rows:
        state = f"answered: {row.answer}" if row.answer is not None else f"OPEN, used meanwhile: {row.proposal}"
        print(f"{row.pack} {row.blank}  {row.question}\n    {state}")
        print(f"    from {row.clause}: {row.sentence}\n    {row.reason}")
    still = sum(row.answer is None for row in rows)
    print(f"{len(rows)} blanks, {still} open. Fill one in: agentconsole policy answer PACK BLANK ANSWER")
    return 0


def answer(pack: str, blank: str, given: str) -> int:
    """Fill in a blank, which puts a new version of its pack into force."""
    print(carry_out(AnswerBlank(pack, blank, given)).said)
    return 0
