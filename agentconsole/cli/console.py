"""`agentconsole` without a verb: the console, with a private desk server behind it when none is running."""

import os
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from agentconsole.cli.ask import no_team_server, require_desk, start_private, the_desk
from agentconsole.cli.served import is_served
from agentconsole.cli.warm_keeping import kept_warm
from agentconsole.config.logs import last_words
from agentconsole.config.paths import DeskPaths
from agentconsole.config.preferences import Preferences
from agentconsole.config.terminal import prepare_terminal
from agentconsole.domain.errors import Refused
from agentconsole.security.hardening import harden_process
from agentconsole.tui.entry import run

if TYPE_CHECKING:
    from agentconsole.tui.holder import Holder

PATIENCE = 2.0
"""Seconds that a server has to begin before another one is tried: whoever won the race needs them too."""


def open_console(holder: "Holder | None" = None) -> int:
    """Open the console on this terminal, which is our own or a `holder`'s; returns its exit code."""
    prepare_terminal(os.environ, sys.stdin, sys.stdout)
    harden_process()
    paths = the_desk()
    preferences = Preferences.of(os.environ)
    if paths.team:
        _require_team_server(paths)
        with kept_warm(preferences, os.environ):
            return run(paths.socket, preferences=preferences, holder=holder)
    require_desk(paths)
    server = PrivateServer(paths)
    if not is_served(paths):
        server.start()
    with kept_warm(preferences, os.environ):
        return run(paths.socket, preferences=preferences, revive=server.revive, holder=holder)


def _require_team_server(paths: DeskPaths) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        try:
            link.connect(str(paths.socket))
        except OSError as trouble:
            raise no_team_server(trouble) from None


class PrivateServer:
    """Look after the private server behind a console: killed, it is started again, stopped, it stays so.

    Every console does, whoever started it; where several do at once one server wins the desk's lock.
    """

    def __init__(self, paths: DeskPaths) -> None:
        self._paths = paths
        self.process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    def start(self) -> None:
        """Start one."""
        self.process = start_private(self._paths)
        self._not_before = time.monotonic() + PATIENCE

    def revive(self) -> None:
        """Start one if it was killed and none answers.

        One of ours that said no would say so again and is not tried: refuses with what it said, unless another serves.
        """
        ended = None if self.process is None else self.process.poll()
        if self.process is not None and ended is None:
            return
        if (ended or 0) > 0:
            if is_served(self._paths):
                return
            raise Refused(last_words(self._paths.log))
        was_killed = (ended is not None and ended < 0) or (
            time.monotonic() >= self._not_before and self._paths.wants_private_server()
        )
        if was_killed and self._paths.has_desk() and not is_served(self._paths):
            self.start()
