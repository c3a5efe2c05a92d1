"""`agentconsole calendar`: questions in JSON lines on standard input, answers in JSON lines on standard output."""

from collections.abc import Iterator
from typing import BinaryIO, TextIO

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.calendar_batch import LONGEST_LINE, answer_line
from agentconsole.domain.errors import Refused

CHUNK = 1 << 20


def answer_all(source: TextIO | None) -> int:
    """Answer line by line, each as soon as it has come; empty lines are passed over, a bad one spoils no other.

    The bytes are read, whatever the text of `source` would be. Refuses a closed input (None).
    """
    if source is None:
        raise Refused("There is no standard input: give the questions as lines of JSON.")
    known: dict[str, Calendar] = {}
    for line in _lines(source.buffer):
        if line.strip():
            print(answer_line(line.rstrip(b"\r\n"), known), flush=True)
    return 0


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Yield the lines, of one that is too long only so much that it can be seen to be."""
    while line := source.readline(LONGEST_LINE + 1):
        yield line
        while not line.endswith(b"\n") and (line := source.readline(CHUNK)):
            pass
