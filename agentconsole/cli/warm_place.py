"""Where a console that is kept warm is found, and what is said with it; imports next to nothing."""

import os
import stat
import sys

import agentconsole

LONGEST_PATH = 96
LARGEST = 1 << 17
"""Bytes of an environment that are lent; a larger one gets a cold start."""

HERE, STOP, LINK, END, LOST = b"H", b"S", b"L", b"X", b"E"
"""What a console says to who lends it the terminal: here I am, stop the job, link me to the desk at a path, exit code.

Answered is a link with its descriptor, or that it is lost with the number of the error; else one byte is a signal.
"""

LENT = 4
"""Descriptors that are lent: input, output, error and the working folder."""


def place_of(environ: dict[str, str]) -> str:
    """Return the socket's path for this account and this installation, "" where there is no fit folder."""
    runtime, home = environ.get("XDG_RUNTIME_DIR", ""), environ.get("HOME", "")
    state = environ.get("XDG_STATE_HOME") or (f"{home}/.local/state" if home else "")
    base = runtime if is_private(runtime) else state
    if not base.startswith("/"):
        return ""
    # pathlib takes longer to import than all of this.
    program, library = os.stat(agentconsole.__file__), os.stat(sys.prefix)  # noqa: PTH116
    path = f"{base}/agentconsole/warm-{program.st_dev:x}-{program.st_ino:x}-{library.st_ino:x}"
    return path if len(os.fsencode(path)) <= LONGEST_PATH else ""


def is_private(folder: str) -> bool:
    """Tell whether a folder is this account's and closed to all others."""
    try:
        found = os.lstat(folder)
    except (OSError, ValueError):
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
