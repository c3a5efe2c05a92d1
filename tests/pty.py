"""A program in a pseudo terminal: feed it keys, watch its screen, keep every byte it sent."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyte

from tests.slow_line import SlowLine

ROOT = Path(__file__).parents[1]
# Questions to the terminal that pyte would print instead of taking them.
_QUESTIONS = re.compile(rb"\x1b\[\?\d+\$p|\x1b\[>\d*u|\x1b\[<u")
QUIET_SECONDS = 0.25
LONGEST_SECONDS = 30.0


class Terminal:
    """Run a command in a pseudo terminal of so many columns and rows; use it as a context manager."""

    def __init__(
        self, command: list[str], *, size: tuple[int, int] = (80, 24), environ: Mapping[str, str] | None = None
    ) -> None:
        self.size = size
        self.raw = b""
        self._line: SlowLine | None = None
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.stty_before = termios.tcgetattr(slave)
        self._slave = slave
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env={**kept, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT), **(environ or {})},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @classmethod
    def python(cls, *arguments: str, **more: object) -> "Terminal":
        """Run a module of ours with this Python."""
        return cls([sys.executable, "-m", *arguments], **more)

    @property
    def rows(self) -> list[str]:
        """Return the screen as text, trailing blanks gone; a wide letter stands once."""
        return [row.rstrip() for row in self.screen.display]

    @property
    def text(self) -> str:
        """Return the screen as one text."""
        return "\n".join(self.rows)

    @property
    def stty_now(self) -> list:
        """Return the terminal's settings."""
        return termios.tcgetattr(self._slave)

    def slow_down(self, line: SlowLine) -> None:
        """Put a slow line in between, and let the terminal answer where its cursor stands, as real ones do."""
        self._line = line
        self.screen.write_process_input = lambda answer: self.feed(answer.encode())

    def feed(self, keys: bytes) -> None:
        """Type."""
        if self._line is None:
            os.write(self.master, keys)
        else:
            self._line.type(keys)

    def type_slowly(self, keys: list[bytes], pause: float) -> None:
        """Type key by key, reading meanwhile, so many seconds apart; no pause at all is one burst."""
        if pause == 0:
            self.feed(b"".join(keys))
            return
        for key in keys:
            self.feed(key)
            self.read(pause)

    def resize(self, columns: int, rows: int) -> None:
        """Make the window larger or smaller."""
        self.size = (columns, rows)
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds: float) -> bytes:
        """Take in what comes within so many seconds; return it."""
        end = time.monotonic() + seconds
        taken = b""
        while (left := end - time.monotonic()) > 0:
            data = self._receive(left) if self._line is None else self._receive_slowly(self._line, left)
            if not data:
                break
            taken += data
            self.raw += data
            self._stream.feed(_QUESTIONS.sub(b"", data))
        return taken

    def _receive(self, seconds: float) -> bytes:
        if not select.select([self.master], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self.master, 65536)
        except OSError:
            return b""

    def _receive_slowly(self, line: SlowLine, seconds: float) -> bytes:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if keys := line.typed():
                os.write(self.master, keys)
            if data := line.shown():
                return data
            wait = line.wait()
            if sent := self._receive(left if wait is None else min(left, wait)):
                line.show(sent)
        return b""

    def wait_for(self, wanted: str | Callable[[], bool], seconds: float = LONGEST_SECONDS) -> None:
        """Read until a text is on the screen, or a condition holds; fail with the screen otherwise."""
        holds = (lambda: wanted in self.text) if isinstance(wanted, str) else wanted
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"waited in vain for {wanted!r}; the screen is\n{self.text}"
            # Looked at as soon as something came and no more follows at once: what is timed by this is not rounded up.
            if self._line is not None:
                self.read(0.05)
            elif select.select([self.master], [], [], 0.05)[0]:
                self.read(0.002)

    def settle(self, quiet: float = QUIET_SECONDS) -> bytes:
        """Read until nothing has come for a while; return what came."""
        taken = b""
        while data := self.read(quiet):
            taken += data
        return taken

    def wait_for_end(self, seconds: float = 10.0) -> int:
        """Read until the program has ended; return its exit code."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it did not end; the screen is\n{self.text}"
            self.read(0.05)
        self.read(0.1)
        return self.process.returncode

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self.process.send_signal(number)

    def close(self) -> None:
        """End the program, however it is, and close the terminal."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for number in (self.master, self._slave):
            if number >= 0:
                os.close(number)
        self.master = self._slave = -1

    def hang_up(self) -> None:
        """Take the terminal away, as a dropped line does."""
        os.close(self._slave)
        os.close(self.master)
        self.master = self._slave = -1
