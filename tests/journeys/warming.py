"""A console that is kept warm in a folder of the test, and terminals that are lent to what it forks."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agentconsole.cli.warm_place import place_of
from agentconsole.config.preferences import Preferences
from tests.pty import Terminal

PROGRAM = [sys.executable, "-I", "-m", "agentconsole"]
PATIENCE = 30.0


def plain(*command: str) -> list[str]:
    """Return a command without the variables by which tests lead Python: a warm console goes by none of them."""
    return ["/usr/bin/env", "-u", "PYTHONPATH", *command]


@dataclass(slots=True)
class Warm:
    """Hold the process that is kept warm, and what leads a console to it."""

    place: Path
    environ: dict[str, str]
    process: "subprocess.Popen[bytes]"

    def terminal(self, *command: str, size: tuple[int, int] = (80, 24), **more: str) -> Terminal:
        """Open a terminal on the console, or on a command, where the warm one is found."""
        return Terminal(plain(*(command or PROGRAM)), size=size, environ={**self.environ, **more})

    def consoles(self) -> list[int]:
        """Return the processes that were forked and live."""
        return [pid for pid in beside(self.place) if pid != self.process.pid]

    def the_console(self) -> int:
        """Return the one that was forked, once it is there."""
        wait_until(lambda: len(self.consoles()) == 1, "no console was forked")
        return self.consoles()[0]

    def wait_until_gone(self, seconds: float = 5.0) -> None:
        """Wait until no forked console is left."""
        wait_until(lambda: not self.consoles(), "a console is still there", seconds)


def wait_until(holds: Callable[[], bool], otherwise: str, seconds: float = PATIENCE) -> None:
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, otherwise
        threading.Event().wait(0.02)


def beside(place: Path) -> list[int]:
    """Return the processes that keep a console warm at a place, and those forked from them."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            is_dead = "\nState:\tZ" in (folder / "status").read_text("ascii", "replace")
        except OSError:
            continue
        if os.fsencode(place) in words and not is_dead:
            found.append(int(folder.name))
    return found


def _ended(place: Path) -> bool:
    """Kill what is there; a console that is just leaving may have begun another one meanwhile."""
    left = beside(place)
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return not left


def place_in(folder: Path, environ: Mapping[str, str]) -> tuple[Path, dict[str, str]]:
    """Return where the console of this installation is kept warm below a folder, and what leads to it."""
    leads = {**environ, "XDG_RUNTIME_DIR": str(folder), "XDG_CONFIG_HOME": str(folder)}
    return Path(place_of(leads)), leads


@contextmanager
def keeping_warm(environ: Mapping[str, str], *words: str) -> Iterator[Warm]:
    """Keep a console warm; `words` name another program than ours to do it."""
    # The path of a socket is short.
    with tempfile.TemporaryDirectory(prefix="w") as folder:
        place, leads = place_in(Path(folder), environ)
        place.parent.mkdir(mode=0o700)
        # Where it was not chosen, the first console that is left takes it away.
        Preferences.of(leads).choose_warm(warm=True)
        command = words or ("-m", "agentconsole.cli.warm")
        process = subprocess.Popen([sys.executable, "-I", *command, str(place)], env={"LANG": "C.UTF-8"})
        try:
            wait_until(place.exists, "nothing is kept warm")
            yield Warm(place, leads, process)
        finally:
            process.kill()
            process.wait()
            wait_until(lambda: _ended(place), "something is still kept warm")
