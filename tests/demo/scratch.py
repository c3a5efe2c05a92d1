"""A demo desk without a server around it, at an instant that stands still."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from agentconsole.config.clock import SetClock, SystemClock
from agentconsole.config.paths import desk_paths
from agentconsole.demo.content import load_content
from agentconsole.demo.seed import NEW_DESK, fill
from agentconsole.queries.queue import read_queue
from agentconsole.security.masterkey import MasterKey
from agentconsole.server.desk import OpenDesk, found_desk, open_desk
from agentconsole.wire.rows import QueuePage

BASE = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)
"""A Friday, 10:42 at the desk."""


@contextmanager
def filled_desk(home: Path, *, base: datetime = BASE, seed: int = 7, speed: float = 0.0) -> Iterator[OpenDesk]:
    """Found, fill and open a demo desk whose clock the test moves."""
    paths = desk_paths({}, home)
    master = MasterKey.in_memory()
    found_desk(paths, NEW_DESK, {}, wall=SystemClock(), master=master)
    clock = SetClock(base, speed)
    desk = open_desk(paths, {}, committed=lambda _: None, clock=clock, wall=SystemClock(), master=master)
    try:
        fill(desk, load_content(), base, seed)
        yield desk
    finally:
        desk.close()
        shutil.rmtree(home)


def page(desk: OpenDesk, view: str = "team", me: int = 1, login: str = "ana") -> QueuePage:
    """Read a list as its screen would."""
    zone = ZoneInfo(desk.context.zone)
    now = desk.clock.now()
    return desk.reader.run(lambda s: read_queue(s, view=view, text="", me=me, login=login, now=now, zone=zone))
