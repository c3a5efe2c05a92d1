"""The parser at arm's length: one child process with limits, reused from mail to mail and replaced when it dies."""

import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import Self

import msgspec

from agentconsole.channels.email.frames import ANSWER, LEAVING, LENGTH, MAIL, RAW_LIMIT
from agentconsole.channels.email.site import Site
from agentconsole.domain.mail import ParsedMail, Unparsable

WALL_SECONDS = 10.0
START_SECONDS = 60.0
MAILS_A_CHILD = 500
_ANSWER_LIMIT = 128 * 1024 * 1024
_CHUNK = 1 << 18

_COMMAND = (sys.executable, "-I", "-m", "agentconsole.channels.email.child")


class _ChildLost(Exception):
    """Say in the reason's words how the child was lost."""


class ParserChild:
    """Parse mails in a child process limited to 5 s of CPU, 10 s in all and 256 MB (PROMISES 12).

    Callable from any thread; mails wait for each other. A child that dies or overruns costs its mail, never the next.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._parsed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def parse(self, raw: bytes) -> ParsedMail | Unparsable:
        """Parse one raw mail; blocks for at most some 10 seconds and never raises for what is in the mail."""
        if len(raw) > RAW_LIMIT:
            return Unparsable(f"The message is larger than {RAW_LIMIT // 1024 // 1024} MB.")
        with self._lock:
            try:
                child = self._ready_child()
                kind, body = _exchange(child, LENGTH.pack(len(raw)) + raw, time.monotonic() + WALL_SECONDS)
                self._parsed += 1
                if kind == MAIL:
                    return msgspec.msgpack.decode(body, type=ParsedMail)
                if kind == LEAVING:
                    self._end()
                return msgspec.msgpack.decode(body, type=Unparsable)
            except _ChildLost as lost:
                self._end()
                return Unparsable(str(lost))
            except msgspec.DecodeError:
                self._end()
                return Unparsable("Reading it gave an answer that makes no sense.")

    def close(self) -> None:
        """End the child; a later `parse` starts a new one."""
        with self._lock:
            self._end()

    def _ready_child(self) -> subprocess.Popen[bytes]:
        if self._child is not None and (self._child.poll() is not None or self._parsed >= MAILS_A_CHILD):
            self._end()
        if self._child is None:
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell, no text from outside
                _COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
                cwd="/",
                start_new_session=True,
                bufsize=0,
            )
            self._parsed = 0
            site = msgspec.msgpack.encode(self._site)
            _exchange(self._child, LENGTH.pack(len(site)) + site, time.monotonic() + START_SECONDS)
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()


def _exchange(child: subprocess.Popen[bytes], frame: bytes, deadline: float) -> tuple[bytes, bytes]:
    """Send a frame and read the answer before the deadline (monotonic seconds); raise when the child is lost."""
    assert child.stdin is not None
    assert child.stdout is not None
    left = memoryview(frame)
    answer = bytearray()
    os.set_blocking(child.stdin.fileno(), False)
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdin, selectors.EVENT_WRITE)
        ready.register(child.stdout, selectors.EVENT_READ)
        while (size := _answer_size(answer)) is None or len(answer) < size:
            events = ready.select(deadline - time.monotonic())
            if time.monotonic() >= deadline:
                raise _ChildLost(f"Reading it took longer than {WALL_SECONDS:.0f} seconds.")
            for key, _ in events:
                if key.fileobj is child.stdout:
                    _receive(child, answer)
                else:
                    left = left[_send(child, left) :]
                    if not left:
                        ready.unregister(child.stdin)
    kind, _ = ANSWER.unpack_from(answer)
    return kind, bytes(answer[ANSWER.size :])


def _answer_size(answer: bytearray) -> int | None:
    if len(answer) < ANSWER.size:
        return None
    _, size = ANSWER.unpack_from(answer)
    if size > _ANSWER_LIMIT:
        raise _ChildLost("Reading it gave an answer that makes no sense.")
    return ANSWER.size + int(size)


def _send(child: subprocess.Popen[bytes], left: memoryview) -> int:
    assert child.stdin is not None
    try:
        return os.write(child.stdin.fileno(), left[:_CHUNK])
    except BlockingIOError:
        return 0
    except OSError:
        raise _ChildLost(_how_it_ended(child)) from None


def _receive(child: subprocess.Popen[bytes], answer: bytearray) -> None:
    assert child.stdout is not None
    piece = os.read(child.stdout.fileno(), _CHUNK)
    if not piece:
        raise _ChildLost(_how_it_ended(child))
    answer += piece


def _how_it_ended(child: subprocess.Popen[bytes]) -> str:
    """Say why a child is gone: the limit on CPU time kills with SIGXCPU, a crash of the C library otherwise."""
    try:
        code = child.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return "Reading it went wrong."
    return "Reading it took longer than 5 seconds." if code == -signal.SIGXCPU else "Reading it ended the reader."
