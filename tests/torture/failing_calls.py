"""System calls of a running process that fail on purpose, by strace."""

import re
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import needs

CALLS = ("write", "pwrite64", "fdatasync", "fsync", "openat", "unlink", "rename")
ERRORS = ("ENOSPC", "EIO", "EINTR")
_LINE = re.compile(r"^(\d+) +(\w+)\(", re.MULTILINE)


class Trace:
    """Hold what strace wrote down of the calls that were watched."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept

    def injected(self) -> int:
        """Return how many calls failed on purpose."""
        return self._kept.read_text("utf-8", "replace").count("(INJECTED)")

    def most(self) -> Counter[str]:
        """Return how often each call was made by the thread that made it most: strace counts for each."""
        most: Counter[str] = Counter()
        for (_, call), times in Counter(_LINE.findall(self._kept.read_text("utf-8", "replace"))).items():
            most[call] = max(most[call], times)
        return most


@contextmanager
def traced(pid: int, kept: Path, *, call: str = "", error: str = "", number: int = 0) -> Iterator[Trace]:
    """Watch a process, and have the n-th call of a kind fail in each of its threads, where one is named."""
    needs.root("traces a server")
    strace = [str(needs.program("strace")), "-f", "-p", str(pid), "-o", str(kept)]
    strace += ["-e", f"trace={call or ','.join(CALLS)}"]
    if call:
        strace += ["-e", f"inject={call}:error={error}:when={number}"]
    kept.unlink(missing_ok=True)
    tracing = subprocess.Popen(strace, stderr=subprocess.PIPE, text=True)
    try:
        assert tracing.stderr is not None
        said = tracing.stderr.readline()
        assert "attached" in said, said
        yield Trace(kept)
    finally:
        tracing.send_signal(signal.SIGINT)
        tracing.communicate()
