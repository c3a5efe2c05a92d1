"""Whether somebody serves the desk: asked of its socket, which costs nothing."""

import os
import socket
from pathlib import Path

from agentconsole.config.paths import STOPPED, DeskPaths

_LOCKS = Path("/proc/locks")


def is_served(paths: DeskPaths) -> bool:
    """Tell whether a server answers at the desk's socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(1)
        try:
            link.connect(str(paths.socket))
        except OSError:
            return False
    return True


def is_starting(paths: DeskPaths) -> bool:
    """Tell whether somebody has the desk's lock: a server that nobody can reach begins, or comes to its end.

    The kernel's list is read: trying the lock would keep a server from it.
    """
    try:
        number = paths.lock.stat().st_ino
        return any(line.split()[5].endswith(f":{number}") for line in _LOCKS.read_text("ascii").splitlines())
    except OSError:
        return False


def leave_word(paths: DeskPaths) -> None:
    """Note a stop where no server could be told: no console starts it again, and one that is being started leaves."""
    lock = os.open(paths.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        number = (os.read(lock, 20).split() or [b"0"])[0]
        os.ftruncate(lock, 0)
        os.pwrite(lock, b"%s %s\n" % (number, STOPPED.encode()), 0)
    finally:
        os.close(lock)
