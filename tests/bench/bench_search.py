"""G19: a newest-first search over 5,000,000 messages, asked over the socket, against a LIKE over the same texts."""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from agentconsole.storage.transaction import DESK, Tx
from agentconsole.wire.queries import Search
from tests.bench.serving import row
from tests.queries.many_tickets import fill
from tests.server_bench import Caller, serve

MESSAGES, MESSAGES_SHORT = 5_000_000, 20_000
TICKETS_OF = 10
WORDS_EACH = 12
BATCH = 50_000
_SYLLABLES = tuple(f"{one}{two}" for one in "bdfgklmnprst" for two in "aeiou")
VOCABULARY = tuple("".join(random.Random(number).choices(_SYLLABLES, k=4)) for number in range(20_000))
RARE, ONCE = VOCABULARY[-1], "needle"
ASKED = (
    VOCABULARY[0],
    f"{VOCABULARY[0]} {VOCABULARY[1]}",
    f"{VOCABULARY[77]} {VOCABULARY[5]}",
    VOCABULARY[19],
    VOCABULARY[19][:4],
    VOCABULARY[1_999],
    RARE,
    RARE[:5],
    ONCE,
)
"""From what stands in every other message to what stands in one, and beginnings of both."""

_INDEX = "INSERT INTO search_doc (ticket, body) VALUES (:ticket, :body)"
_KEEP = "INSERT INTO plain (ticket, body) VALUES (:ticket, :body)"


def measure(runs: int = 7) -> list[dict[str, object]]:
    """Return the rows in seconds; a single run is the short form, on fewer messages."""
    messages = MESSAGES_SHORT if runs == 1 else MESSAGES
    with tempfile.TemporaryDirectory() as folder:
        taken, scanned = asyncio.run(_searched(Path(folder), messages, 3 * runs))
    slowest = sorted(taken)[int(len(taken) * 0.95) - 1]
    what = f"a search over {messages:,} messages over the socket"
    return [
        row("G19", f"{what}, p95", slowest, None, 0.05),
        row("G19", f"{what}, median, against LIKE", statistics.median(taken), scanned, 1 / 1000),
    ]


async def _searched(folder: Path, messages: int, times: int) -> tuple[list[float], float]:
    async with serve(folder) as served:
        await asyncio.to_thread(served.desk.writer.run, DESK, lambda tx: _fill(tx, messages))
        ana = await served.sign_in("ana")
        taken = [await _asked(ana, text) for _ in range(times) for text in ASKED]
        scanned = await asyncio.to_thread(served.desk.reader.run, _like)
        return taken, scanned


async def _asked(ana: Caller, text: str) -> float:
    begun = time.perf_counter()
    found = await ana.ask(Search(text, 20))
    taken = time.perf_counter() - begun
    # A fast empty answer would be no figure at all.
    assert found.rows
    return taken


def _fill(tx: Tx, messages: int) -> None:
    """Index so many messages, and keep them in a table besides, for the yardstick to read."""
    fill(tx, messages // TICKETS_OF, live=0)
    tx.session.execute(sa.text("CREATE TABLE plain (id INTEGER PRIMARY KEY, ticket INTEGER, body TEXT)"))
    for batch in _batches(messages):
        tx.session.execute(sa.text(_INDEX), batch)
        tx.session.execute(sa.text(_KEEP), batch)


def _batches(messages: int) -> Iterator[list[dict[str, object]]]:
    chance = random.Random(19)
    weights = [1 / (1 + number) for number in range(len(VOCABULARY))]
    for first in range(0, messages, BATCH):
        many = min(BATCH, messages - first)
        words = chance.choices(VOCABULARY, weights, k=many * WORDS_EACH)
        yield [
            {
                "ticket": 1 + (first + number) // TICKETS_OF,
                "body": " ".join(words[number * WORDS_EACH : (number + 1) * WORDS_EACH])
                + (f" {ONCE} {RARE}" if first + number == messages // 2 else ""),
            }
            for number in range(many)
        ]


def _like(session: Session) -> float:
    begun = time.perf_counter()
    found = session.execute(sa.text("SELECT ticket FROM plain WHERE body LIKE '%needle%' ORDER BY id DESC LIMIT 20"))
    assert len(found.all()) == 1
    return time.perf_counter() - begun
