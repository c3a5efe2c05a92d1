"""From where agents may sign in, over a real sshd: allowed, refused, a session ended by a new rule, and break-glass."""

import sqlite3
from collections.abc import Iterator

import pytest

from agentconsole.cli.team_layout import HOME
from tests.journeys.first_day import PASSWORD, sign_in
from tests.pty import Terminal
from tests.sshd import Line

pytestmark = pytest.mark.timeout(300)

HERE, ELSEWHERE = "127.0.0.0/8", "192.0.2.0/24"
"""What sshd sees of who comes over loopback, and a range that nobody comes from."""


@pytest.fixture(name="rules")
def _rules(line: Line) -> Iterator[Line]:
    """Return the way in; whatever was allowed is taken away again."""
    yield line
    for range_ in (HERE, ELSEWHERE):
        line.host("address", "remove", "agent", range_)
    line.end_all("ana")


def _address(line: Line, *words: str) -> str:
    said = line.host("address", *words)
    assert said.code == 0, said.err
    return said.out


def _kinds(line: Line) -> list[str]:
    link = sqlite3.connect(f"file:{line.host.at(HOME)}/desk.sqlite3?mode=ro", uri=True)
    rows = link.execute("SELECT kind FROM event WHERE kind LIKE 'address.%' ORDER BY seq").fetchall()
    link.close()
    return [row[0] for row in rows]


def _leave(terminal: Terminal) -> None:
    terminal.feed(b":quit\r")
    assert terminal.wait_for_end() == 0


def test_who_comes_from_an_allowed_address_signs_in(rules: Line, codes: dict[str, list[str]]) -> None:
    _address(rules, "allow", "agent", HERE)

    with rules.terminal("ana") as terminal:
        sign_in(terminal, "ana", codes)
        listed = _address(rules, "list")
        _leave(terminal)

    assert f"agent       {HERE}" in listed
    assert "1 session now" in listed


def test_a_new_rule_ends_a_session_and_break_glass_lets_her_in_to_her_draft(
    rules: Line, codes: dict[str, list[str]]
) -> None:
    before = len(_kinds(rules))
    with rules.terminal("ana") as terminal:
        sign_in(terminal, "ana", codes)
        terminal.feed(b":open 1-3\ri")
        terminal.wait_for("Note on case 1-3")
        terminal.feed(b"\rhalf a thought")
        terminal.wait_for("half a thought")

        assert "1 session ended" in _address(rules, "allow", "agent", ELSEWHERE)
        terminal.wait_for("Signing in from 127.0.0.1 is no longer allowed")
        terminal.feed(b"\x1b")
        code = codes["ana"][-1]
        _sign_in_again(terminal, code)
        terminal.wait_for("ana may not sign in from 127.0.0.1")

        _address(rules, "open", "--minutes", "5")
        terminal.feed(b"\r")
        terminal.wait_for("half a thought")
        codes["ana"].remove(code)

        assert "1 session ended" in _address(rules, "close")
        terminal.wait_for("Signing in from 127.0.0.1 is no longer allowed")
        terminal.feed(b"\x1b")
        terminal.wait_for("Username")
        terminal.feed(b"\x03")
        assert terminal.wait_for_end() == 0

    assert _kinds(rules)[before:] == ["address.allowed", "address.opened", "address.closed"]


def _sign_in_again(terminal: Terminal, code: str) -> None:
    """Sign in by a code that may be used again, where the name stands in the form already."""
    terminal.wait_for("Username")
    terminal.feed(f"\x1bOQ\x1b[Z{PASSWORD}\t{code}\r".encode())
