"""Finding a console that is kept warm, and lending it this terminal; a sign-in waits for it, so it imports little."""

import _socket
import os
import sys

from agentconsole.cli.warm_place import HERE, LARGEST, is_private, place_of

PATIENCE, BUSY_PATIENCE = 0.04, 1.0
"""Seconds that a warm console has to say that it is there, and those it has on a busy machine unless it is stopped."""

_CRED = 12
_READ_AT_IMPORT = ("TEXTUAL", "PYTHON", "LD_", "ESCDELAY", "LC_TERMINAL")
"""What a console goes by that was loaded with it; one that was loaded before would not."""


def open_warm() -> int | None:
    """Have a warm console work on this terminal; returns its exit code, None where a cold start is due.

    Until a console has answered, nothing is lent and nothing is on the screen.
    """
    environ = dict(os.environ)
    link = _reach(place_of(environ)) if _is_plain(environ) else None
    if link is None:
        return None
    # Imported while the console is being forked.
    from agentconsole.cli.warm_loan import Loan  # noqa: PLC0415

    return Loan(link).lend(environ) if _answers(link) else None


def _is_plain(environ: dict[str, str]) -> bool:
    """Tell whether a console that was loaded without this terminal and environment would be as one loaded in them."""
    if any(name.startswith(_READ_AT_IMPORT) for name in environ) or environ.get("TERM_PROGRAM") == "iTerm.app":
        return False
    if sum(len(name) + len(value) + 2 for name, value in environ.items()) * 4 > LARGEST:
        return False
    if not all(map(os.isatty, (0, 1, 2))) or sys.stderr.encoding != "utf-8":
        return False
    # One that was started in the background stops before it touches the terminal.
    return os.tcgetpgrp(0) == os.getpgrp()


def _reach(path: str) -> "_socket.socket | None":
    """Connect to the warm console of this account, if there is one."""
    if not path or not is_private(os.path.dirname(path)):  # noqa: PTH120 - pathlib takes longer than all of this
        return None
    link = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    link.settimeout(PATIENCE)
    try:
        link.connect(path)
    except OSError:
        return None
    return link if _listener(link)[1] == os.geteuid() else None


def _answers(link: "_socket.socket") -> bool:
    """Tell whether it is there: who was stopped is not waited for, who is busy is, for a cold start is slower yet."""
    try:
        try:
            return link.recv(len(HERE)) == HERE
        except TimeoutError:
            if _is_stopped(_listener(link)[0]):
                return False
            link.settimeout(BUSY_PATIENCE)
            return link.recv(len(HERE)) == HERE
    except OSError:
        return False


def _listener(link: "_socket.socket") -> tuple[int, int]:
    """Return process and account of who listens, as the kernel tells it."""
    cred = link.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, _CRED)
    return int.from_bytes(cred[:4], sys.byteorder), int.from_bytes(cred[4:8], sys.byteorder)


def _is_stopped(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - as above
            return file.read().rpartition(b") ")[2][:1] in b"Tt"
    except OSError:
        return False
