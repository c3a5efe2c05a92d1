"""`agentconsole policy blanks` and `answer`: what policies leave open, and filling it in."""

from agentconsole.cli.ask import ask
from agentconsole.cli.policy_source import named_packs
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.cli.users import carry_out
from agentconsole.queries.blanks import blank_rows
from agentconsole.wire.client import Client
from agentconsole.wire.commands import AnswerBlank
from agentconsole.wire.frames import Blanks
from agentconsole.wire.queries import ReadBlanks
from agentconsole.wire.rows import BlankRow


def blanks(name: str, *, as_json: bool) -> int:
    """List the blanks of one policy, or ("") of all in force: question, sentence, proposal and its reason."""
    rows = blank_rows((named_packs((name,))[0].pack,)) if name else _in_force()
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


def _in_force() -> tuple[BlankRow, ...]:
    async def read(client: Client) -> tuple[BlankRow, ...]:
        answer = await client.ask(ReadBlanks())
        assert isinstance(answer, Blanks)
        return answer.rows

    return ask(read)


def answer(pack: str, blank: str, given: str) -> int:
    """Fill in a blank or a setting: of what is in force, which makes a new version of it, or of a draft."""
    tell(carry_out(AnswerBlank(pack, blank, given)).said.line())
    return 0
