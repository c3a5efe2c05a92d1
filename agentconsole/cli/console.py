"""`agentconsole` without a verb: the console, with a private desk server behind it when none is running."""

import os
import socket
import subprocess
import sys

from agentconsole.cli.ask import require_desk, start_private, the_desk
from agentconsole.config.paths import DeskPaths
from agentconsole.config.preferences import Preferences
from agentconsole.config.terminal import prepare_terminal
from agentconsole.security.hardening import harden_process
from agentconsole.tui.entry import run


def open_console() -> int:
    """Open the console on this terminal; returns its exit code."""
    prepare_terminal(os.environ, sys.stdin, sys.stdout)
    harden_process()
    paths = the_desk()
    require_desk(paths)
    preferences = Preferences.of(os.environ)
    if _answers(paths):
        return run(paths.socket, preferences=preferences)
    return run(paths.socket, preferences=preferences, revive=PrivateServer(paths).revive)


class PrivateServer:
    """Be the private server that this console started; killed, it is started again, stopped, it stays so."""

    def __init__(self, paths: DeskPaths) -> None:
        self._paths = paths
        self.process: subprocess.Popen[bytes] = start_private(paths)

    def revive(self) -> None:
        """Start it again if a signal killed it; one that ended by itself was told to, or could not begin."""
        ended = self.process.poll()
        if ended is not None and ended < 0 and self._paths.database.exists():
            self.process = start_private(self._paths)


def _answers(paths: DeskPaths) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        try:
            link.connect(str(paths.socket))
        except OSError:
            return False
    return True
