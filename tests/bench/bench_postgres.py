"""G15: claims in a durable PostgreSQL: 32 agents at once against one alone, and against a commit for each of them.

The prototype's clients each had a connection and skipped each other's rows (SKIP LOCKED). Here one thread of each
server writes, under one lock of the desk, because the event log has one chain; what takes that place is that those who
wait share a commit. So what "without" means here is the same server with a commit for each claim.
"""

import asyncio
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from agentconsole.domain.terms import Role
from agentconsole.server.dispatch import carry_out
from agentconsole.storage import transaction
from agentconsole.wire.commands import Take
from tests.bench.serving import row
from tests.desk_bench import POSTGRES, Bench, open_bench
from tests.postgres import durable
from tests.queries.many_tickets import fill

AGENTS = 32
ROUND = 4
"""Claims of each agent in a round; the three ways take turns, so that all meet the same machine and disk."""
_FREE = "SELECT id FROM ticket WHERE live = 1 AND owner_id IS NULL ORDER BY id LIMIT {}"


def measure(runs: int = 7) -> list[dict[str, object]]:
    """Return the rows: seconds of a claim among 32 against one alone, the slowest of them, and what was given twice."""
    with durable(), tempfile.TemporaryDirectory() as folder, open_bench(Path(folder), database=POSTGRES) as bench:
        bench.write(lambda tx: fill(tx, 3 * 4 * AGENTS * ROUND * (runs + 1)))
        for number in range(AGENTS):
            bench.user(f"agent{number:02}")
        return _rows(bench, runs)


def _rows(bench: Bench, runs: int) -> list[dict[str, object]]:
    together, alone, apart = _Way(bench, AGENTS), _Way(bench, 1), _Way(bench, AGENTS, group=1)
    for number in range(runs + 1):
        for way in (together, alone, apart):
            way.go(counts=number > 0)
    doubles = bench.scalar("SELECT count(*) - count(DISTINCT ticket) FROM event WHERE kind = 'ticket.owner'")
    what = f"a durable claim in PostgreSQL among {AGENTS} agents"
    return [
        row("G15", f"{what}, against one agent alone", together.each, alone.each, 1 / 1.4),
        row("G15", "the same, p99, against a commit for each claim", together.p99, apart.p99, 1 / 3),
        row("G15", "the same, tickets that were given twice", float(str(doubles)), None, 0.0),
    ]


class _Way:
    """Claim in one way, a round at a time."""

    def __init__(self, bench: Bench, agents: int, group: int = transaction.LARGEST_GROUP) -> None:
        self._bench = bench
        self._actors = [bench.actor(f"agent{number:02}") for number in range(agents)]
        self._group = group
        self._took = 0.0
        self._seconds: list[float] = []

    @property
    def each(self) -> float:
        """Return the seconds that one claim takes of all."""
        return self._took / len(self._seconds)

    @property
    def p99(self) -> float:
        """Return how long the slowest but one in a hundred waited."""
        return sorted(self._seconds)[int(len(self._seconds) * 0.99) - 1]

    def go(self, *, counts: bool) -> None:
        """Claim what is free; a first round that does not count warms up."""
        wanted = sa.text(_FREE.format(len(self._actors) * ROUND))
        free = self._bench.read(lambda session: list(session.execute(wanted).scalars()))
        before, transaction.LARGEST_GROUP = transaction.LARGEST_GROUP, self._group
        begun = time.perf_counter()
        try:
            told = asyncio.run(self._claims(free))
        finally:
            transaction.LARGEST_GROUP = before
        if counts:
            self._took += time.perf_counter() - begun
            self._seconds += told

    async def _claims(self, free: list[int]) -> list[float]:
        agents = len(self._actors)
        told = await asyncio.gather(*(self._claim(at, free[at::agents]) for at in range(agents)))
        return [seconds for many in told for seconds in many]

    async def _claim(self, at: int, numbers: list[int]) -> list[float]:
        taken = []
        for number in numbers:
            begun = time.perf_counter()
            await carry_out(self._bench.desk, self._actors[at], Role.AGENT, Take(number, 1 << 40), f"claim {number}")
            taken.append(time.perf_counter() - begun)
        return taken
