"""`agentconsole policy diff`: what two policies, or two versions of one, say differently."""

import msgspec

from agentconsole.cli.policy_source import Named, named_packs
from agentconsole.cli.say import tell, tell_wrapped
from agentconsole.cli.say_json import tell_json
from agentconsole.domain.policy import Clause
from agentconsole.domain.policy_diff import ADDED, CHANGED, REMOVED, Change, clauses_of, diff


def show_diff(before: str, after: str, *, as_json: bool) -> int:
    """Print what the second says differently than the first, clause by clause; it exits with 0 whatever it finds."""
    was, becomes = named_packs((before, after))
    changes = diff(was.pack, becomes.pack)
    if as_json:
        tell_json({"before": before, "after": after, "changes": [msgspec.to_builtins(change) for change in changes]})
        return 0
    tell(f"{_named(was)}  ->  {_named(becomes)}")
    clauses = {**clauses_of(changes, was.pack), **clauses_of(changes, becomes.pack)}
    shown = ""
    for change in changes:
        if change.clause and change.clause != shown:
            tell_wrapped(f"\n{_clause(clauses[change.clause])}")
        shown = change.clause
        tell_wrapped(_change(change))
    counts = [f"{sum(change.what == what for change in changes)} {what}" for what in (ADDED, REMOVED, CHANGED)]
    tell(f"\n{', '.join(counts)}." if changes else "They say the same.")
    return 0


def _named(one: Named) -> str:
    return f"{one.pack.title} ({one.pack.id}, {one.label})"


def _clause(clause: Clause) -> str:
    return f'{clause.id} {clause.heading}: "{clause.quote}" (line {clause.line})'


def _change(change: Change) -> str:
    lines = [f"  {change.what} {change.kind} {change.id}".rstrip()]
    # What is said of a clause stands in the line above its changes.
    told = () if change.kind == "clause" and change.what != CHANGED else change.details
    for detail in told:
        before, after = (" ".join(words.split()) for words in (detail.before, detail.after))
        if change.what == CHANGED:
            lines.append(f"    {detail.field}: {before or 'nothing'} -> {after or 'nothing'}")
        else:
            lines.append(f"    {detail.field}: {before or after}")
    return "\n".join(lines)
