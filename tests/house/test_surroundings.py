"""The guards around every test, held against a test that tries to get past them."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import hanging, needs
from tests.house.source import ROOT
from tests.surroundings import OutsideConnection, is_local, outside

REACHES_OUT = """
import contextlib, socket

def test_it_reaches_out_and_hides_it():
    with contextlib.suppress(AssertionError), socket.socket() as link:
        link.connect(("192.0.2.1", 25))
"""
NEEDS_A_PROGRAM = """
from tests.needs import program

def test_it_needs_a_program():
    assert program("tmux")
"""


@pytest.mark.parametrize(
    ("host", "local"),
    [
        *(("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True), ("", True)),
        *(("192.0.2.1", False), ("10.0.0.1", False), ("example.org", False), ("localhost.example.org", False)),
    ],
)
def test_this_machine_is_told_from_others_by_its_address(host: str, local: bool) -> None:
    assert is_local(host) is local


def test_a_connection_to_another_machine_is_refused() -> None:
    with socket.socket() as link, pytest.raises(OutsideConnection, match=r"192\.0\.2\.1"):
        link.connect(("192.0.2.1", 25))

    assert outside.pop() == "socket.connect 192.0.2.1"


def test_a_name_of_another_machine_is_not_asked_for() -> None:
    with pytest.raises(OutsideConnection, match=r"mail\.example"):
        socket.getaddrinfo("mail.example", 25)

    assert outside.pop() == "socket.getaddrinfo mail.example"


def test_a_test_that_hides_its_connection_fails_all_the_same(tmp_path: Path) -> None:
    done = _suite(tmp_path, REACHES_OUT)

    assert done.returncode == 1
    assert "socket.connect 192.0.2.1" in done.stdout


def test_what_is_left_out_is_told_before_the_last_line(tmp_path: Path) -> None:
    done = _suite(tmp_path, NEEDS_A_PROGRAM, PATH="/nowhere", CI="")

    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert "1 test: tmux is not here: apt-get install tmux" in lines[-2]
    assert "1 left out" in lines[-1]


def test_what_is_left_out_fails_in_ci(tmp_path: Path) -> None:
    done = _suite(tmp_path, NEEDS_A_PROGRAM, PATH="/nowhere", CI="true")

    assert done.returncode == 1
    assert "CI leaves nothing out: tmux is not here" in done.stdout


def test_the_programs_of_the_list_are_debian_s() -> None:
    assert needs.packages()["dovecot"] == "dovecot-imapd"
    assert len(needs.packages()) >= 8


def test_tests_see_neither_the_developer_s_home_nor_their_colours() -> None:
    assert Path(os.environ["HOME"]).name.startswith("agentconsole-tests-")
    assert not [name for name in os.environ if name.startswith(("TEXTUAL_THEME", "AGENTCONSOLE_", "XDG_", "NO_COLOR"))]


HANGS = """
import signal, threading, pytest
from tests import hanging

hanging.GRACE = 1

@pytest.mark.timeout(1)
def test_that_no_signal_ends():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    threading.Event().wait()
"""

SHARES_A_LIMIT = f"""
import pytest

@pytest.mark.timeout(36_000)
def test_its_limit(request):
    assert request.node.get_closest_marker("timeout").args == ({hanging.SHORT},)
"""


def test_a_test_that_nothing_ends_is_named_and_ends_the_run(tmp_path: Path) -> None:
    done = _suite(tmp_path, HANGS, "-n2", "--dist=loadfile")

    assert done.returncode == 1
    assert "test_that_no_signal_ends" in done.stdout
    assert "1 failed" in done.stdout


def test_what_failed_is_said_at_once_in_ci(tmp_path: Path) -> None:
    done = _suite(tmp_path, "def test_one():\n    assert 1 == 2\n", CI="true")

    assert done.stdout.index("assert 1 == 2") < done.stdout.index("[100%]")


def test_a_short_form_has_no_long_form_s_time(tmp_path: Path) -> None:
    done = _suite(tmp_path, SHARES_A_LIMIT)

    assert "1 passed" in done.stdout


def _suite(folder: Path, text: str, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run one test file under the suite's own conftest, in a process of its own."""
    inner = folder / "test_inner.py"
    inner.write_text(text, encoding="utf-8")
    plain = ["-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    command = [sys.executable, "-m", "pytest", *plain, *words, str(inner)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True, check=False)
