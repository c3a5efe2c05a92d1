"""G12, G13, G14, G17, G21: the desk's data layer and server, held against SQLite, the disk and the clock."""

import asyncio
import os
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from agentconsole.channels.email.sandbox import ParserChild
from agentconsole.channels.email.site import Site
from agentconsole.domain.terms import Role
from agentconsole.queries.queue import read_queue
from agentconsole.server.dispatch import carry_out
from agentconsole.server.intake import Intake, import_source
from agentconsole.storage.transaction import DESK
from agentconsole.wire.commands import Take
from agentconsole.wire.frames import Case
from agentconsole.wire.queries import ReadCase
from tests.desk_bench import Bench, open_bench, raw_mail
from tests.queries.many_tickets import add_contacts, fill
from tests.server_bench import serve

FULL, SHORT = 1_000_000, 20_000
PAGE = 50
AGENTS = 32
CLAIMS_A_ROUND = 8
_FREE = "SELECT id FROM ticket WHERE live = 1 AND owner_id IS NULL ORDER BY tier, sort_key, id LIMIT {}"
_COLUMNS = (
    "SELECT t.id, t.version, t.tier, t.sort_key, t.channel, c.name, c.email, t.subject, o.login, t.status, t.priority,"
    " t.brand_id, t.next_verb, t.clock, t.starving, t.fresh, t.tags, t.escalated_to, t.waited_text"
)
_RAW = (
    f"{_COLUMNS} FROM ticket t {{}} JOIN customer c ON c.id = t.customer_id LEFT JOIN user o ON o.id = t.owner_id"
    f" WHERE t.live = 1 ORDER BY t.tier, t.sort_key, t.id LIMIT {PAGE}"
)


def measure(runs: int = 7, tickets: int = 0) -> list[dict[str, object]]:
    """Return the figures' rows in seconds; a single run is the short form, on fewer tickets."""
    tickets = tickets or (SHORT if runs == 1 else FULL)
    with tempfile.TemporaryDirectory() as folder:
        small, small_claims = _pages(Path(folder) / "small", runs, tickets // 10, claims=0)
        large, claims = _pages(Path(folder) / "large", runs, tickets, claims=4 * runs)
        ours, raw, scan = large
        return [
            _row("G12", f"page of {PAGE} from {tickets:,} tickets, against the scan", ours, scan, 1 / 100),
            _row("G12", f"the same, against {tickets // 10:,} tickets", ours, small[0], 1.5),
            _row("G13", f"page of {PAGE} through our data layer, against raw SQL", ours, raw, 3.0),
            *small_claims,
            *claims,
            *_mail_to_ticket(Path(folder) / "mail", 40 * runs),
            _open_a_ticket(Path(folder) / "case", 30 * runs),
        ]


def _row(figure: str, what: str, ours: float, yardstick: float | None, budget: float | None) -> dict[str, object]:
    ratio = None if yardstick is None else ours / yardstick
    return {"figure": figure, "what": what, "ours": ours, "yardstick": yardstick, "ratio": ratio, "budget": budget}


def _pages(
    folder: Path, runs: int, tickets: int, *, claims: int
) -> tuple[tuple[float, float, float], list[dict[str, object]]]:
    """Return the median seconds of our page, the raw one and the scanned one, taken in turn, and the claims' rows."""
    folder.mkdir()
    with open_bench(folder) as bench:
        bench.write(lambda tx: fill(tx, tickets))
        link = sqlite3.connect(bench.desk.paths.database)
        # What the writer left in the WAL would be read by all, and is not what a page costs.
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        taken = _in_turn(
            runs,
            (lambda: bench.read(lambda session: _our_page(session, bench)), 50),
            (lambda: link.execute(_RAW.format("")).fetchall(), 50),
            (lambda: link.execute(_RAW.format("NOT INDEXED")).fetchall(), 1),
        )
        link.close()
        ours, raw, scan = taken
        return (ours, raw, scan), _claims(bench, folder, claims) if claims else []


def _our_page(session: Session, bench: Bench) -> None:
    page = read_queue(
        session,
        view="team",
        text="",
        me=1,
        login="ana",
        now=bench.clock.now(),
        zone=bench.desk.zone,
        limit=PAGE,
    )
    # A fast empty page would be no figure at all.
    if len(page.rows) != PAGE:
        raise AssertionError(f"{len(page.rows)} rows")


def _in_turn(runs: int, *calls: tuple[Callable[[], object], int]) -> list[float]:
    """Return the median seconds of each call, measured alternately so that all meet the same machine."""
    times: list[list[float]] = [[] for _ in calls]
    for call, _ in calls:
        call()
    for _ in range(runs):
        for (call, number), taken in zip(calls, times, strict=True):
            begun = time.perf_counter()
            for _ in range(number):
                call()
            taken.append((time.perf_counter() - begun) / number)
    return [statistics.median(taken) for taken in times]


def _claims(bench: Bench, folder: Path, each: int) -> list[dict[str, object]]:
    """Have 32 agents claim at once as the server lets them, each claim durable before it is answered."""
    actors = []
    for number in range(AGENTS):
        bench.user(f"agent{number:02}")
        actors.append(bench.actor(f"agent{number:02}"))
    free = bench.read(lambda s: list(s.execute(sa.text(_FREE.format(AGENTS * each))).scalars()))

    async def claim(index: int, numbers: list[int]) -> list[float]:
        taken = []
        for number in numbers:
            begun = time.perf_counter()
            await carry_out(bench.desk, actors[index], Role.AGENT, Take(number, 1 << 40), f"claim {number}")
            taken.append(time.perf_counter() - begun)
        return taken

    async def all_claim(numbers: list[int]) -> list[list[float]]:
        return await asyncio.gather(*(claim(index, numbers[index::AGENTS]) for index in range(AGENTS)))

    seconds, syncs, took, worked = [], [], 0.0, 0.0
    # In turn with the disk's own pace, which others that use it change from second to second.
    for first in range(0, len(free), AGENTS * CLAIMS_A_ROUND):
        syncs += _fdatasyncs(folder, 50)
        begun, had = time.perf_counter(), time.process_time()
        told = asyncio.run(all_claim(free[first : first + AGENTS * CLAIMS_A_ROUND]))
        took, worked = took + time.perf_counter() - begun, worked + time.process_time() - had
        seconds += [one for many in told for one in many]
    each_took, each_worked, sync = took / len(seconds), worked / len(seconds), statistics.fmean(syncs)
    slowest = sorted(seconds)[int(len(seconds) * 0.99) - 1]
    doubles = bench.scalar("SELECT count(*) - count(DISTINCT ticket) FROM event WHERE kind = 'ticket.owner'")
    return [
        _row("G14", f"a durable claim among {AGENTS} agents, against one fdatasync", each_took, sync, 1 / 0.6),
        _row("G14", "the same, p99 seconds", slowest, None, 0.05),
        _row("G14", "the same, seconds of a processor", each_worked, None, 0.001),
        _row("G14", "the same, tickets that were given twice", float(str(doubles)), None, 0.0),
    ]


def _fdatasyncs(folder: Path, number: int) -> list[float]:
    handle = os.open(folder / "sync", os.O_CREAT | os.O_WRONLY, 0o600)
    times = []
    for _ in range(number):
        os.write(handle, b"x" * 4096)
        begun = time.perf_counter()
        os.fdatasync(handle)
        times.append(time.perf_counter() - begun)
    os.close(handle)
    return times


def _mail_to_ticket(folder: Path, mails: int) -> list[dict[str, object]]:
    folder.mkdir()
    raws = [raw_mail(f"c{number}@example.org", f"Order {number}", "Where is it?\n" * 20) for number in range(mails)]
    with open_bench(folder) as bench:
        bench.ticket()
        begun, worked = time.perf_counter(), _processor_time()
        with ParserChild(Site("bench")) as child:
            intake = Intake(bench.desk, child)
            for raw in raws:
                intake.take_in(
                    source=import_source("ecolab", raw), brand="ecolab", raw=raw, received_at=bench.clock.now()
                )
        took, worked = (time.perf_counter() - begun) / mails, (_processor_time() - worked) / mails
    return [
        _row("G17", "a mail into a ticket, read by a new child: seconds of a processor", worked, None, 1 / 50),
        _row("G17", "the same by the wall clock, which waits for the disk four times", took, None, None),
    ]


def _processor_time() -> float:
    """Return the seconds of a processor that this process has had, and its children that have ended."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def _open_a_ticket(folder: Path, opened: int) -> dict[str, object]:
    folder.mkdir()

    async def run() -> list[float]:
        async with serve(folder) as served:
            number = await served.ticket()
            await asyncio.to_thread(served.desk.writer.run, DESK, lambda tx: add_contacts(tx, number, 50))
            ana = await served.sign_in("ana")
            taken = []
            for _ in range(opened):
                begun = time.perf_counter()
                answer = await ana.ask(ReadCase(number))
                taken.append(time.perf_counter() - begun)
                assert isinstance(answer, Case)
                assert len(answer.case.contacts) == 51
            return taken

    taken = sorted(asyncio.run(run()))
    return _row(
        "G21", "open a ticket with 50 contacts over the socket, p95", taken[int(len(taken) * 0.95) - 1], None, 0.02
    )
