"""Two desk servers as processes of their own on one database: killed, frozen and started anew."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from agentconsole.config.clock import SetClock
from agentconsole.config.paths import desk_paths
from agentconsole.server.desk import open_desk
from agentconsole.server.intake import Intake
from tests.desk_bench import MONDAY, PAIR, Bench, Letterbox, master, parser
from tests.postgres import Place, cluster
from tests.server.nursery import SPEED
from tests.server.several import BEAT, homes

ADMIN = "postgres"
"""The account of the cluster itself, whom no wall keeps from reading."""
SURE = 20 * BEAT
"""Seconds after which a server that says nothing has certainly been buried, on a machine that is not too busy."""


def pause(seconds: float) -> None:
    """Let time pass in which something must not happen."""
    threading.Event().wait(seconds)


@dataclass
class Twin:
    """Start servers in one home, one after another."""

    home: Path
    nursery: "subprocess.Popen[str]"
    since: float
    pid: int = 0

    def start(self) -> int:
        """Start a server, whose clock agrees with those of its twins, and return its process id."""
        assert self.nursery.stdin is not None
        now = MONDAY + timedelta(minutes=10, seconds=SPEED * (time.monotonic() - self.since))
        self.nursery.stdin.write(f"{now.isoformat()}\n")
        self.nursery.stdin.flush()
        self.pid = self._number()
        return self.pid

    def kill(self) -> None:
        """Kill the server that it started last, if that runs, also where it is frozen."""
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def ended(self) -> int:
        """Wait until the server is gone and return its wait status."""
        status = self._number()
        self.pid = 0
        return status

    def _number(self) -> int:
        assert self.nursery.stdout is not None
        return int(self.nursery.stdout.readline())


@dataclass
class Twins:
    """Hold the two homes and the database that they share."""

    place: Place
    link: "psycopg.Connection[Any]"
    both: list[Twin] = field(default_factory=list)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Read the database past the desk."""
        return self.link.execute(sql).fetchall()

    def holder(self, lease: str) -> Twin | None:
        """Return whose server has a lease now; its process id is in the holder's name."""
        found = self.rows(f"SELECT l.holder FROM lease l JOIN server s ON s.id = l.holder WHERE l.name = '{lease}'")
        pids = [int(holder.split("-")[1]) for (holder,) in found]
        return next((twin for twin in self.both if twin.pid in pids), None)

    def left(self) -> int:
        """Count the mails that have still to leave, or to be looked for."""
        waiting = "state IN ('held', 'queued', 'sending') OR look_at IS NOT NULL"
        return int(self.rows(f"SELECT count(*) FROM outbox WHERE {waiting}")[0][0])


@contextmanager
def bench_of(home: Path, at: datetime = MONDAY) -> Iterator[Bench]:
    """Open the desk of a home for the test itself, before its servers run."""
    clock = SetClock(at)
    desk = open_desk(
        desk_paths(os.environ, home), os.environ, committed=lambda _: None, clock=clock, wall=clock, master=master()
    )
    try:
        yield Bench(desk, clock, Intake(desk, parser()), Letterbox(), [])
    finally:
        desk.close()


@contextmanager
def twins(folder: Path) -> Iterator[Twins]:
    """Found a desk in PostgreSQL with two homes; no server runs yet."""
    made, place = homes(folder, 2, people=PAIR)
    since = time.monotonic()
    with ExitStack() as stack:
        stack.callback(cluster().drop, place)
        link = stack.enter_context(psycopg.connect(cluster().conninfo(ADMIN, place.name), autocommit=True))
        found = Twins(place, link)
        for paths in made:
            command = [sys.executable, "-m", "tests.server.nursery", str(paths.home), master().text(), str(BEAT)]
            nursery = stack.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            stack.callback(nursery.kill)
            twin = Twin(paths.home, nursery, since)
            stack.callback(twin.kill)
            found.both.append(twin)
        yield found
