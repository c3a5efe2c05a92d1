"""`agentconsole policy add`, `list`, `versions`, `activate`: drafts and versions of the desk's policies."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from agentconsole.cli.ask import ask
from agentconsole.cli.policy_source import read_text
from agentconsole.cli.say import tell, tell_wrapped
from agentconsole.cli.say_json import tell_json
from agentconsole.cli.users import carry_out
from agentconsole.domain.dates import parse_when
from agentconsole.domain.errors import Refused
from agentconsole.wire.client import Client
from agentconsole.wire.frames import Done
from agentconsole.wire.policies import ActivateDraft, KeepDraft, Policies, PolicyRow, ReadPolicies, VersionRow

_SHOWN_OF_HASH = 12
_SAID = 2000


def add(file: str) -> int:
    """Keep a file's policy as the draft of its id; nothing comes into force by that."""
    tell_wrapped(carry_out(KeepDraft(read_text(file))).said.line(_SAID))
    return 0


def activate(pack: str, since: str, *, with_proposals: bool) -> int:
    """Put a draft into force, at once or from an instant of the desk's zone ("" is at once)."""

    async def work(client: Client) -> Done:
        answer = await client.ask(ActivateDraft(pack, _begins(client, since), with_proposals))
        assert isinstance(answer, Done)
        return answer

    tell_wrapped(ask(work).said.line(_SAID))
    return 0


def _begins(client: Client, since: str) -> datetime | None:
    """Read an instant as people write it; a day alone is its midnight."""
    if not since:
        return None
    try:
        return parse_when(since, client.welcome.now, ZoneInfo(client.welcome.zone), day_ends=time())
    except Refused as refused:
        raise Refused(f"{refused.sentence}. To begin at once, leave --from out.") from None


def _read(pack: str) -> tuple[PolicyRow, ...]:
    async def read(client: Client) -> tuple[PolicyRow, ...]:
        answer = await client.ask(ReadPolicies(pack))
        assert isinstance(answer, Policies)
        return answer.rows

    return ask(read)


def show(*, as_json: bool) -> int:
    """List the policies: which version is in force for whom, what waits, the draft, and what is left open."""
    rows = _read("")
    if as_json:
        tell_json(rows)
        return 0
    for policy in rows:
        tell(f"{policy.pack}  {policy.title}\n    for {', '.join(policy.brands) or 'no brand yet'}")
        for version in policy.versions:
            if version.state != "was":
                tell_wrapped(f"    {_version(version)}")
        if policy.draft is not None:
            tell_wrapped(f"    {_version(policy.draft)}")
    if not rows:
        tell("No policy is here yet: agentconsole brand add BRAND NAME POLICY, or agentconsole policy add FILE.toml.")
    return 0


def _version(row: VersionRow) -> str:
    when = {"in force": "in force since", "waits": "begins", "was": "began", "draft": "kept"}[row.state]
    name = f"version {row.version}" if row.version else "draft"
    by = f" by {row.author}" if row.author else ""
    open_ones = f"{len(row.open_blanks)} of {row.blanks} blanks open: {', '.join(row.open_blanks)}"
    return f"{name}  {when} {_when(row.since)}{by}  {open_ones if row.open_blanks else 'complete'}"


def versions(pack: str, *, as_json: bool) -> int:
    """List the versions of one policy, the newest in front, then its draft."""
    (row,) = _read(pack)
    if as_json:
        tell_json(row)
        return 0
    tell(f"{'':<10} {'STATE':<9} {'SINCE (UTC)':<17} {'BY':<16} {'REVISION':<14} SHA-256")
    for version in (*row.versions, *([row.draft] if row.draft is not None else [])):
        name = f"version {version.version}" if version.version else "draft"
        tell(
            f"{name:<10} {version.state:<9} {f'{version.since:%Y-%m-%d %H:%M}':<17} {version.author or '-':<16}"
            f" {version.revision or '-':<14} {version.sha256[:_SHOWN_OF_HASH]}"
        )
    return 0


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
