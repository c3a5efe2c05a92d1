"""The README's sshd settings that leave an agent the console and nothing else, on a real sshd."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tests.pty import Terminal
from tests.servers import HOST, free_port
from tests.sshd import Line, sshd

pytestmark = pytest.mark.timeout(300)

HEADING = "## Give agents the console and nothing else"
STARTED_BY_SHELLS = (".bashrc", ".bash_profile", ".profile", ".ssh/rc")


@pytest.fixture(name="forced", scope="module")
def _forced(line: Line) -> Iterator[Line]:
    """Return the way in over an sshd with the README's settings; what a shell or sshd would start leaves a mark."""
    section = (ROOT / "README.md").read_text("utf-8").partition(HEADING)[2].partition("\n## ")[0]
    settings = re.search(r"^```\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert settings is not None
    home = _home(line)
    (home / ".ssh").mkdir(exist_ok=True)
    for name in STARTED_BY_SHELLS:
        (home / name).write_text("touch ~/marked\n")
    (home / ".ssh" / "environment").write_text("MARKED=1\n")
    with sshd(line.host, more=settings.group(1)) as forced:
        yield forced
        forced.end_all("ana")


def _home(line: Line) -> Path:
    return line.host.root / "home" / "ana"


def _variables(line: Line) -> dict[str, str]:
    (*_, console) = line.consoles("ana")
    pairs = Path(f"/proc/{console}/environ").read_text().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if pair)


@pytest.mark.parametrize(
    "words", [("agentconsole",), ("sh", "-c", "'touch ~/marked; exec sh'"), ("touch ~/marked;", "sh")]
)
def test_whatever_is_asked_for_the_console_comes(forced: Line, words: tuple[str, ...]) -> None:
    with forced.terminal("ana", *words) as terminal:
        terminal.wait_for("from 127.0.0.1")
        assert "Username" in terminal.text
    forced.wait_until_gone("ana")

    assert not (_home(forced) / "marked").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [((), "agentconsole: The console needs a terminal: run it in one, or over `ssh -t`.\n"), (("-s",), "")],
    ids=["a command", "sftp, whose complaints sshd keeps to itself"],
)
def test_without_a_terminal_there_is_no_shell_and_no_file(
    forced: Line, options: tuple[str, ...], sentence: str
) -> None:
    said = forced.run("ana", "sftp", options=options)

    assert (said.returncode, said.stdout, said.stderr) == (1, "", sentence)


def test_no_variable_of_the_agents_machine_or_home_reaches_the_console(forced: Line) -> None:
    hostile = ["-o", "SetEnv=LC_ALL=evil LC_SHELL=$(touch~/marked) SSH_CONNECTION=192.0.2.9"]
    command = forced.command("ana", options=("-tt", *hostile))
    with Terminal(command, environ={"TERM": "xterm-256color"}) as terminal:
        terminal.wait_for("uid 61001, from 127.0.0.1")
        variables = _variables(forced)
    forced.wait_until_gone("ana")

    assert set(variables) - {"PWD"} == {"HOME", "LANG", "TERM"}


def _answer(port: int) -> bytes:
    with socket.create_connection((HOST, port), timeout=10) as link:
        link.settimeout(10)
        try:
            return link.recv(100)
        except ConnectionError:
            return b""


@pytest.mark.parametrize(("settings", "carried"), [("forced", 0), ("line", 4)])
def test_a_forwarded_port_carries_nothing(
    request: pytest.FixtureRequest, forced: Line, settings: str, carried: int
) -> None:
    way: Line = request.getfixturevalue(settings)
    port = free_port()
    with Terminal(way.command("ana", "agentconsole", options=("-tt", "-L", f"{port}:{HOST}:{way.port}"))) as terminal:
        terminal.wait_for("Username")
        got = _answer(port)
    way.wait_until_gone("ana")

    assert got[:4] == b"SSH-"[:carried]
