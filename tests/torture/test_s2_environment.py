"""PROMISES 22, S2: no variable and no folder makes the program load, run or write what is not its own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.pty import Terminal

NAMES = ("evil", "sitecustomize", "usercustomize", "textual", "keyring", "msgspec", "sqlalchemy", "tomllib", "json")
"""Modules that would be imported if a folder of somebody else's were looked into."""
EVIL = """
import os, sys
with open({mark!r}, "a") as mark:
    mark.write(__name__ + " in " + " ".join(sys.argv) + "\\n")
"""


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path / "home")
    program.found()
    yield program
    program.stop()


@pytest.fixture(name="trap")
def _trap(tmp_path: Path) -> Path:
    """Return a folder full of modules and programs that leave a mark when they run."""
    trap = tmp_path / "trap"
    trap.mkdir()
    for name in NAMES:
        (trap / f"{name}.py").write_text(EVIL.format(mark=str(tmp_path / "mark")))
    for name in ("vi", "editor", "pager", "less", "browser", "sh.startup"):
        (trap / name).write_text(f"#!/bin/sh\necho ran {name} >> {tmp_path}/mark\n")
        (trap / name).chmod(0o755)
    return trap


def _hostile(trap: Path) -> dict[str, str]:
    """Return the variables that load code, run a program or write a file, each aimed at the trap."""
    folder = str(trap)
    written = {
        name: str(trap / f"written-by-{name}") for name in ("TEXTUAL_LOG", "SSLKEYLOGFILE", "PYTHONPYCACHEPREFIX")
    }
    run = {name: str(trap / "vi") for name in ("EDITOR", "VISUAL", "PAGER", "BROWSER", "LESSOPEN", "SHELL")}
    loaded = {
        name: folder for name in ("PYTHONPATH", "PYTHONUSERBASE", "LD_LIBRARY_PATH", "OPENSSL_MODULES", "GCONV_PATH")
    }
    return {
        **written,
        **run,
        **loaded,
        "PYTHONSTARTUP": str(trap / "evil.py"),
        "PYTHONINSPECT": "1",
        "PYTHONBREAKPOINT": "evil.hit",
        "PYTHONWARNINGS": "error::evil.Hit",
        "PYTHON_KEYRING_BACKEND": "evil.Ring",
        "TEXTUAL": "devtools,debug",
        "TEXTUAL_DRIVER": "evil:Driver",
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": folder,
        "ENV": str(trap / "sh.startup"),
        "BASH_ENV": str(trap / "sh.startup"),
        "OPENSSL_CONF": str(trap / "openssl.cnf"),
    }


def _marks(trap: Path) -> list[str]:
    """Return what ran that is not ours, and what was written where nothing of ours is."""
    mark = trap.parent / "mark"
    ran = mark.read_text().splitlines() if mark.exists() else []
    there = {f"{name}.py" for name in NAMES} | {"vi", "editor", "pager", "less", "browser", "sh.startup"}
    return ran + sorted(path.name for path in trap.iterdir() if path.name not in there)


@pytest.mark.parametrize("verb", [("status",), ("doctor",), ("user", "list"), ("--version",), ("mail", "import", "no")])
def test_no_verb_loads_runs_or_writes_what_the_environment_names(
    desk: Program, trap: Path, verb: tuple[str, ...]
) -> None:
    command = [sys.executable, "-I", "-m", "agentconsole", *verb]
    environ = {**desk.environ, **_hostile(trap)}

    done = subprocess.run(command, env=environ, cwd=trap, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode in (0, 1)
    assert "Traceback" not in done.stderr
    assert _marks(trap) == []


def test_neither_does_the_console_nor_the_server_that_it_starts(desk: Program, trap: Path) -> None:
    command = [sys.executable, "-I", "-m", "agentconsole"]
    environ = {**_hostile(trap), **desk.places, "TMPDIR": str(trap.parent)}

    with Terminal(command, environ=environ) as terminal:
        terminal.wait_for("Username")
        terminal.settle()

    assert _marks(trap) == []


@pytest.mark.parametrize("term", ["../../x", "/tmp/evil", "xterm;id", "x" * 33])
def test_a_term_that_is_a_path_is_refused_before_anything_is_drawn(desk: Program, trap: Path, term: str) -> None:
    command = [sys.executable, "-I", "-m", "agentconsole"]

    with Terminal(command, environ={**_hostile(trap), **desk.places, "TERM": term}) as terminal:
        code = terminal.wait_for_end()

    assert code == 1
    assert "set TERM, as xterm-256color." in terminal.text.replace("\n", "")
    assert _marks(trap) == []


def test_without_isolation_the_trap_springs(desk: Program, trap: Path) -> None:
    """The negative control: the same line without -I imports what lies in the folder."""
    command = [sys.executable, "-m", "agentconsole", "doctor"]

    subprocess.run(
        command, env={**desk.environ, **_hostile(trap)}, cwd=trap, capture_output=True, timeout=60, check=False
    )

    assert _marks(trap) != []


@pytest.mark.parametrize("name", ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "TMPDIR"])
@pytest.mark.parametrize("place", ["/dev/null", "relative/../..", "/nowhere/at/all"])
def test_a_home_that_is_none_is_a_sentence_and_nothing_is_written(tmp_path: Path, name: str, place: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    environ = {**Program(tmp_path / "home").environ, name: place}
    for other in ("AGENTCONSOLE_HOME", "AGENTCONSOLE_MASTER_KEY_FILE"):
        environ.pop(other)

    done = subprocess.run(
        [sys.executable, "-I", "-m", "agentconsole", "status"],
        env=environ,
        cwd=inside,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert (done.stdout + done.stderr).count("\n") == 1
    assert list(inside.iterdir()) == []
