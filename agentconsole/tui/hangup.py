"""The ways the console ends from outside."""

from __future__ import annotations

import asyncio
import os
import signal
import termios
import threading
from collections.abc import Callable

from agentconsole.tui.holder import Holder

LAST_SECONDS = 3.0
"""After so long a console that was told to end ends, even if a dead terminal keeps it from closing in order."""


def on_hangup(leave: Callable[[int], None]) -> None:
    """Let hangup, termination, interrupt and quit end the console in order, saving first."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        loop.add_signal_handler(number, _end, leave, 128 + number)


def _end(leave: Callable[[int], None], code: int) -> None:
    end_surely(code)
    leave(code)


def end_surely(code: int) -> None:
    """End the process in a few seconds whatever happens: an orphan that cannot write burns a core for ever."""
    watchdog = threading.Timer(LAST_SECONDS, os._exit, args=(code,))
    watchdog.daemon = True
    watchdog.start()


def terminal_is_gone(holder: Holder, *, headless: bool) -> bool:
    """Tell whether the terminal hung up or the login that holds it has ended."""
    if headless:
        return False
    if holder.is_gone():
        end_surely(1)
        return True
    try:
        termios.tcgetattr(0)
    except (termios.error, OSError):
        end_surely(1)
        return True
    return False
