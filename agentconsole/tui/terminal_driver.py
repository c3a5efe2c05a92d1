"""The terminal as Textual drives it, with two questions more and their answers kept from the keys."""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from time import monotonic

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from agentconsole.tui.ground import QUESTION, AnswerSieve
from agentconsole.tui.title import GIVE_BACK, KEEP

WHERE = "\x1b[6n"
"""Ask where the cursor stands (DSR 6, since the VT100): how long the answer takes tells how long the line is."""

ANSWER_SECONDS = 1.0
"""So long an escape may be the beginning of the answer; one that comes later is taken out of the keys all the same."""

READ_BYTES = 4096
TICK_SECONDS = 0.1
"""After so long without a byte an escape that nothing followed is the key."""


class GroundTold(Message):
    """Say that the terminal answered: its ground is light, or dark."""

    def __init__(self, *, light: bool) -> None:
        super().__init__()
        self.light = light


class RoundTrip(Message):
    """Say how many seconds it took to the terminal and back."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


class TerminalDriver(LinuxDriver):
    """Read keys; what the terminal answers is no key."""

    titled = False
    """Whether the terminal has a title, which it gets back in the end."""

    asks = False
    """Whether to ask the terminal for its ground once it is taken over; the answer is awaited by nobody."""

    _asked_at: float | None = None

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self.write(KEEP * self.titled + QUESTION * self.asks)
        self.time_line()

    def time_line(self) -> None:
        """Ask for something that every terminal answers; its `RoundTrip` comes where one does."""
        self._asked_at = monotonic()
        self.write(WHERE)
        self.flush()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.write(GIVE_BACK * self.titled)
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Read what comes from the terminal until the application ends; bytes that are no UTF-8 break nothing."""
        parser, sieve = XTermParser(self._debug), AnswerSieve()
        decode = getincrementaldecoder("utf-8")("replace").decode
        sieve.awaits, until = self.asks, monotonic() + ANSWER_SECONDS
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                sieve.awaits = sieve.awaits and monotonic() < until
                if not selector.select(TICK_SECONDS):
                    self._hand_on(parser, sieve, sieve.rest())
                elif data := self._read():
                    self._hand_on(parser, sieve, sieve.feed(decode(data)))
                else:
                    return

    def _read(self) -> bytes:
        """Return what came; nothing where the terminal is gone, which the application sees by itself."""
        try:
            return os.read(self.fileno, READ_BYTES)
        except OSError:
            return b""

    def _hand_on(self, parser: XTermParser, sieve: AnswerSieve, typed: str) -> None:
        if sieve.light is not None:
            self.process_message(GroundTold(light=sieve.light))
            sieve.light = None
        # To feed nothing means the end of the input.
        for message in (*(parser.feed(typed) if typed else ()), *parser.tick()):
            if not isinstance(message, events.CursorPosition):
                self.process_message(message)
            elif self._asked_at is not None:
                asked, self._asked_at = self._asked_at, None
                self.process_message(RoundTrip(monotonic() - asked))


class TitledDriver(TerminalDriver):
    """Keep the title, too."""

    titled = True


class AskingDriver(TitledDriver):
    """Ask, too."""

    asks = True
