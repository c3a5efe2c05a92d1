"""A console that was forked: it takes the terminal that is lent to it, and works as one that was just started."""

import os
import signal
import socket
import sys
import time
import traceback

from agentconsole.cli.console import open_console
from agentconsole.cli.ending import told
from agentconsole.cli.say import tell
from agentconsole.cli.warm_place import END, LARGEST, LENT
from agentconsole.cli.warm_terminal import LentTerminal

LENDING_SECONDS = 2.0


def work(link: socket.socket) -> int:
    """Take what is lent and work until the console's user leaves; returns the exit code."""
    link.settimeout(LENDING_SECONDS)
    said, descriptors, flags, _ = socket.recv_fds(link, LARGEST, LENT)
    # Who lost patience, and began a cold one, has closed: it lends nothing, and nothing is touched.
    if len(descriptors) != LENT or flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
        return 0
    link.setblocking(False)
    shell, *environ = said.split(b"\0")
    take_over(descriptors, environ)
    code = _run(LentTerminal(link, has_shell=shell == b"1"))
    link.setblocking(True)
    link.send(END + bytes([code & 0xFF]))
    return code


def take_over(descriptors: list[int], environ: list[bytes]) -> None:
    """Take terminal, environment and working folder; nothing of those is left that the process was kept warm with."""
    *standard, folder = descriptors
    for number, lent in enumerate(standard):
        os.dup2(lent, number)
        os.close(lent)
    os.fchdir(folder)
    os.close(folder)
    os.environ.clear()
    for entry in environ:
        name, _, value = os.fsdecode(entry).partition("=")
        os.environ[name] = value
    time.tzset()
    # Whoever began the process that was kept warm may have ignored these.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _run(holder: LentTerminal) -> int:
    sys.argv = ["agentconsole"]
    try:
        code = told(lambda: open_console(holder))
    except Exception:
        tell(traceback.format_exc(), error=True)
        code = 1
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    sys.stdout.flush()
    sys.stderr.flush()
    return code
