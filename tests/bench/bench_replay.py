"""G30: a year of tickets is replayed in minutes, and nobody at the desk waits for it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from agentconsole.cli.policy_replay import replayed
from agentconsole.cli.policy_source import Named
from agentconsole.config.packs import load_pack
from agentconsole.config.paths import desk_paths
from agentconsole.domain.terms import Channel, Priority, Status
from agentconsole.security.totp import code_at
from agentconsole.server.desk import OpenDesk
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.event import Event
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import DESK, Tx
from agentconsole.wire.client import Client
from agentconsole.wire.commands import SignIn
from agentconsole.wire.queries import ReadCase, ReadQueue
from tests.bench.serving import row, served_desk
from tests.cli.program import Program
from tests.desk_bench import PASSWORD, SEED

FULL, SHORT = 20_000, 400
DAYS = 90
YEAR = 200_000
MINUTES = 5
"""A year's tickets are to be replayed within so many minutes of processor time."""
KEYS, SHORT_KEYS = 1_500, 60
ROUNDS, SETTLES, BETWEEN = 5, 0.3, 0.005
"""How often it is measured in turn, and the seconds until a replay is at work and between two keys."""
_NOT_SEALED = {"session": "", "address": "", "subject": "", "epoch": "bench", "prev": "", "hash": "", "mac": ""}


def measure(runs: int = 3) -> list[dict[str, object]]:
    """Return the figures' rows in seconds; a single run is the short form, on fewer tickets and keys."""
    tickets, keys = (SHORT, SHORT_KEYS) if runs == 1 else (FULL, KEYS)
    with served_desk(lambda desk: desk.writer.run(DESK, lambda tx: _fill(tx, desk, tickets))) as program:
        each = asyncio.run(_replay(program, tickets)) / tickets
        quiet, busy = asyncio.run(_keys(program, keys))
    return [
        row("G30", f"one ticket of {tickets:,} replayed, processor time", each, None, MINUTES * 60 / YEAR),
        row("G30", "p99 of a key while a replay runs, against without one", busy, quiet, 1.2),
    ]


def _fill(tx: Tx, desk: OpenDesk, tickets: int) -> None:
    """Put so many settled tickets of the last weeks there, each with the entries that a worked case has."""
    customer = Customer(name="Rosa Prado", email="many@example.org", created_at=tx.now)
    tx.session.add(customer)
    tx.session.flush()
    rows, events, seq = [], [], tx.head.seq
    for number in range(1, tickets + 1):
        opened = tx.now - timedelta(days=DAYS - 1) * (number / tickets) - timedelta(hours=30)
        told = list(_story(opened, number))
        rows.append(_ticket(number, customer.id or 0, opened, told[-1][0]))
        for at, kind, actor, body in told:
            seq += 1
            entry = {"seq": seq, "at": at, "kind": kind, "actor": actor, "ticket": number, "body": json.dumps(body)}
            events.append({**_NOT_SEALED, "peer": None, **entry})
    tx.session.execute(sa.insert(Ticket), rows)
    tx.session.execute(sa.insert(Event), events)
    assert desk.context.shelf.versions("ecolab")


def _ticket(number: int, customer: int, opened: datetime, ended: datetime) -> dict[str, object]:
    made = Ticket(
        id=number, brand_id="ecolab", channel=Channel.EMAIL, customer_id=customer, subject="Where is it?",
        status=Status.RESOLVED, priority=Priority.NORMAL, opened_at=opened, updated_at=ended, live=0, fresh=False,
        tags=[],
    )  # fmt: skip
    return made.model_dump()


def _story(opened: datetime, number: int) -> Iterator[tuple[datetime, str, str, dict[str, object]]]:
    """Tell a case: asked, taken, answered, every fourth asked about again, every eighth more urgent, resolved."""
    person: dict[str, object] = {"author": "customer", "contact_kind": "message", "channel": "email"}
    agent: dict[str, object] = {"author": "agent"}
    yield opened, "ticket.opened", "desk", {"channel": "email", "brand": "ecolab", "priority": "normal"}
    yield opened, "ticket.contact", "customer", {**person, "contact": 2 * number}
    if number % 8 == 0:
        changed: dict[str, object] = {"priority": "high", "before": "normal"}
        yield opened + timedelta(minutes=20), "ticket.priority", "sam", changed
    answered = opened + timedelta(minutes=40 + number % 97 * 17)
    yield answered, "ticket.reply", "ana", {"contact": 2 * number + 1}
    yield answered, "ticket.contact", "desk", {**person, **agent, "contact": 2 * number + 1}
    if number % 4 == 0:
        yield answered + timedelta(hours=1), "ticket.contact", "customer", {**person, "contact": 2 * number}
        answered += timedelta(hours=3)
        yield answered, "ticket.contact", "desk", {**person, **agent, "contact": 2 * number + 1}
    yield answered + timedelta(minutes=5), "ticket.status", "ana", {"status": "resolved", "reason": ""}


async def _replay(program: Program, tickets: int) -> float:
    """Replay all of it and return the processor time that it took here; the desk's own is some milliseconds a piece."""
    client = await Client.connect(desk_paths(program.environ).socket)
    begun = time.process_time()
    tally, _ = await replayed(client, Named(load_pack("ecolab"), "as shipped"), DAYS + 5)
    taken = time.process_time() - begun
    await client.close()
    # A replay that found nothing would be no figure at all.
    if tally.tickets != tickets or not tally.total.replay_broken:
        raise AssertionError(f"{tally.tickets} tickets, {tally.total}")
    return taken


async def _keys(program: Program, keys: int) -> tuple[float, float]:
    """Return the p99 of what a key asks, without a replay and while one after the other runs."""
    client = await Client.connect(desk_paths(program.environ).socket)
    await client.ask(SignIn("ana", PASSWORD, code_at(SEED, datetime.now(UTC))))
    await _pressed(client, keys // 4)
    quiet: list[float] = []
    busy: list[float] = []
    command = [sys.executable, "-I", "-m", "agentconsole", "policy", "replay", "ecolab", "--days", str(DAYS)]
    looping = "import subprocess, sys\nwhile True: subprocess.run(sys.argv[1:], capture_output=True)"
    with subprocess.Popen(
        [sys.executable, "-c", looping, *command], env=program.environ, start_new_session=True
    ) as other:
        try:
            # In turn, for the machine's other work changes from second to second.
            for _ in range(ROUNDS):
                os.killpg(other.pid, signal.SIGCONT)
                await asyncio.sleep(SETTLES)
                busy += await _pressed(client, keys // ROUNDS)
                os.killpg(other.pid, signal.SIGSTOP)
                quiet += await _pressed(client, keys // ROUNDS)
        finally:
            os.killpg(other.pid, signal.SIGKILL)
    await client.close()
    return _p99(quiet), _p99(busy)


def _p99(taken: list[float]) -> float:
    return sorted(taken)[len(taken) * 99 // 100]


async def _pressed(client: Client, keys: int) -> list[float]:
    taken = []
    for number in range(keys):
        asked = ReadCase(number % SHORT + 1) if number % 2 else ReadQueue("team", limit=50)
        begun = time.perf_counter()
        await client.ask(asked)
        taken.append(time.perf_counter() - begun)
        await asyncio.sleep(BETWEEN)
    return taken
