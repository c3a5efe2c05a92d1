"""What follows the head of an age file: pieces of 64 KB, each sealed with its number, the last one marked as last."""

import io
from collections.abc import Sequence
from typing import IO, Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from agentconsole.domain.errors import Refused
from agentconsole.security.age import Opener, Sealer, read_header, write_header

PIECE = 64 * 1024
_TAG = 16


class SealingWriter(io.RawIOBase):
    """Seal what is written to it; what was closed is whole, and a file that was cut short does not open."""

    def __init__(self, out: BinaryIO, readers: Sequence[Sealer]) -> None:
        self._out = out
        self._aead = ChaCha20Poly1305(write_header(out, readers))
        self._waiting = bytearray()
        self._number = 0

    def writable(self) -> bool:
        """Tell that this is to be written to."""
        return True

    def write(self, data: Any, /) -> int:
        """Take bytes; a piece is written when more than one waits, for the last one is sealed as such."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        """Write the last piece; the file below stays open."""
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
        super().close()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._out.write(self._aead.encrypt(_nonce(self._number, last=last), piece, None))
        self._number += 1


class OpeningReader(io.RawIOBase):
    """Read what a `SealingWriter` or `age` has written; refuses what was changed, reordered or cut short."""

    def __init__(self, source: BinaryIO, readers: Sequence[Opener]) -> None:
        self._source = source
        self._aead = ChaCha20Poly1305(read_header(source, readers))
        self._next = source.read(PIECE + _TAG)
        self._opened = b""
        self._number = 0
        self._ended = False

    def readable(self) -> bool:
        """Tell that this is to be read from."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer, 0 at the end."""
        while not self._opened and not self._ended:
            self._open()
        count = min(len(buffer), len(self._opened))
        buffer[:count] = self._opened[:count]
        self._opened = self._opened[count:]
        return count

    def _open(self) -> None:
        sealed, self._next = self._next, self._source.read(PIECE + _TAG)
        self._ended = not self._next
        try:
            self._opened = self._aead.decrypt(_nonce(self._number, last=self._ended), sealed, None)
        except (InvalidTag, ValueError):
            raise Refused("This file was changed or cut short: use another copy of it.") from None
        self._number += 1


def sealed_into(out: BinaryIO, readers: Sequence[Sealer]) -> BinaryIO:
    """Return a file to write to that seals what it is given into `out`; closing it ends the seal and not `out`."""
    return io.BufferedWriter(SealingWriter(out, readers), PIECE)


def opened_from(source: BinaryIO, readers: Sequence[Opener]) -> IO[bytes]:
    """Return a file to read from that opens what was sealed into `source`."""
    return io.BufferedReader(OpeningReader(source, readers), PIECE)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
