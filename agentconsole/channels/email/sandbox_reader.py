"""The process that reads mail for the desk, as the desk holds it: a child of its own, or one under another account."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Protocol

_COMMAND = (sys.executable, "-I", "-m", "agentconsole.channels.email.child")
_ENDED = "Reading it ended the reader."


class MailReader(Protocol):
    """Hold one process that reads mail: a file descriptor to write to, one to read from, and its end."""

    @property
    def inlet(self) -> int:
        """Return what mails are written to."""

    @property
    def outlet(self) -> int:
        """Return what answers are read from."""

    def is_gone(self) -> bool:
        """Tell whether it ended by itself."""

    def how_it_ended(self) -> str:
        """Say in a sentence why it is gone."""

    def end(self) -> None:
        """End it."""


class OwnReader:
    """Start a child under the desk's own account, which its limits alone hold."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell, no text from outside
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._pipes = (self._process.stdin, self._process.stdout)
        self.inlet, self.outlet = (pipe.fileno() for pipe in self._pipes)

    def is_gone(self) -> bool:
        """Tell whether it ended by itself."""
        return self._process.poll() is not None

    def how_it_ended(self) -> str:
        """Say why a child is gone: the limit on CPU time kills with SIGXCPU, a crash of the C library otherwise."""
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "Reading it went wrong."
        return "Reading it took longer than 5 seconds." if code == -signal.SIGXCPU else _ENDED

    def end(self) -> None:
        """Kill it and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes:
            pipe.close()


class OtherReader:
    """Connect to a socket behind which systemd starts one reader a connection, under an account with no files at all.

    What a mail does to it cannot reach the desk's database or keys even if it got past the limits.
    """

    def __init__(self, path: Path) -> None:
        self._link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._link.connect(str(path))
        except OSError:
            self._link.close()
            raise
        self.inlet = os.dup(self._link.fileno())
        self.outlet = self._link.fileno()

    def is_gone(self) -> bool:
        """Tell whether it closed the connection; nothing else is sent unasked."""
        readable, _, _ = select.select([self._link], [], [], 0)
        return bool(readable)

    def how_it_ended(self) -> str:
        """Say that it is gone; its exit code is systemd's."""
        return _ENDED

    def end(self) -> None:
        """Hang up, which ends it; one that is busy is ended by its limit on CPU time."""
        with contextlib.suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)
        os.close(self.inlet)
        self._link.close()
