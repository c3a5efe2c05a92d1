"""`agentconsole policy show`, `accepted`, `suggestions`, `settle`: what the console's viewer shows, for the shell."""

import argparse
from datetime import datetime
from typing import TypeVar

from agentconsole.cli.ask import ask
from agentconsole.cli.say import tell, tell_wrapped
from agentconsole.cli.say_json import tell_json
from agentconsole.cli.users import carry_out
from agentconsole.domain.errors import Refused
from agentconsole.domain.suggestion import WORDS, Disposition
from agentconsole.wire.client import Client
from agentconsole.wire.frames import AnyAnswer
from agentconsole.wire.policy_reading import (
    AcceptanceRow,
    Acceptances,
    ClauseRow,
    Clauses,
    ReadAcceptances,
    ReadClauses,
    ReadingQuery,
    ReadSuggestions,
    SettleSuggestion,
    SuggestionRow,
    Suggestions,
)

Answer = TypeVar("Answer", bound=AnyAnswer)


def _asked(query: ReadingQuery, kind: type[Answer]) -> Answer:
    async def read(client: Client) -> Answer:
        answer = await client.ask(query)
        assert isinstance(answer, kind)
        return answer

    return ask(read)


def read(line: argparse.Namespace) -> int:
    """Run the verb that was typed."""
    if line.reading == "show":
        return show(line.pack, line.clause, as_json=line.json)
    if line.reading == "accepted":
        return accepted(line.pack, as_json=line.json)
    if line.reading == "suggestions":
        return suggestions(as_json=line.json)
    return settle(line.number, line.decision, line.reason)


def show(pack: str, clause: str, *, as_json: bool) -> int:
    """Show a policy in force clause by clause, or one clause: quote, line of the document, what carries it."""
    answer = _asked(ReadClauses(pack), Clauses)
    rows = tuple(row for row in answer.clauses if clause in ("", row.id))
    if not rows:
        raise Refused(f'The policy {pack} has no clause "{clause[:40]}": `agentconsole policy show {pack}` lists them.')
    if as_json:
        tell_json({"policy": answer.policy, "clauses": rows})
        return 0
    policy = answer.policy
    revision = f", {policy.revision.line(60)}" if policy.revision else ""
    tell_wrapped(f"{policy.title.line(80)} ({pack}){revision}")
    tell_wrapped(f"Version {policy.version}, in force since {_when(policy.since)}, for {', '.join(policy.brands)}")
    heading = ""
    for row in rows:
        if row.heading.line() != heading:
            heading = row.heading.line()
            tell(f"\n{heading}")
        _tell_clause(row)
    return 0


def _tell_clause(row: ClauseRow) -> None:
    tell_wrapped(f'  {row.id:<14} "{row.quote.line(200)}" (line {row.line})')
    for carrier in row.carriers:
        tell_wrapped(f"    {carrier.kind:<10} {carrier.words.line(500)}")


def accepted(pack: str, *, as_json: bool) -> int:
    """List how everybody who is given work stands to the policies in force; who is late comes first."""
    rows = _asked(ReadAcceptances(pack), Acceptances).rows
    if as_json:
        tell_json(rows)
        return 0
    for row in rows:
        tell(f"{row.pack:<12} v{row.version:<3} {row.login:<16} {row.role:<10} {standing_words(row)}")
    late = sum(row.late for row in rows)
    current = sum(row.accepted == row.version for row in rows)
    tell(f"{current} of {len(rows)} have accepted the version in force; {late} get no new work before they do.")
    return 0


def standing_words(row: AcceptanceRow) -> str:
    """Say how somebody stands to a policy."""
    if row.accepted == row.version and row.at is not None:
        again = f"; SHOULD HAVE READ IT AGAIN by {_day(row.again_at)}" if row.overdue else ""
        return f"accepted {_when(row.at)}{again}"
    known = f", accepted v{row.accepted}" if row.accepted else ""
    if row.until is None:
        return f"not accepted{known}, never signed in"
    if row.late:
        return f"NOT ACCEPTED{known}, no new work since {_day(row.until)}"
    return f"not accepted{known}, has until {_day(row.until)}"


def suggestions(*, as_json: bool) -> int:
    """List the suggestions on clauses, those that wait for a decision first."""
    rows = _asked(ReadSuggestions(), Suggestions).rows
    if as_json:
        tell_json(rows)
        return 0
    for row in rows:
        _tell_suggestion(row)
    still = sum(row.disposition == Disposition.OPEN for row in rows)
    tell(f"{len(rows)} suggestions, {still} to decide on: agentconsole policy settle NUMBER taken|declined REASON")
    return 0


def _tell_suggestion(row: SuggestionRow) -> None:
    what = WORDS[Disposition(row.disposition)]
    by = f" by {row.settled_by} {_when(row.settled_at)}: {row.reason.line()}" if row.settled_at is not None else ""
    tell(f"{row.number}  {row.pack} v{row.version} {row.clause}  {row.login}, {_when(row.at)}")
    tell_wrapped(f"    {row.text.line(2000)}")
    tell_wrapped(f"    {what}{by}")


def settle(number: int, decision: str, reason: str) -> int:
    """Decide on a suggestion."""
    tell(carry_out(SettleSuggestion(number, decision, reason)).said.line())
    return 0


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at is not None else "never"
