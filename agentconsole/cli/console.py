"""`agentconsole` without a verb: the console, with a private desk server behind it when none is running."""

import os
import socket
import sys

from agentconsole.cli.ask import require_desk, start_private, the_desk
from agentconsole.config.paths import DeskPaths
from agentconsole.config.terminal import prepare_terminal
from agentconsole.security.hardening import harden_process
from agentconsole.tui.entry import run


def open_console() -> int:
    """Open the console on this terminal; returns its exit code."""
    prepare_terminal(os.environ, sys.stdin, sys.stdout)
    harden_process()
    paths = the_desk()
    require_desk(paths)
    if not _answers(paths):
        start_private(paths)
    return run(paths.socket)


def _answers(paths: DeskPaths) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        try:
            link.connect(str(paths.socket))
        except OSError:
            return False
    return True
