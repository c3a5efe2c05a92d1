"""The process that is kept warm: it has loaded the console once, and forks one for each sign-in of its account.

It knows no desk and no secret, draws nothing and runs no loop. It ends when nobody has asked for long, when a file that
it loaded has changed, and when its socket is another's.
"""

import contextlib
import fcntl
import gc
import importlib
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from agentconsole.cli.lean import go_without_openssl
from agentconsole.cli.warm_place import HERE
from agentconsole.security.hardening import harden_process
from agentconsole.security.peer import peer_of
from agentconsole.tui.entry import QUIET

IDLE_MINUTES = 15
LOOK_SECONDS = 60.0
"""How long it waits before it looks whether it is still of use: so many times without being asked, and it ends."""

_BACKLOG = 16
_LATER = (
    "encodings.ascii",
    "textual.drivers.headless_driver",
    "textual.layouts.factory",
    "textual.layouts.horizontal",
    "textual.layouts.stream",
    "textual.pilot",
    "textual.scrollbar",
)

Stamp = tuple[int, int, int]


def loaded_files() -> dict[str, Stamp | None]:
    """Return what tells a change of each file that this process has loaded: the program, its libraries, Python."""
    names = {getattr(module, "__file__", None) for module in [*sys.modules.values()]} | {sys.executable}
    return {name: _stamp(name) for name in names if name}


def _stamp(name: str) -> Stamp | None:
    try:
        found = Path(name).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


class Warm:
    """Wait at the socket `place`, whose lock it holds for as long as it lives."""

    def __init__(self, place: Path, work: Callable[[socket.socket], object]) -> None:
        self._place = place
        self._work = work
        self._lock = os.open(place.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        begun = place.with_suffix(".new")
        begun.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(os.fspath(begun))
        self._listener.listen(_BACKLOG)
        self._inode = begun.stat().st_ino
        begun.rename(place)
        self._files = loaded_files()

    def wait(self, look_seconds: float = LOOK_SECONDS) -> None:
        """Fork a console for each who asks, until it is time to end."""
        self._listener.settimeout(look_seconds)
        left = IDLE_MINUTES
        while left and self._is_current():
            try:
                link, _ = self._listener.accept()
            except TimeoutError:
                left -= 1
                continue
            with link:
                left = IDLE_MINUTES
                if peer_of(link).uid == os.geteuid() and self._is_current():
                    # Who asked may be gone already, or there may be no room: then that start is a cold one.
                    with contextlib.suppress(OSError):
                        link.send(HERE)
                        self._fork(link)
        if self._is_ours():
            self._place.unlink()
        self._listener.close()
        os.close(self._lock)

    def _is_current(self) -> bool:
        return self._is_ours() and self._files == {name: _stamp(name) for name in self._files}

    def _is_ours(self) -> bool:
        try:
            return self._place.stat().st_ino == self._inode
        except OSError:
            return False

    def _fork(self, link: socket.socket) -> None:
        """Fork a console whose parent is nobody, so that it outlives this process and nobody has to bury it."""
        between = os.fork()
        if between:
            os.waitpid(between, 0)
            return
        try:
            if os.fork() == 0:
                os.setsid()
                self._listener.close()
                os.close(self._lock)
                self._work(link)
        finally:
            os._exit(0)


def main() -> int:
    """Load the console, then wait at the socket that is the one argument."""
    harden_process()
    place = Path(sys.argv[1])
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    work = loaded()
    try:
        warm = Warm(place, work)
    except BlockingIOError:  # another one was faster
        return 0
    gc.freeze()
    warm.wait()
    return 0


def loaded() -> Callable[[socket.socket], object]:
    """Import all that a console needs; returns what makes one of a process that was forked."""
    # Textual reads the environment when it is imported, and imports some of itself only when it runs.
    os.environ.update(QUIET)
    gc.disable()
    go_without_openssl()
    from agentconsole.cli.warm_session import work  # noqa: PLC0415

    for name in ("agentconsole.tui.app", "agentconsole.tui.terminal", *_LATER):
        importlib.import_module(name)
    return work


if __name__ == "__main__":
    sys.exit(main())
