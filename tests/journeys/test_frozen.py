"""A console that is frozen with its line still up: the desk notices by itself and locks it (R6)."""

import os
import signal
import sqlite3
import time
from datetime import UTC, datetime

import pytest

from agentconsole.cli.team_layout import HOME
from agentconsole.services.sessions import Limits
from tests.journeys.first_day import sign_in
from tests.pty import Terminal
from tests.sshd import Line

CLAIM_SECONDS = 300.0
LATE_SECONDS = 5.0


def _freeze_while_writing(line: Line, frozen: Terminal, codes: dict[str, list[str]]) -> datetime:
    """Sign ana in, let her begin a note, and stop her console; return when her last key came."""
    sign_in(frozen, "ana", codes)
    frozen.feed(b":open 1-3\ri")
    frozen.wait_for("Note on case 1-3")
    frozen.settle()
    os.kill(line.consoles("ana")[-1], signal.SIGSTOP)
    return datetime.now(UTC)


def _locked_at(line: Line) -> datetime | None:
    link = sqlite3.connect(f"file:{line.host.at(HOME)}/desk.sqlite3?mode=ro", uri=True)
    try:
        (at,) = link.execute(
            "SELECT max(locked_at) FROM session JOIN user ON user.id = user_id WHERE login = 'ana' AND ended_at IS NULL"
        ).fetchone()
    finally:
        link.close()
    return None if at is None else datetime.fromtimestamp(at / 1_000_000, UTC)


@pytest.mark.timeout(300)
def test_r6_who_froze_at_a_case_is_no_longer_shown_as_writing_there(line: Line, codes: dict[str, list[str]]) -> None:
    with line.terminal("ana") as frozen, line.terminal("bo", size=(120, 40)) as other:
        sign_in(other, "sam", codes)
        _freeze_while_writing(line, frozen, codes)
        other.feed(b":open 1-3\r")
        other.wait_for(" ana is writing")
        other.wait_for(lambda: " ana is writing" not in other.text, CLAIM_SECONDS)
        other.feed(b":quit\r")
        other.wait_for_end()
    line.end_all("ana")


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_r6_a_frozen_console_is_locked_by_the_desks_own_idle_timer(line: Line, codes: dict[str, list[str]]) -> None:
    with line.terminal("ana") as frozen:
        last_key = _freeze_while_writing(line, frozen, codes)
        idle = Limits().idle.total_seconds()
        until = time.monotonic() + idle + LATE_SECONDS
        while (locked := _locked_at(line)) is None and time.monotonic() < until:
            frozen.read(1.0)
    line.end_all("ana")

    assert locked is not None
    assert abs((locked - last_key).total_seconds() - idle) <= LATE_SECONDS
