"""What people have between their terminal and the console: tmux, screen and mosh, over a real sshd."""

import shlex
import signal
from collections.abc import Iterator

import pytest

from tests import needs
from tests.journeys.first_day import sign_in
from tests.multiplexers import in_multiplexers
from tests.pty import Terminal
from tests.servers import HOST
from tests.sshd import Line

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(name="clean")
def _clean(line: Line) -> Iterator[Line]:
    """Return the line; what a multiplexer kept alive is ended afterwards, as it would live on by itself."""
    yield line
    line.end_all("ana")


def _note(terminal: Terminal, text: str) -> None:
    terminal.feed(b":open 1-3\ri")
    terminal.wait_for("Note on case 1-3")
    terminal.feed(text.encode())
    terminal.wait_for(text)


@in_multiplexers
def test_a_console_in_a_multiplexer_outlives_its_line_and_is_there_again(
    clean: Line, codes: dict[str, list[str]], begin: str, again: str, program: str
) -> None:
    needs.program(program)
    text = f"half a sentence in {program}"
    with clean.terminal("ana", begin) as terminal:
        sign_in(terminal, "ana", codes)
        _note(terminal, text)
        terminal.signal(signal.SIGKILL)
        terminal.wait_for_end()

    with clean.terminal("ana", again) as terminal:
        terminal.wait_for(text)
        terminal.feed(b"\x04")
        terminal.wait_for("Note added")
        terminal.feed(b":quit\r")
        terminal.wait_for_end()

    assert clean.consoles("ana") == []


def test_the_console_works_through_mosh(clean: Line, codes: dict[str, list[str]]) -> None:
    needs.program("mosh")
    over = [str(needs.program("mosh")), f"--ssh={shlex.join(clean.ssh())}", f"ana@{HOST}", "--", "agentconsole"]
    with Terminal(over, environ={"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}) as terminal:
        sign_in(terminal, "ana", codes)
        _note(terminal, "Grüße über mosh")
        terminal.feed(b"\x04")
        terminal.wait_for("Note added")
        terminal.feed(b":quit\r")
        assert terminal.wait_for_end() == 0

    assert clean.wait_until_gone("ana") < 5
