"""`agentconsole mail import`: feed messages from files through the very intake that the mailbox uses."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from agentconsole.channels.email.files import Found, read_messages
from agentconsole.cli.ask import ask
from agentconsole.cli.say import tell
from agentconsole.domain.errors import Refused
from agentconsole.domain.text import clean_line
from agentconsole.wire.client import Client
from agentconsole.wire.commands import ImportMail
from agentconsole.wire.frames import Done

_WORDS = {
    "new": "new cases",
    "joined": "joined a case",
    "bounce": "bounces",
    "again": "here already",
    "unparsable": "could not be read, kept",
    "waiting": "kept, read later",
    "unusable": "could not be used",
}


def load(paths: Sequence[str], brand: str) -> int:
    """Import messages; prints a line for each and a summary. Exits with 1 when one could not be used."""
    missing = [path for path in paths if not Path(path).exists()]
    if missing:
        raise Refused(f"There is no file or folder {missing[0]}: nothing was imported.")

    async def work(client: Client) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        for found in read_messages([Path(path) for path in paths]):
            outcome, sentence = await _one(client, found, brand)
            outcomes[outcome] += 1
            tell(f"{clean_line(found.name, 120)}: {sentence}")
        return outcomes

    outcomes = ask(work)
    total = sum(outcomes.values())
    told = ", ".join(f"{number} {_WORDS[outcome]}" for outcome, number in outcomes.items())
    tell(f"{total} message{'' if total == 1 else 's'}: {told or 'nothing to import'}.")
    return int(outcomes["unusable"] > 0)


async def _one(client: Client, found: Found, brand: str) -> tuple[str, str]:
    if found.raw is None:
        return "unusable", clean_line(found.problem or "") or "it could not be read"
    try:
        done = await client.ask(ImportMail(found.name, found.raw, brand, found.size))
    except Refused as refused:
        if refused.code == "fault":
            return "unusable", refused.sentence
        raise
    assert isinstance(done, Done)
    return done.secret, done.said.line()
