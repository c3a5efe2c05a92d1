"""A relay in front of a mail server that kills the desk in the middle of a conversation about a mail."""

import os
import signal
import socket
import threading
from dataclasses import dataclass, field
from enum import Enum

from tests.servers import HOST

ACCEPTED = b"250 2.0.0 Ok: queued as"


class Moment(Enum):
    """Say when the desk dies: before the server has the mail, before the desk hears that it has, or after."""

    BEFORE_THE_DATA = "before the data"
    BEFORE_THE_ANSWER = "before the answer"
    AFTER_THE_ANSWER = "after the answer"


@dataclass
class Relay:
    """Pass on what two ends say; kill `victim` when so many further mails were accepted, as `moment` says.

    `delay` is in seconds, after the answer was passed on.
    """

    server_port: int
    victim: int = 0
    moment: Moment | None = None
    mails_before: int = 0
    delay: float = 0.0
    accepted: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._listening = socket.create_server((HOST, 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listening.close()

    def aim(self, victim: int, moment: Moment | None, mails_before: int = 0, delay: float = 0.0) -> None:
        """Say whom to kill next, and when; with no moment nobody."""
        with self._lock:
            self.victim, self.moment, self.mails_before, self.delay = victim, moment, mails_before, delay

    def _accept(self) -> None:
        while True:
            try:
                desk, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection((HOST, self.server_port))
            threading.Thread(target=self._from_desk, args=(desk, server), daemon=True).start()
            threading.Thread(target=self._from_server, args=(server, desk), daemon=True).start()

    def _from_desk(self, desk: socket.socket, server: socket.socket) -> None:
        with desk, server:
            while said := _received(desk):
                if b"DATA\r\n" in said.upper() and self._is_now(Moment.BEFORE_THE_DATA):
                    self._kill()
                    return
                server.sendall(said)

    def _from_server(self, server: socket.socket, desk: socket.socket) -> None:
        while said := _received(server):
            has_accepted = ACCEPTED in said
            self.accepted += has_accepted
            if has_accepted and self._is_now(Moment.BEFORE_THE_ANSWER):
                self._kill()
                return
            try:
                desk.sendall(said)
            except OSError:
                return
            if has_accepted and self._is_now(Moment.AFTER_THE_ANSWER):
                # From another thread: the conversation goes on until then.
                threading.Timer(self.delay, self._kill).start()
            elif has_accepted:
                self.mails_before -= 1

    def _is_now(self, moment: Moment) -> bool:
        """Tell whether to kill now; only once for each time that somebody was aimed at."""
        with self._lock:
            is_now = self.moment is moment and self.mails_before <= 0
            self.moment = None if is_now else self.moment
            return is_now

    def _kill(self) -> None:
        os.kill(self.victim, signal.SIGKILL)


def _received(end: socket.socket) -> bytes:
    try:
        return end.recv(65536)
    except OSError:
        return b""
