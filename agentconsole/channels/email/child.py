"""The process that parses mail under limits: frames in on stdin, frames out on stdout, nothing else is open to it."""

import math
import os
import resource
import sys
from typing import BinaryIO

import msgspec

from agentconsole.channels.email import markup  # noqa: F401  the limits leave no room for opening it later
from agentconsole.channels.email.frames import ANSWER, LEAVING, LENGTH, MAIL, READY, UNPARSABLE
from agentconsole.channels.email.parse import parse_mail
from agentconsole.channels.email.site import Site
from agentconsole.domain.mail import ParsedMail, Unparsable

CPU_SECONDS = 5
MEMORY_BYTES = 256 * 1024 * 1024


def main() -> int:
    """Serve one parent until it closes the pipe: a site first, then each mail behind the site that it is read for."""
    frames_in = sys.stdin.buffer
    frames_out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    msgspec.msgpack.decode(_read(frames_in) or b"", type=Site)
    _limit()
    _write(frames_out, READY, b"")
    while (said := _read(frames_in)) is not None and (raw := _read(frames_in)) is not None:
        site = msgspec.msgpack.decode(said, type=Site)
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + CPU_SECONDS), resource.RLIM_INFINITY))
        if not _answer(frames_out, raw, site):
            return 1
    return 0


def _answer(frames_out: BinaryIO, raw: bytes, site: Site) -> bool:
    """Answer one mail; False when this process should not be trusted with another."""
    try:
        parsed = parse_mail(raw, site)
        body = msgspec.msgpack.encode(parsed)
    except MemoryError:
        # What is left of the memory may not do for the next mail: the parent starts a fresh child.
        _write(frames_out, LEAVING, msgspec.msgpack.encode(Unparsable("Reading it needs more memory than allowed.")))
        return False
    except Exception as trouble:
        reason = Unparsable(f"Reading it failed ({type(trouble).__name__}).")
        _write(frames_out, UNPARSABLE, msgspec.msgpack.encode(reason))
        return True
    _write(frames_out, MAIL if isinstance(parsed, ParsedMail) else UNPARSABLE, body)
    return True


def _limit() -> None:
    """Give up what parsing needs not: memory, files to write, more files, more processes, core dumps."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _read(frames_in: BinaryIO) -> bytes | None:
    head = frames_in.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
    return frames_in.read(size)


def _write(frames_out: BinaryIO, kind: bytes, body: bytes) -> None:
    frames_out.write(ANSWER.pack(kind, len(body)))
    frames_out.write(body)
    frames_out.flush()


if __name__ == "__main__":
    sys.exit(main())
