"""Who holds the terminal that the console works on: the console itself, or a process that lends it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from textual.driver import Driver

from agentconsole.wire.client import Client


class Holder(Protocol):
    """What the console asks of whoever holds its terminal.

    `connect` returns a link that the holder has made to the desk, which goes by the login of who connected. `watch` is
    called once, in the running loop; it calls `suspend` where somebody else orders the console to stop. `stop` gives
    the terminal back, stops this job and takes the terminal again. `is_gone` tells whether the login has ended.
    """

    async def connect(self, desk: Path) -> Client: ...
    def watch(self, suspend: Callable[[], None]) -> None: ...
    def is_gone(self) -> bool: ...
    def has_shell(self) -> bool: ...
    def stop(self, driver: Driver) -> None: ...


class OwnTerminal:
    """Hold the terminal that this process was started on: the kernel sends its signals here."""

    def __init__(self) -> None:
        self._parent = os.getppid()

    async def connect(self, desk: Path) -> Client:
        """Connect."""
        return await Client.connect(desk)

    def watch(self, suspend: Callable[[], None]) -> None:
        """Leave it to the driver, which hears the signal."""

    def is_gone(self) -> bool:
        """Tell whether the shell that started the console is gone."""
        return os.getppid() != self._parent

    def has_shell(self) -> bool:
        """Tell whether a shell could bring a stopped console back; the first program of a session has none."""
        return os.getsid(0) != os.getpgrp()

    def stop(self, driver: Driver) -> None:
        """Stop, with all of this job, as ctrl+z would elsewhere; the driver hears the signal and does the rest."""
        os.killpg(os.getpgrp(), signal.SIGTSTP)
