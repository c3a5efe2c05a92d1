"""A large file sealed by words: a key of its own that the words open, and the file sealed for that key, as one tar.

The words alone would need all of the file in memory. Without this program: `tar -xf FILE`, then
`age --decrypt -i key.age content.age`, which asks for the words.
"""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from agentconsole.domain.errors import Refused
from agentconsole.security.age import (
    new_identity,
    open_by_words,
    opened_from,
    read_identities,
    seal_by_words,
    sealed_into,
)

_KEY, _CONTENT = "key.age", "content.age"
HEAD = _KEY.encode() + b"\0"
"""What such a file begins with."""
_LONGEST_KEY = 10_000
_BLOCK = tarfile.BLOCKSIZE


@contextmanager
def boxed_into(out: BinaryIO, words: str) -> Iterator[BinaryIO]:
    """Give a file to write to that seals what it is given into `out`, seekable and at its beginning."""
    pair = new_identity()
    key = seal_by_words(f"{pair}\n".encode(), words)
    out.write(_head(_KEY, len(key)) + key + _filling(len(key)))
    place = out.tell()
    # How long it is stands before it, and is known after it.
    out.write(bytes(_BLOCK))
    with sealed_into(out, [pair.to_public()]) as file:
        yield file
    size = out.tell() - place - _BLOCK
    out.write(_filling(size) + bytes(2 * _BLOCK))
    end = out.tell()
    out.seek(place)
    out.write(_head(_CONTENT, size))
    out.seek(end)


def unboxed_from(source: BinaryIO, words: str) -> IO[bytes]:
    """Return a file to read from that opens what was boxed into `source`; refuses wrong words and damage."""
    try:
        tar = tarfile.TarFile(fileobj=source)
        key, content = tar.next(), tar.next()
        sealed = tar.extractfile(key) if key is not None and key.name == _KEY and key.size <= _LONGEST_KEY else None
        file = tar.extractfile(content) if content is not None and content.name == _CONTENT else None
    except (tarfile.TarError, EOFError):
        sealed = file = None
    if sealed is None or file is None:
        raise Refused("This file was changed or cut short: use another copy of it.")
    return opened_from(file, read_identities(open_by_words(sealed.read(), words).decode("ascii", "replace")))


def _head(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.GNU_FORMAT)


def _filling(size: int) -> bytes:
    return bytes(-size % _BLOCK)
