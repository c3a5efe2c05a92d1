"""Trying a policy on the desk's cases: their histories come from the desk in pieces and are computed here.

So the desk only reads, a millisecond at a time, and this process, which gives way to all others, does the rest.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agentconsole.cli.policy_source import of_desk
from agentconsole.domain.clock_rules import Applied
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.wire.client import Client
from agentconsole.wire.histories import Histories, HistoryRow, ReadHistories
from agentconsole.wire.policies import Policies, PolicyText, ReadPolicies, ReadPolicyText

GIVES_WAY = 19
_SINCE_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bindings:
    """Hold the versions of a policy as they bound the desk's cases, in the order in which they began."""

    versions: tuple[Applied, ...]

    def of(self, row: HistoryRow) -> tuple[Applied, ...]:
        """Return the version that a case is under: the one in force when it began."""
        begun = [version for version in self.versions if version.since <= row.opened_at]
        return tuple((begun or self.versions[:1])[-1:])


def give_way() -> None:
    """Let all other processes of this machine go first, the desk's above all; called when the desk's server runs."""
    os.nice(GIVES_WAY)


def always(pack: Pack) -> tuple[Applied, ...]:
    """Return a pack as if it had been in force all along."""
    return (Applied(pack, _SINCE_EVER),)


async def bindings(client: Client, pack: str) -> Bindings:
    """Read the versions of a policy; refuses one that no brand is under, for it has no cases."""
    answer = await client.ask(ReadPolicies(pack))
    assert isinstance(answer, Policies)
    (row,) = answer.rows
    if not row.brands:
        raise Refused(f"No brand is under {pack}, so there is no case to try it on.")
    versions = []
    for version in reversed(row.versions):
        text = await client.ask(ReadPolicyText(pack, str(version.version)))
        assert isinstance(text, PolicyText)
        versions.append(Applied(of_desk(text).pack, text.since))
    return Bindings(tuple(versions))


async def pieces(client: Client, pack: str, since: datetime | None) -> AsyncIterator[Histories]:
    """Yield the cases under a policy, some at a time; the next are under way while the caller computes these."""
    asked = asyncio.ensure_future(client.ask(ReadHistories(pack, 0, since)))
    while True:
        answer = await asked
        assert isinstance(answer, Histories)
        if answer.more:
            asked = asyncio.ensure_future(client.ask(ReadHistories(pack, _last(answer.rows), since)))
            # Without this the question would leave only after the computing.
            await asyncio.sleep(0)
        yield answer
        if not answer.more:
            return


def _last(rows: Sequence[HistoryRow]) -> int:
    return rows[-1].ticket
