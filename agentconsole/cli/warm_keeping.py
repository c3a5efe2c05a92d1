"""Whether a console is kept warm for the next sign-in: one is begun beside this console, or ended."""

import contextlib
import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from agentconsole.cli.warm_place import is_private, place_of
from agentconsole.config.preferences import Preferences

AFTER_SECONDS = 3.0
"""The console that was just opened has the processor for itself first."""


@contextlib.contextmanager
def kept_warm(preferences: Preferences, environ: Mapping[str, str]) -> Iterator[None]:
    """Keep one warm beside the console that is worked in here, and when that ends; or none, if none is wanted."""
    place = place_of(dict(environ))
    timer = threading.Timer(AFTER_SECONDS, _begin, (place,))
    timer.daemon = True
    if place and preferences.warm:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        # It may have been chosen otherwise meanwhile.
        if place and preferences.warm:
            _begin(place)
        elif place:
            _end(place)


def _begin(place: str) -> None:
    """Begin one, unless there is one. That it cannot be had is nobody's trouble: the next start is a cold one."""
    folder = Path(place).parent
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_private(str(folder)) or _is_there(Path(place)):
            return
        subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-I", "-m", "agentconsole.cli.warm", place],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            start_new_session=True,
        )


def _end(place: str) -> None:
    """Take its socket away: a process without one ends within a minute."""
    with contextlib.suppress(OSError):
        Path(place).unlink(missing_ok=True)


def _is_there(place: Path) -> bool:
    """Tell whether one lives: it holds its lock."""
    lock = os.open(place.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
