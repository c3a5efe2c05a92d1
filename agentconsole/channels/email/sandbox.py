"""The parser at arm's length: one process with limits, reused from mail to mail and replaced when it dies."""

import os
import selectors
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from agentconsole.channels.email.frames import ANSWER, LEAVING, LENGTH, MAIL, RAW_LIMIT
from agentconsole.channels.email.sandbox_reader import MailReader, OtherReader, OwnReader
from agentconsole.channels.email.site import Site
from agentconsole.domain.mail import ParsedMail, Unparsable

WALL_SECONDS = 10.0
START_SECONDS = 60.0
MAILS_A_CHILD = 500
TRIES = 3
SOON_SECONDS = 2.0
"""A mail that overruns a limit takes longer than this to do so, and is not read again."""
_ANSWER_LIMIT = 128 * 1024 * 1024
_CHUNK = 1 << 18

PARSER_VARIABLE = "AGENTCONSOLE_PARSER"
"""Names the socket behind which mail is read under another account; without it the desk starts a child of its own."""


class _ChildLost(Exception):
    """Say in the reason's words how the child was lost."""


class ReaderAway(Exception):
    """Say why no process that reads mail could be had: no mail is to blame, and all can be read later."""


class ParserChild:
    """Parse mails in a process limited to 5 s of CPU, 10 s in all and 256 MB (PROMISES 12).

    It is a child, or what answers at `socket`.

    Callable from any thread; mails wait for each other. A child that overruns costs its mail, never the next. One that
    is lost soon may have been lost for any reason, so another one reads the mail again, three in all.
    """

    def __init__(self, site: Site, socket: str = "") -> None:
        self._site = site
        self._socket = socket
        self._lock = threading.Lock()
        self._child: MailReader | None = None
        self._parsed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def parse(self, raw: bytes, trusted: tuple[str, ...] | None = None) -> ParsedMail | Unparsable:
        """Parse one raw mail; blocks for at most some 16 seconds and never raises for what is in the mail.

        Raises ReaderAway where nobody can read any mail now.
        `trusted` are the servers whose Authentication-Results are believed in it, where they are not the site's.
        """
        if len(raw) > RAW_LIMIT:
            return Unparsable(f"The message is larger than {RAW_LIMIT // 1024 // 1024} MB.")
        site = self._site if trusted is None else replace(self._site, authserv_ids=trusted)
        frame = _framed(site) + LENGTH.pack(len(raw)) + raw
        reason, lost_readers = "", 0
        with self._lock:
            while lost_readers < TRIES:
                child, began = self._ready_child(), time.monotonic()
                try:
                    return self._asked(child, frame, began + WALL_SECONDS)
                except _ChildLost as lost:
                    self._end()
                    reason, lost_readers = str(lost), lost_readers + 1
                if time.monotonic() - began > SOON_SECONDS:
                    break
        return Unparsable(reason if lost_readers == 1 else f"{reason} It was tried {lost_readers} times.")

    def _asked(self, child: MailReader, frame: bytes, deadline: float) -> ParsedMail | Unparsable:
        kind, body = _exchange(child, frame, deadline)
        self._parsed += 1
        try:
            if kind == MAIL:
                return msgspec.msgpack.decode(body, type=ParsedMail)
            if kind == LEAVING:
                self._end()
            return msgspec.msgpack.decode(body, type=Unparsable)
        except msgspec.DecodeError:
            self._end()
            return Unparsable("Reading it gave an answer that makes no sense.")

    def close(self) -> None:
        """End the child; a later `parse` starts a new one."""
        with self._lock:
            self._end()

    def _ready_child(self) -> MailReader:
        if self._child is not None and (self._child.is_gone() or self._parsed >= MAILS_A_CHILD):
            self._end()
        if self._child is None:
            self._child = self._begun()
            self._parsed = 0
        return self._child

    def _begun(self) -> MailReader:
        try:
            child = OtherReader(Path(self._socket)) if self._socket else OwnReader()
        except OSError as error:
            raise ReaderAway(f"the process that reads mail cannot be had ({error.strerror or error})") from error
        try:
            _exchange(child, _framed(self._site), time.monotonic() + START_SECONDS)
        except _ChildLost as lost:
            child.end()
            raise ReaderAway("the process that reads mail ends before it has begun") from lost
        return child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


def _framed(site: Site) -> bytes:
    body = msgspec.msgpack.encode(site)
    return LENGTH.pack(len(body)) + body


def _exchange(child: MailReader, frame: bytes, deadline: float) -> tuple[bytes, bytes]:
    """Send a frame and read the answer before the deadline (monotonic seconds); raise when the child is lost."""
    left = memoryview(frame)
    answer = bytearray()
    os.set_blocking(child.inlet, False)
    with selectors.DefaultSelector() as ready:
        ready.register(child.inlet, selectors.EVENT_WRITE)
        ready.register(child.outlet, selectors.EVENT_READ)
        while (size := _answer_size(answer)) is None or len(answer) < size:
            events = ready.select(deadline - time.monotonic())
            if time.monotonic() >= deadline:
                raise _ChildLost(f"Reading it took longer than {WALL_SECONDS:.0f} seconds.")
            for key, _ in events:
                if key.fileobj == child.outlet:
                    _receive(child, answer)
                else:
                    left = left[_send(child, left) :]
                    if not left:
                        ready.unregister(child.inlet)
    kind, _ = ANSWER.unpack_from(answer)
    return kind, bytes(answer[ANSWER.size :])


def _answer_size(answer: bytearray) -> int | None:
    if len(answer) < ANSWER.size:
        return None
    _, size = ANSWER.unpack_from(answer)
    if size > _ANSWER_LIMIT:
        raise _ChildLost("Reading it gave an answer that makes no sense.")
    return ANSWER.size + int(size)


def _send(child: MailReader, left: memoryview) -> int:
    try:
        return os.write(child.inlet, left[:_CHUNK])
    except BlockingIOError:
        return 0
    except OSError:
        raise _ChildLost(child.how_it_ended()) from None


def _receive(child: MailReader, answer: bytearray) -> None:
    try:
        piece = os.read(child.outlet, _CHUNK)
    except BlockingIOError:
        return
    except OSError:
        piece = b""
    if not piece:
        raise _ChildLost(child.how_it_ended())
    answer += piece
