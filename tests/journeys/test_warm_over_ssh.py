"""Warm consoles behind a real sshd: the desk knows each login as at a cold start, and no account has another's."""

import sqlite3
from collections.abc import Iterator

import pytest

from agentconsole.cli.team_layout import HOME
from tests import needs
from tests.journeys.first_day import sign_in
from tests.journeys.warming import wait_until
from tests.multiplexers import in_multiplexers
from tests.sshd import Line

pytestmark = pytest.mark.timeout(300)

_STATE = ".local/state/agentconsole"


@pytest.fixture(name="kept")
def _kept(line: Line, codes: dict[str, list[str]]) -> Iterator[Line]:
    """Return the line after ana has chosen to have a console kept ready, and has left."""
    with line.terminal("ana") as terminal:
        sign_in(terminal, "ana", codes)
        terminal.feed(b":warm on\r")
        terminal.wait_for("A console is kept ready")
        terminal.feed(b":quit\r")
        assert terminal.wait_for_end() == 0
    wait_until(lambda: len(_keepers(line)) == 1, "nothing is kept warm")
    wait_until(lambda: _is_waiting(line), "it does not wait")
    yield line
    line.end_all("ana")
    line.run("ana", "rm -r .config/agentconsole .local/state/agentconsole")


def _keepers(line: Line) -> list[int]:
    return [pid for pid, words in line.processes("ana") if b"agentconsole.cli.warm" in words]


def _is_waiting(line: Line) -> bool:
    return any(path.is_socket() for path in (line.host.root / "home" / "ana" / _STATE).iterdir())


def _last_session(line: Line) -> tuple[str, ...]:
    link = sqlite3.connect(f"file:{line.host.at(HOME)}/desk.sqlite3?mode=ro", uri=True)
    try:
        return tuple(link.execute("SELECT address FROM session ORDER BY began_at DESC LIMIT 1").fetchone())
    finally:
        link.close()


def test_the_desk_sees_the_account_and_the_address_of_the_login_that_holds_the_terminal(
    kept: Line, codes: dict[str, list[str]]
) -> None:
    (keeper,) = _keepers(kept)
    with kept.terminal("ana", "SSH_CONNECTION='192.0.2.1 1 192.0.2.2 22' agentconsole") as terminal:
        terminal.wait_for("uid 61001, from 127.0.0.1")
        forked = [pid for pid in _keepers(kept) if pid != keeper]
        sign_in(terminal, "ana", codes)
        assert _last_session(kept) == ("127.0.0.1",)
        terminal.feed(b":quit\r")
        assert terminal.wait_for_end() == 0

    assert len(forked) == 1
    assert _keepers(kept) == [keeper]


@in_multiplexers
def test_a_warm_console_in_a_multiplexer_outlives_its_line(
    kept: Line, codes: dict[str, list[str]], begin: str, again: str, program: str
) -> None:
    needs.program(program)
    with kept.terminal("ana", begin) as terminal:
        sign_in(terminal, "ana", codes)
        assert len(_keepers(kept)) == 2
        terminal.feed(b":open 1-3\ri")
        terminal.wait_for("Note on case 1-3")
        terminal.feed(f"warm in {program}".encode())
        terminal.wait_for(f"warm in {program}")
        terminal.process.kill()

    with kept.terminal("ana", again) as terminal:
        terminal.wait_for(f"warm in {program}")
        terminal.feed(b"\x04")
        terminal.wait_for("Note added")
        terminal.feed(b":quit\r")
        terminal.wait_for_end()

    assert len(_keepers(kept)) == 1


def test_another_account_reaches_none_of_it_and_has_a_cold_one(kept: Line, codes: dict[str, list[str]]) -> None:
    home = kept.host.root / "home" / "ana"
    place = next((home / _STATE).glob("warm-*[!k]"))
    reach = (
        "/usr/bin/python3 -I -c 'import socket, sys; "
        f'socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET).connect("{place}")\''
    )
    refused = kept.run("bo", f"{reach} ; ls {place.parent} ; cat /proc/{_keepers(kept)[0]}/environ")
    with kept.terminal("bo", f"XDG_STATE_HOME={home}/.local/state agentconsole") as terminal:
        terminal.wait_for("uid 61002, from 127.0.0.1")
        assert len(_keepers(kept)) == 1

    assert refused.stderr.count("Permission denied") == 3
    assert refused.stdout == ""
