"""A terminal that is lent to a warm console: its signals and its links to the desk are passed on until that ends."""

import _socket
import contextlib
import os
import signal
import sys
import termios
from types import FrameType

from agentconsole.cli.warm_place import END, LINK, LOST, STOP

LAST_SECONDS = 6
"""So long a console that was told to end may take; it promises half of it."""

_LONGEST = 4096
_PASSED_ON = (signal.SIGWINCH, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGCONT)
_ENDS = (signal.SIGHUP, signal.SIGTERM)
_GONE = "agentconsole: the console was killed. What you typed is kept, but for the last second: start it again."


class Loan:
    """Hold the terminal for the console at the other end of `link`, as the process that the login started."""

    def __init__(self, link: "_socket.socket") -> None:
        self._link = link
        self._begun = False
        self._settings = termios.tcgetattr(0)

    def lend(self, environ: dict[str, str]) -> int | None:
        """Lend terminal, environment and working folder; return the console's exit code, None if it never spoke."""
        for number in (*_PASSED_ON, *_ENDS):
            signal.signal(number, self._pass_on)
        has_shell = os.getsid(0) != os.getpgrp()
        fields = [b"%d" % has_shell, *(os.fsencode(f"{name}={value}") for name, value in environ.items())]
        self._link.settimeout(None)
        try:
            folder = os.open(".", os.O_PATH | os.O_DIRECTORY)
            _send(self._link, b"\0".join(fields), 0, 1, 2, folder)
            os.close(folder)
            while said := self._link.recv(_LONGEST):
                self._begun = True
                if said[:1] == END:
                    return said[1]
                if said[:1] == STOP:
                    self._stop()
                elif said[:1] == LINK:
                    self._connect(said[1:])
        except OSError:
            pass
        return self._lost()

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        if number in _ENDS:
            # A console that does not end is left to itself: it ends when this end of the link is gone.
            signal.alarm(LAST_SECONDS)
            self._begun = True
        with contextlib.suppress(OSError):
            self._link.send(bytes([number]), _socket.MSG_DONTWAIT)

    def _connect(self, desk: bytes) -> None:
        """Connect to the desk: it goes by the login of who connects, and that is this process."""
        link = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        try:
            link.connect(desk)
        except OSError as trouble:
            self._link.send(LOST + b"%d" % (trouble.errno or 0))
        else:
            _send(self._link, LINK, link.fileno())
        finally:
            link.close()

    def _stop(self) -> None:
        """Stop this job until the shell brings it to the foreground again; the console has left the terminal."""
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.signal(signal.SIGCONT, signal.SIG_DFL)
        os.killpg(os.getpgrp(), signal.SIGTSTP)
        while os.tcgetpgrp(0) != os.getpgrp():
            os.kill(os.getpid(), signal.SIGSTOP)
        for number in (signal.SIGTSTP, signal.SIGCONT):
            signal.signal(number, self._pass_on)
        self._pass_on(signal.SIGCONT, None)

    def _lost(self) -> int | None:
        """Give the terminal back for a console that was killed; whoever hung it up has none to be given."""
        from agentconsole.cli.say import complain, give_screen_back  # noqa: PLC0415 - a sign-in need not wait for it

        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(0, termios.TCSANOW, self._settings)
            give_screen_back()
            if self._begun:
                complain(_GONE)
        if self._begun:
            return 1
        for number in (*_PASSED_ON, *_ENDS):
            signal.signal(number, signal.SIG_DFL)
        return None


def _send(link: "_socket.socket", data: bytes, *descriptors: int) -> None:
    numbers = b"".join(number.to_bytes(4, sys.byteorder) for number in descriptors)
    link.sendmsg([data], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, numbers)])
