"""Files in the age format (age-encryption.org/v1), sealed for key pairs or by words; `pyrage` does the sealing.

A backup must open on the day when nothing of this program is left: the tool `age` opens all of these.
"""

import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any, BinaryIO

import pyrage

from agentconsole.domain.errors import Refused
from agentconsole.domain.text import clean_line

MAGIC = b"age-encryption.org/v1"
_PIECE = 64 * 1024
_CHANGED = "This file was changed or cut short: use another copy of it."
_SHUT = "This file does not open: the passphrase or the key is not the one it was sealed for."


def new_identity() -> Any:
    """Draw a key pair; its text is the secret half."""
    return pyrage.x25519.Identity.generate()


def read_recipient(text: str) -> Any:
    """Read a public half; refuses what is none."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except (pyrage.RecipientError, ValueError):
        raise Refused("That is no public key: it begins with age1 and `agentconsole keys pair` makes one.") from None


def read_identities(text: str) -> tuple[Any, ...]:
    """Read the secret halves of a key file, one a line; lines that begin with # say something about them."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        keys = tuple(map(pyrage.x25519.Identity.from_str, lines))
    except (pyrage.IdentityError, ValueError):
        keys = ()
    if not keys:
        raise Refused("That file has no secret key of age: each stands on a line, AGE-SECRET-KEY-1 and 58 letters.")
    return keys


def seal_by_words(data: bytes, words: str) -> bytes:
    """Seal a few bytes by a passphrase, as lines of text.

    Trying a passphrase costs about what a second of this machine's time buys while it seals (scrypt). All of it is in
    memory, three to four times: for a whole backup there is `age_boxed`.
    """
    return bytes(pyrage.passphrase.encrypt(data, words, armored=True))


def open_by_words(sealed: bytes, words: str) -> bytes:
    """Open what was sealed by a passphrase, also by `age`; all of it in memory. Refuses wrong words and damage."""
    try:
        return bytes(pyrage.passphrase.decrypt(sealed, words))
    except (pyrage.DecryptError, OSError):
        raise Refused(_SHUT) from None


@contextmanager
def sealed_into(out: BinaryIO, readers: Sequence[Any]) -> Iterator[BinaryIO]:
    """Give a file to write to that seals what it is given into `out`; without its end nothing of it counts."""
    source, target = os.pipe()
    reading = os.fdopen(source, "rb", 0, closefd=False)
    work = _Beside(lambda: pyrage.encrypt_io(reading, out, list(readers)), source)
    try:
        with os.fdopen(target, "wb", _PIECE) as file:
            yield file
    except BrokenPipeError:
        # The other end was closed because nothing more could be written, and that is what matters.
        _ended(work)
        raise
    except BaseException:
        work.leave()
        raise
    _ended(work)


def _ended(work: "_Beside") -> None:
    try:
        work.end()
    except pyrage.EncryptError as error:
        said = clean_line(str(error).rpartition("] ")[2], 100)
        raise Refused(f"The sealed file could not be written ({said}): nothing was kept.") from None


class _Beside:
    """Run one piece of work in a thread, and close its end of a pipe when it is over; `end` raises what it raised."""

    def __init__(self, work: Callable[[], None], pipe: int) -> None:
        self._failure: Exception | None = None
        self._work = work
        self._pipe = pipe
        self._thread = threading.Thread(target=self._run, name="age", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:  # the edge of the thread: whoever waits for its end hears of it
            self._failure = error
        finally:
            os.close(self._pipe)

    def end(self) -> None:
        """Wait for the end."""
        self._thread.join()
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def leave(self) -> None:
        """Wait for the end, however it ends."""
        self._thread.join()


class _Opening(io.RawIOBase):
    """Read what a thread opens; refuses at its end what was changed or cut short, for all before that was not."""

    def __init__(self, source: IO[bytes], readers: Sequence[Any]) -> None:
        self._pipe, target = os.pipe()
        writing = os.fdopen(target, "wb", 0, closefd=False)
        self._work = _Beside(lambda: pyrage.decrypt_io(source, writing, list(readers)), target)

    def readable(self) -> bool:
        """Tell that this is to be read from."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer, 0 at the end."""
        count = os.readv(self._pipe, [buffer])
        if not count:
            self._end()
        return count

    def _end(self) -> None:
        try:
            self._work.end()
        except pyrage.DecryptError as error:
            raise Refused(_SHUT if "No matching keys" in str(error) else _CHANGED) from None
        except OSError as error:
            if error.errno is not None:
                raise
            raise Refused(_CHANGED) from None
        except tarfile.TarError:
            # What it is read from may be part of another file, which was cut short.
            raise Refused(_CHANGED) from None

    def close(self) -> None:
        """Close it; a thread that is still at work finds nobody who listens, and ends."""
        if not self.closed:
            os.close(self._pipe)
            self._work.leave()
        super().close()


def opened_from(source: IO[bytes], readers: Sequence[Any]) -> IO[bytes]:
    """Return a file to read from that opens what was sealed into `source`; it refuses what does not open."""
    return io.BufferedReader(_Opening(source, readers), _PIECE)
