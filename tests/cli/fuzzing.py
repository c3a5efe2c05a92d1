"""A process that runs command lines one after the other and says how each ended: `python -m tests.cli.fuzzing`.

It reads JSON lines, `[arguments, typed]`, and answers each by `[code, out, err]`; code -1 is a traceback, in `err`.
What is `typed` (null: nothing, and no terminal) stands on a standard input that says it is a terminal.
"""

import contextlib
import io
import json
import signal
import socket
import sys
import traceback

from agentconsole.cli.main import main
from tests.surroundings import is_local

LONGEST_SECONDS = 30
FAULT = -1


class _Typed(io.StringIO):
    """Be a terminal at which this was typed, and then Ctrl-D."""

    def isatty(self) -> bool:
        return True


class _Shown(io.TextIOWrapper):
    """Be the standard output or error of a program, as strict about what cannot be written as those are."""

    def __init__(self, errors: str, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(), "utf-8", errors=errors, newline="\n", write_through=True)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def text(self) -> str:
        return self.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def run(arguments: list[str], typed: str | None) -> tuple[int, str, str]:
    """Run one command line; returns its exit code and what it said."""
    out, err = _Shown("strict", terminal=typed is not None), _Shown("backslashreplace", terminal=False)
    before, sys.stdin = sys.stdin, io.StringIO() if typed is None else _Typed(typed)
    signal.alarm(LONGEST_SECONDS)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:
        return FAULT, out.text(), traceback.format_exc(limit=-6)[-3000:]
    finally:
        signal.alarm(0)
        sys.stdin = before
    return code, out.text(), err.text()


def _no_names(event: str, arguments: tuple[object, ...]) -> None:
    """Answer for a name server that knows nobody, so that no test asks a real one."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
        if not is_local(name):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


if __name__ == "__main__":
    sys.addaudithook(_no_names)
    for line in sys.stdin.buffer:
        answer = run(*json.loads(line))
        sys.__stdout__.write(json.dumps(answer) + "\n")  # type: ignore[union-attr]
        sys.__stdout__.flush()  # type: ignore[union-attr]
