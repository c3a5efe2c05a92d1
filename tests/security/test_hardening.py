"""Tests of the closed process, each in a process of its own."""

import email.errors
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.security.hardening import scrub_environment
from agentconsole.security.python_fixes import header_injection_safe

PROJECT = Path(__file__).parents[2]

# A process of an ordinary account and its child, which is a neighbour of the same account, look at one another.
NEIGHBOURS = """
import ctypes, os, sys
from agentconsole.security.hardening import harden_process

def look():
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        open(f"/proc/{os.getppid()}/environ", "rb").read()
    except PermissionError:
        os._exit(1)
    os._exit(0)

if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
before = look()
harden_process()
print(before, look())
"""

LIMITS = """
import pathlib, resource, sys
from agentconsole.security.hardening import harden_process
harden_process()
pathlib.Path(sys.argv[1]).touch()
print(oct(pathlib.Path(sys.argv[1]).stat().st_mode & 0o777), resource.getrlimit(resource.RLIMIT_CORE))
"""


def test_a_neighbour_of_the_same_account_cannot_look_in_any_more() -> None:
    assert _run(NEIGHBOURS) == "0 1"


def test_new_files_are_private_and_no_core_is_dumped(tmp_path: Path) -> None:
    assert _run(LIMITS, str(tmp_path / "new")) == "0o600 (0, 0)"


@pytest.mark.parametrize(
    "name",
    [
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "PYTHON_KEYRING_BACKEND",
        "TEXTUAL",
        "TEXTUAL_DRIVER",
        "TEXTUAL_LOG",
        "OPENSSL_CONF",
        "OPENSSL_MODULES",
        "SSLKEYLOGFILE",
        "GCONV_PATH",
        "BROWSER",
    ],
)
def test_variables_that_load_code_or_write_files_go(name: str) -> None:
    environ = {name: "/tmp/evil", "HOME": "/home/ana", "TERM": "xterm"}

    scrub_environment(environ)

    assert environ == {"HOME": "/home/ana", "TERM": "xterm"}


@pytest.mark.parametrize(
    "name", ["HOME", "PATH", "LANG", "LC_ALL", "TZ", "COLORTERM", "NO_COLOR", "SSL_CERT_FILE", "OLD_"]
)
def test_other_variables_stay(name: str) -> None:
    environ = {name: "x"}

    scrub_environment(environ)

    assert environ == {name: "x"}


@pytest.mark.parametrize("term", ["xterm-256color", "screen.xterm-new", "rxvt+pcfkeys", "linux", "x" * 32, ""])
def test_a_terminals_name_stays(term: str) -> None:
    environ = {"TERM": term}

    scrub_environment(environ)

    assert environ == {"TERM": term}


@pytest.mark.parametrize("term", ["../../x", "/tmp/evil", "xterm\n", "xterm;id", "x" * 33, "xtérm", "a b", "\x1b]52"])
def test_a_term_that_is_no_name_is_refused(term: str) -> None:
    with pytest.raises(Refused, match="TERM is no terminal's name"):
        scrub_environment({"TERM": term})


def test_the_probe_agrees_with_whether_this_python_has_the_fix() -> None:
    fixed = hasattr(email.errors, "HeaderWriteError")

    assert header_injection_safe() is fixed


def _run(program: str, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-B", "-c", program, *arguments],
        cwd=PROJECT,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ran.stdout.strip()
