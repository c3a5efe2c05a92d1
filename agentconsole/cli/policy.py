"""`agentconsole policy`: what the packs in force leave open, and filling it in."""

from agentconsole.cli.ask import ask
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
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
        tell_json(rows)
        return 0
    for row in rows:
        state = f"answered: {row.answer.line()}" if row.answer is not None else f"OPEN, used meanwhile: {row.proposal}"
        tell(f"{row.pack} {row.blank}  {row.question}\n    {state}")
        tell(f"    from {row.clause}: {row.sentence}\n    {row.reason}")
    still = sum(row.answer is None for row in rows)
    tell(f"{len(rows)} blanks, {still} open. Fill one in: agentconsole policy answer PACK BLANK ANSWER")
    return 0


def answer(pack: str, blank: str, given: str) -> int:
    """Fill in a blank, which puts a new version of its pack into force."""
    tell(carry_out(AnswerBlank(pack, blank, given)).said.line())
    return 0
