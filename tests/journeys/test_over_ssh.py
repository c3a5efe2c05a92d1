"""Over a real sshd, each agent under an account of her own: what a day is, and what a cut line leaves behind (R5)."""

import os
import random
import signal
import sqlite3
import string
import time
from collections.abc import Callable

import pytest

from agentconsole.cli.team_layout import HOME
from tests.journeys.first_day import first_sign_in, sign_in
from tests.needs import is_ci
from tests.pty import Terminal
from tests.sshd import Line
from tests.team.living import one_time_password

pytestmark = pytest.mark.timeout(300)


def _draft(line: Line) -> str:
    link = sqlite3.connect(f"file:{line.host.at(HOME)}/desk.sqlite3?mode=ro", uri=True)
    try:
        found = link.execute("SELECT text FROM draft WHERE kind = 'note'").fetchone()
    finally:
        link.close()
    return "" if found is None else str(found[0])


def test_two_agents_at_once_one_enrols_answers_a_mail_and_resolves_it(line: Line, codes: dict[str, list[str]]) -> None:
    one_time = one_time_password(line.host("user", "add", "bo", "Bo Example", "--unix", "61002"))

    with line.terminal("ana") as ana, line.terminal("bo") as bo:
        sign_in(ana, "ana", codes)
        first_sign_in(bo, "bo", one_time)
        ana.wait_for("Unassigned 1")
        bo.feed(b"n")
        bo.wait_for("case 1-3")
        ana.wait_for("Unassigned 0")
        bo.feed(b"r;ref\t\x04")
        bo.wait_for("checks before sending")
        bo.feed(b"e")
        bo.wait_for("u takes it back")
        for terminal in (ana, bo):
            terminal.feed(b":quit\r")
        assert (ana.wait_for_end(), bo.wait_for_end()) == (0, 0)

    assert max(map(line.wait_until_gone, ("ana", "bo"))) < 5


def test_the_address_is_the_one_that_sshd_saw_whatever_the_environment_says(
    line: Line, codes: dict[str, list[str]]
) -> None:
    with line.terminal("ana", "SSH_CONNECTION='192.0.2.1 1 192.0.2.2 22' agentconsole") as terminal:
        terminal.wait_for("uid 61001, from 127.0.0.1")
        sign_in(terminal, "ana", codes)
        terminal.feed(b":quit\r")
        assert terminal.wait_for_end() == 0

    link = sqlite3.connect(f"file:{line.host.at(HOME)}/desk.sqlite3?mode=ro", uri=True)
    kept = link.execute("SELECT address FROM session ORDER BY began_at DESC LIMIT 1").fetchone()
    noted = link.execute("SELECT address FROM event WHERE kind = 'session.began' ORDER BY seq DESC LIMIT 1").fetchone()
    link.close()
    assert (kept, noted) == (("127.0.0.1",), ("127.0.0.1",))


def _cut_line(line: Line, terminal: Terminal) -> None:
    terminal.signal(signal.SIGKILL)


def _hang_up(line: Line, terminal: Terminal) -> None:
    terminal.hang_up()


def _terminate(line: Line, terminal: Terminal) -> None:
    os.kill(line.consoles("ana")[-1], signal.SIGTERM)


WAYS: tuple[Callable[[Line, Terminal], None], ...] = (_cut_line, _hang_up, _terminate)


def _go_on(line: Line, terminal: Terminal, codes: dict[str, list[str]]) -> str:
    """Sign in, which leads back to the note that was being written; return what the desk has of it."""
    sign_in(terminal, "ana", codes)
    before = _draft(line)
    if not before:
        terminal.feed(b":open 1-3\ri")
    terminal.wait_for(before.rpartition("\n")[2] or "Note on case 1-3")
    return before


@pytest.mark.timeout(36_000)
@pytest.mark.parametrize("drops", [50 if is_ci() else 6, pytest.param(1_000, marks=pytest.mark.long)])
def test_r5_no_character_is_lost_and_no_process_left_wherever_the_line_is_cut(
    line: Line, codes: dict[str, list[str]], drops: int
) -> None:
    chance, slowest = random.Random(drops), 0.0
    for drop in range(drops):
        with line.terminal("ana") as terminal:
            before = _go_on(line, terminal, codes)
            word = "".join(chance.choices(string.ascii_lowercase, k=chance.randint(5, 30)))
            terminal.feed(f"\r{word}".encode())
            terminal.wait_for(word)
            chance.choice(WAYS)(line, terminal)
            slowest = max(slowest, line.wait_until_gone("ana"))
        assert _draft(line) == f"{before}\n{word}", f"drop {drop}"
    assert slowest < 5


def test_r5_a_console_that_is_killed_loses_at_most_a_second_of_typing(line: Line, codes: dict[str, list[str]]) -> None:
    typed: list[tuple[float, str]] = []
    with line.terminal("ana") as terminal:
        before = _go_on(line, terminal, codes)
        terminal.feed(b"\r")
        for letter in string.ascii_lowercase * 2:
            terminal.feed(letter.encode())
            typed.append((time.monotonic(), letter))
            terminal.read(0.05)
        killed = time.monotonic()
        os.kill(line.consoles("ana")[-1], signal.SIGKILL)
        line.wait_until_gone("ana")

    kept = _draft(line)
    text = f"{before}\n{''.join(letter for _, letter in typed)}"
    lost = [at for at, _ in typed[len(kept) - len(before) - 1 :]]
    assert text.startswith(kept)
    assert killed - min(lost, default=killed) <= 1.0
