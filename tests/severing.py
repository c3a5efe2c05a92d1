"""A relay in front of a database that cuts a link at the worst moment: just before or after a COMMIT is carried out."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

Moment = Literal["", "before", "after", "closed"]
HOST = "127.0.0.1"
_COMMIT = b"COMMIT\0"
"""With the end of the statement: each BEGIN says READ COMMITTED."""


@dataclass
class Relay:
    """Pass everything on; `cut` says at which moment the next COMMIT is cut off, "closed" lets nobody through."""

    port: int
    upstream: int
    cut: Moment = ""
    then: Moment = ""
    cuts: int = 0
    _links: list[socket.socket] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            if self.cut == "closed":
                client.close()
                continue
            server = socket.create_connection((HOST, self.upstream))
            self._links += [client, server]
            threading.Thread(target=self._forward, args=(client, server), daemon=True).start()
            threading.Thread(target=self._back, args=(server, client), daemon=True).start()

    def close(self) -> None:
        """Cut every link."""
        for link in self._links:
            _end(link)

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while asked := client.recv(65536):
                if self.cut in ("before", "after") and _COMMIT in asked:
                    moment, self.cut = self.cut, self.then
                    self.cuts += 1
                    # The answer is held back first, so that it cannot overtake the cut.
                    _end(client)
                    if moment == "after":
                        self._carry_out(server, asked)
                    break
                server.sendall(asked)
        _end(client)
        _end(server)

    @staticmethod
    def _carry_out(server: socket.socket, asked: bytes) -> None:
        server.sendall(asked)
        # Its end is read by the other thread: the server closes after it has done what it was asked.
        server.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            while server.recv(65536):
                pass

    @staticmethod
    def _back(server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while said := server.recv(65536):
                client.sendall(said)


def _end(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()


@contextmanager
def relay(upstream: int) -> Iterator[Relay]:
    """Run a relay in front of a port of this machine."""
    listener = socket.create_server((HOST, 0))
    made = Relay(int(listener.getsockname()[1]), upstream)
    thread = threading.Thread(target=made.serve, args=(listener,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        made.close()
