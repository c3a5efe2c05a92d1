"""The terminal of a warm console: it lies with the process that lends it, and so do its signals and its login."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from textual.driver import Driver

from agentconsole.cli.warm_place import LINK, LOST, STOP
from agentconsole.wire.client import Client

_LONGEST = 64


class LentTerminal:
    """Work on the terminal that the process at the other end of `link` holds; hang up when that is gone."""

    def __init__(self, link: socket.socket, *, has_shell: bool) -> None:
        self._link = link
        self._has_shell = has_shell
        self._linked: asyncio.Future[socket.socket] | None = None
        self._suspend: Callable[[], None] = lambda: None

    async def connect(self, desk: Path) -> Client:
        """Have the holder connect: the desk goes by the login of who did, and the holder is of the login."""
        self._linked = asyncio.get_running_loop().create_future()
        self._link.send(LINK + os.fsencode(desk))
        return await Client.over(await self._linked)

    def watch(self, suspend: Callable[[], None]) -> None:
        """Hear the holder from now on."""
        self._suspend = suspend
        asyncio.get_running_loop().add_reader(self._link, self._heard)

    def is_gone(self) -> bool:
        """Say no: the link tells at once when the holder is gone, and nobody has to look."""
        return False

    def has_shell(self) -> bool:
        """Tell whether a shell could bring the holder back."""
        return self._has_shell

    def stop(self, driver: Driver) -> None:
        """Have the holder stop its job, and wait until it goes on."""
        driver.suspend_application_mode()
        self._link.send(STOP)
        select.select((self._link,), (), ())
        driver.resume_application_mode()
        driver.process_message(driver.SignalResume())

    def _heard(self) -> None:
        try:
            said, descriptors, _, _ = socket.recv_fds(self._link, _LONGEST, 1)
        except BlockingIOError:
            return
        except OSError:
            said, descriptors = b"", []
        if said[:1] in (LINK, LOST):
            self._answer(said, descriptors)
        elif not said:
            asyncio.get_running_loop().remove_reader(self._link)
            signal.raise_signal(signal.SIGHUP)
        elif said[0] == signal.SIGTSTP:
            self._suspend()
        elif said[0] != signal.SIGCONT:
            signal.raise_signal(said[0])

    def _answer(self, said: bytes, descriptors: list[int]) -> None:
        links = [socket.socket(fileno=number) for number in descriptors]
        linked, self._linked = self._linked, None
        if linked is None or linked.done():  # the console is leaving
            for link in links:
                link.close()
        elif links:
            links[0].setblocking(False)
            linked.set_result(links[0])
        else:
            number = int(said[1:] or 0)
            linked.set_exception(OSError(number, os.strerror(number)))
