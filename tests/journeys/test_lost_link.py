"""The desk server is killed under somebody's hands: no letter goes astray, no text is lost, nothing is done twice."""

import os
import re
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.config.paths import desk_paths
from tests.cli.program import Program
from tests.journeys.first_day import PASSWORD, add_user, code_of, console, seed_on
from tests.journeys.test_first_day import MAIL
from tests.pty import Terminal

LONG = 60.0
RECOVERY = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Program]:
    """Return the program on a founded desk with one case; its server is stopped afterwards."""
    program = Program(tmp_path / "home")
    program.found()
    (tmp_path / "rosa.eml").write_bytes(MAIL)
    program("mail", "import", str(tmp_path / "rosa.eml"))
    yield program
    program.stop()


def _first_sign_in(terminal: Terminal, one_time: str) -> str:
    """Enrol, choose a password, and return a recovery code: the next sign-in need not wait for another code."""
    terminal.wait_for("Username")
    terminal.feed(f"ana\t{one_time}\r\r".encode())
    terminal.wait_for("Set up two-factor", LONG)
    terminal.feed(code_of(seed_on(terminal)).encode() + b"\r")
    terminal.wait_for(lambda: RECOVERY.search(terminal.text) is not None)
    (found, *_) = RECOVERY.findall(terminal.text)
    terminal.feed(f"kept\r{PASSWORD}\t{PASSWORD}\r".encode())
    terminal.wait_for("Your password is changed.")
    return str(found)


def _kill_server(desk: Program) -> int:
    pid = int(desk_paths(desk.environ).lock.read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    return pid


def test_a_writer_whose_server_is_killed_goes_on_typing_signs_in_and_has_her_text(desk: Program) -> None:
    one_time = add_user(desk, "ana")

    with console(desk) as terminal:
        recovery = _first_sign_in(terminal, one_time)
        terminal.feed(b"n")
        terminal.wait_for("case 1-3")
        terminal.feed(b"iThe parcel was sent")
        terminal.wait_for("The parcel was sent")
        killed = _kill_server(desk)
        terminal.type_slowly([bytes([letter]) for letter in b" on Monday\rand came\tback " * 3], 0.03)
        terminal.wait_for("Press Esc, then sign in.")
        terminal.wait_for("The desk is back", LONG)
        terminal.feed(b"more of it\r")
        terminal.settle()
        held_back = terminal.text
        terminal.feed(b"\x1b")
        terminal.wait_for("Username")
        form = terminal.text
        terminal.feed(f"{PASSWORD}\x1bOQ{recovery}\r".encode())
        terminal.wait_for("The parcel was sent", LONG)
        terminal.feed(b"\x04")
        terminal.wait_for("Note added")
        terminal.feed(b":quit\r")
        assert terminal.wait_for_end() == 0

    link = sqlite3.connect(desk.home / "desk.sqlite3")
    notes = [text for (text,) in link.execute("SELECT text FROM contact WHERE kind = 'note'")]
    failed = link.execute("SELECT count(*) FROM event WHERE kind = 'sign_in.failed'").fetchone()[0]
    link.close()
    assert "Password" not in held_back
    assert re.search(r"Password +\[ +\]", form)
    assert len(notes) == 1
    assert notes[0].startswith("The parcel was sent")
    assert failed == 0
    assert killed != int(desk_paths(desk.environ).lock.read_text().split()[0])
