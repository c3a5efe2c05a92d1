"""`agentconsole database move`: a desk from its file into PostgreSQL or back, copied while it works."""

import argparse
import os
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from agentconsole.cli.ask import ask, require_desk, the_desk
from agentconsole.cli.database import other_database
from agentconsole.cli.progress import Steps
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.cli.served import is_served
from agentconsole.config.clock import SystemClock
from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.security.hardening import harden_process
from agentconsole.security.masterkey import load_master_key
from agentconsole.security.sealing import Vault
from agentconsole.server.main import ServerLock
from agentconsole.storage.database import Database, SqliteFile, database_of
from agentconsole.storage.foundation import read_foundation
from agentconsole.storage.moving import Sums
from agentconsole.storage.moving_desk import DeskMove, moving_desk
from agentconsole.storage.moving_switch import recover
from agentconsole.wire.client import Client
from agentconsole.wire.commands import Shutdown
from agentconsole.wire.frames import Audited
from agentconsole.wire.queries import VerifyAudit

FILE = "sqlite"
STOP_SECONDS = 60.0
BACK_SECONDS = 30.0
LEAVING_SECONDS = 10.0
_ROUNDS, _FEW = 5, 500
_LONGEST_NAME = 4_000


class Moved(msgspec.Struct, frozen=True):
    """Report a move: where to, the rows of each table with the hash over them, and how long the desk was away (s)."""

    to: str
    tables: Sums
    away: float
    back: bool


def move(line: argparse.Namespace) -> int:
    """Move the desk. Until the last moment it is where it was; asked again this goes on where it was ended."""
    harden_process()
    paths = the_desk()
    require_desk(paths)
    lock = _lock_of_nobody(paths)
    if lock is None:
        report = _move(paths, line, None)
    else:
        try:
            recover(paths, SystemClock().now())
            database_of(paths).upgrade(paths.place)
            report = _move(paths, line, lock)
        finally:
            lock.release()
    if line.json:
        tell_json(report)
    else:
        tell("\n".join(_lines(report, paths)))
    return 0


def _lock_of_nobody(paths: DeskPaths) -> ServerLock | None:
    """Return the lock of a desk that nobody serves, None where somebody does; waits for a server that is leaving."""
    until = time.monotonic() + LEAVING_SECONDS
    while not is_served(paths):
        try:
            return ServerLock(paths.lock)
        except Refused:
            if time.monotonic() > until:
                raise
        time.sleep(0.05)
    return None


def _move(paths: DeskPaths, line: argparse.Namespace, lock: ServerLock | None) -> Moved:
    """Move a desk whose lock is held, or that is served."""
    target, steps = _target(paths, line), Steps()
    with moving_desk(paths, target, steps.told, SystemClock().now()) as desk:
        rows = desk.rows()
        for turn in range(_ROUNDS):
            with steps.part("catching up" if turn else "copying", rows):
                written = desk.approach()
            if written <= _FEW:
                break
        _check_log(paths, desk, served=lock is None)
        began = time.monotonic()
        held = lock or _lock_of_stopped(paths)
        try:
            with steps.part("the rest, with the desk stopped", rows):
                sums = desk.finish(SystemClock().now())
        finally:
            if lock is None:
                held.release()
    back = lock is not None or _came_back(paths)
    return Moved("a file" if isinstance(target, SqliteFile) else "PostgreSQL", sums, time.monotonic() - began, back)


def _target(paths: DeskPaths, line: argparse.Namespace) -> Database:
    """Return where to: the desk's own file, or a database whose name is given or stands in a file's first line."""
    if line.to == FILE:
        return SqliteFile(paths.database)
    named, place = line.to, Path(line.to)
    with suppress(OSError, ValueError):
        named = place.read_text("utf-8")[:_LONGEST_NAME].partition("\n")[0].strip() if place.is_file() else named
    return other_database(paths, named, line.owner, line.direct, line.password_file)


def _check_log(paths: DeskPaths, desk: DeskMove, *, served: bool) -> None:
    """Walk the copy's event log with its seals; where only the server has the key, the log that was copied from."""
    engine = database_of(paths).reading()
    foundation = read_foundation(engine)
    engine.dispose()
    if foundation is None:
        raise Refused(f"The desk in {paths.home} was never completed: there is nothing to move.")
    facts, key = foundation
    try:
        master = load_master_key(paths.home, facts.uid, os.environ)
    except Refused:
        if not served:
            raise
        report = ask(_verified).report
        fault = "" if report.sound else report.sentence.line(300)
    else:
        fault = desk.check_log(Vault(master, key.wrapped, key.kid).subkey("audit")).fault
    if fault:
        raise Refused(f"The event log is broken ({fault}): nothing was moved. `agentconsole doctor` says more.")


async def _verified(client: Client) -> Audited:
    answer = await client.ask(VerifyAudit())
    assert isinstance(answer, Audited)
    return answer


def _lock_of_stopped(paths: DeskPaths) -> ServerLock:
    """Have the server leave for a while, and return its lock; refuses one that does not leave."""
    until = time.monotonic() + STOP_SECONDS
    asked = 0.0
    while True:
        if time.monotonic() - asked > STOP_SECONDS / 4:
            asked = time.monotonic()
            with suppress(Refused):
                ask(_leave, start=False)
        try:
            return ServerLock(paths.lock)
        except Refused:
            if time.monotonic() > until:
                raise
        time.sleep(0.05)


async def _leave(client: Client) -> None:
    await client.ask(Shutdown(again=True))


def _came_back(paths: DeskPaths) -> bool:
    until = time.monotonic() + BACK_SECONDS
    while not is_served(paths):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _lines(report: Moved, paths: DeskPaths) -> list[str]:
    rows = sum(rows for rows, _ in report.tables.values())
    lines = [
        f"The desk is in {report.to} now: {rows:,} rows in {len(report.tables)} tables, each read again on both sides.",
        f"The event log is whole. For {report.away:.1f} s nobody could work.",
        f"The old database is kept as it was, and no server starts on it. Mail is still in {paths.raw}.",
    ]
    if not report.back:
        lines.append("The server did not come back: `agentconsole serve`, or `systemctl start agentconsole`.")
    return [*lines, "Next: `agentconsole doctor`, and `agentconsole backup`."]
