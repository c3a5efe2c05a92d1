"""PROMISES 1, R1: what was acknowledged is there after a kill -9, wherever it struck."""

import asyncio
import os
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from agentconsole.config.clock import SetClock
from agentconsole.config.paths import DeskPaths, desk_paths
from agentconsole.queries.status import examine_rows
from agentconsole.server.desk import open_desk
from agentconsole.storage.events import verify
from tests.desk_bench import MONDAY, master
from tests.needs import is_ci
from tests.torture.at_work import PEOPLE, make_busy_home, start_server, work


async def _cycle(paths: DeskPaths, at: datetime, cycle: int, acknowledged: set[str]) -> None:
    server = start_server(paths.home, at)
    try:
        before = len(acknowledged)
        working = [asyncio.create_task(work(paths, login, at, cycle, acknowledged)) for login in PEOPLE]
        while len(acknowledged) == before:
            await asyncio.sleep(0.005)
        await asyncio.sleep(random.Random(cycle).uniform(0, 0.15))
    finally:
        server.kill()
    await asyncio.gather(*working)
    server.join()


@pytest.mark.timeout(36_000)
@pytest.mark.parametrize("cycles", [60 if is_ci() else 20, pytest.param(10_000, marks=pytest.mark.long)])
def test_r1_no_acknowledged_command_is_lost_when_a_server_under_load_is_killed(tmp_path: Path, cycles: int) -> None:
    paths = desk_paths(os.environ, make_busy_home(tmp_path))
    acknowledged: set[str] = set()
    at = MONDAY

    for cycle in range(cycles):
        at += timedelta(minutes=1)
        asyncio.run(_cycle(paths, at, cycle, acknowledged))

    desk = open_desk(paths, os.environ, committed=lambda _: None, clock=SetClock(at), master=master())
    try:
        notes = desk.reader.run(
            lambda s: set(s.execute(sa.text("SELECT text FROM contact WHERE kind = 'note'")).scalars())
        )
        findings = {one.subject: one.level for one in desk.reader.run(lambda s: examine_rows(s, at))}
        verdict = desk.reader.run(lambda s: verify(s, desk.context.audit_key))
        events = desk.reader.run(
            lambda s: s.execute(sa.text("SELECT count(*) FROM event WHERE kind = 'ticket.note'")).scalar()
        )
    finally:
        desk.close()
    assert acknowledged - notes == set()
    assert len(acknowledged) >= cycles
    assert (findings["database"], findings["counters"], verdict.fault) == ("ok", "ok", "")
    assert events == len(notes)
