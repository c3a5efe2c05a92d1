"""A server's one direct link to PostgreSQL, on which it hears and says what NOTIFY carries.

LISTEN belongs to a connection, and behind a pool of transactions that is anybody's: so this link goes past the pool.
"""

import logging
import os
import selectors
import threading
from collections.abc import Sequence
from typing import Any

import psycopg

from agentconsole.domain.text import clean_line
from agentconsole.storage.ear import Heard
from agentconsole.storage.postgres import connect

log = logging.getLogger(__name__)
POLL = 2.0
"""Seconds after which a server looks by itself for what it may have missed, or with the link lost will not hear."""
_RETRY = 1.0


def _said(error: psycopg.Error) -> str:
    return clean_line(str(error).partition("\n")[0], 200)


class Listening:
    """Listen on some channels in a thread of its own, until it is stopped; a link that was lost is connected anew.

    `heard` is called on that thread with channel and payload; with ("", "") whenever it is time to look by oneself.
    """

    def __init__(self, conninfo: str, channels: Sequence[str], heard: Heard) -> None:
        self._conninfo = conninfo
        self._channels = channels
        self._heard = heard
        self._lock = threading.Lock()
        self._to_say: tuple[str, tuple[str, ...]] = ("", ())
        self._wakes, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._stopping = threading.Event()
        self._up = False
        self._thread = threading.Thread(target=self._run, name="listening", daemon=True)
        self._thread.start()

    @property
    def is_up(self) -> bool:
        """Tell whether the link stands, and is one's own."""
        return self._up

    def say(self, channel: str, payloads: Sequence[str]) -> None:
        """Say something soon, without waiting; what was not said yet is not said any more."""
        with self._lock:
            self._to_say = (channel, tuple(payloads))
            # Once it is stopped the pipe's number may be another file's.
            if not self._stopping.is_set():
                self._wake()

    def stop(self) -> None:
        """Stop listening."""
        self._stopping.set()
        self._wake()
        self._thread.join()
        with self._lock:
            os.close(self._wakes)
            os.close(self._waker)

    def _wake(self) -> None:
        try:
            os.write(self._waker, b".")
        except BlockingIOError:
            return  # it will wake for what is in the pipe already

    def _run(self) -> None:
        told = False
        while not self._stopping.is_set():
            try:
                with connect(self._conninfo) as link:
                    self._listen(link)
                    told = False
                    self._wait(link)
            except psycopg.Error as error:
                if not told:
                    log.warning("the direct link to the database was lost, others are heard later: %s", _said(error))
                self._up, told = False, True
                self._heard("", "")
                self._stopping.wait(_RETRY)
        self._up = False

    def _listen(self, link: psycopg.Connection[Any]) -> None:
        link.autocommit = True
        # Nothing is kept that is said here: no commit has to wait for the disk.
        link.execute("SET synchronous_commit = off")
        for channel in self._channels:
            link.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(channel)))
        # A pool takes LISTEN without a word, and hands little of it on; but it makes up the number of the backend.
        found = link.execute("SELECT pg_backend_pid()").fetchall()
        self._up = found == [(link.info.backend_pid,)]

    def _wait(self, link: psycopg.Connection[Any]) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(link.fileno(), selectors.EVENT_READ)
            ready.register(self._wakes, selectors.EVENT_READ)
            # What was said before this link stood, nobody here has heard.
            self._heard("", "")
            while not self._stopping.is_set():
                if not ready.select(POLL):
                    # Also asks whether the link still stands: a plug that was pulled says nothing.
                    link.execute("SELECT 1")
                    self._heard("", "")
                self._say_waiting(link)
                for said in link.notifies(timeout=0):
                    self._heard(said.channel, said.payload)

    def _say_waiting(self, link: psycopg.Connection[Any]) -> None:
        try:
            os.read(self._wakes, 4096)
        except BlockingIOError:
            return
        with self._lock:
            (channel, payloads), self._to_say = self._to_say, ("", ())
        for payload in payloads:
            link.execute("SELECT pg_notify(%s, %s)", (channel, payload))
