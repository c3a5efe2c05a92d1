"""Sums of a database file's pages, kept beside it: SQLite alone does not notice a bit that turned on the disk."""

import contextlib
import logging
import os
import sqlite3
import struct
import threading
import zlib
from array import array
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

log = logging.getLogger(__name__)

EVERY = 1000
"""Frames of the WAL after which it is brought into the file, as SQLite would do by itself."""
UNKNOWN = 0
_AT_WORK = 0
_HEAD = struct.Struct("<QQ")
"""When the file was last written (nanoseconds) and its size as the desk left it; both 0 while a desk is at work."""
_SLOT = struct.Struct("<I")
_WAL_HEAD, _FRAME_HEAD = 32, 24
_PIECE = 256


class PageSums:
    """Know what every page of an SQLite file was when this desk last wrote it there.

    Only a checkpoint writes to the file, and only the writing thread makes one: the sums of its pages are on the disk
    before the next transaction can begin the WAL anew. So after a crash, what they do not know is still in the WAL.
    A file that somebody else wrote to since is taken as it is. Made before the first connection is opened.
    """

    def __init__(self, database: Path) -> None:
        self._wal = Path(f"{database}-wal")
        self._kept = Path(f"{database}-sums")
        # Open as long as any connection is: closing it would drop the locks that SQLite has on the file.
        self._file = os.open(database, os.O_RDONLY)
        self._size = int.from_bytes(os.pread(self._file, 2, 16), "big")
        self._lock = threading.Lock()
        self._salts, self._due = b"", EVERY
        self._slots = array("I")
        try:
            self._sums = os.open(self._kept, os.O_RDWR | os.O_CREAT, 0o600)
            self._begin()
        except OSError:
            os.close(self._file)
            raise

    def _begin(self) -> None:
        """Learn what is not known, except for what is in the WAL and will be written from there."""
        waiting = set(self._wal_pages())
        if self._is_as_it_was_left(bool(waiting)):
            kept = os.pread(self._sums, self._pages() * _SLOT.size, _HEAD.size)
            self._slots.frombytes(kept[: len(kept) // _SLOT.size * _SLOT.size])
        self._grow()
        for page in waiting:
            self._keep(page, UNKNOWN)
        self._learn(page for page, known in enumerate(self._slots, 1) if known == UNKNOWN and page not in waiting)
        os.truncate(self._sums, 0)
        os.pwrite(self._sums, _HEAD.pack(_AT_WORK, _AT_WORK) + self._slots.tobytes(), 0)
        os.fsync(self._sums)

    def _is_as_it_was_left(self, has_wal: bool) -> bool:
        head = os.pread(self._sums, _HEAD.size, 0)
        if len(head) < _HEAD.size:
            return False
        left = _HEAD.unpack(head)
        return has_wal if left == (_AT_WORK, _AT_WORK) else left == self._state()

    def _state(self) -> tuple[int, int]:
        status = os.fstat(self._file)
        return status.st_mtime_ns, status.st_size

    def _pages(self) -> int:
        return os.fstat(self._file).st_size // self._size

    def _grow(self) -> range:
        """Make room for the pages that the file has; returns those that are new."""
        new = range(len(self._slots) + 1, self._pages() + 1)
        self._slots.extend([UNKNOWN] * len(new))
        return new

    def _keep(self, page: int, value: int) -> None:
        if page <= len(self._slots):
            self._slots[page - 1] = value

    def _learn(self, pages: Iterable[int]) -> None:
        for page in pages:
            self._keep(page, _sum(os.pread(self._file, self._size, (page - 1) * self._size)))

    def _wal_pages(self) -> list[int]:
        """Return the page that each frame of the WAL is about."""
        pages: list[int] = []
        with self._opened_wal() as wal:
            while frame := self._frame(wal, len(pages)):
                pages.append(int.from_bytes(frame[:4], "big"))
        return pages

    @contextlib.contextmanager
    def _opened_wal(self) -> Iterator[int]:
        """Open the WAL, nothing where there is none, and note whether it was begun anew."""
        try:
            wal = os.open(self._wal, os.O_RDONLY)
        except FileNotFoundError:
            wal = os.open(os.devnull, os.O_RDONLY)
        try:
            salts = os.pread(wal, _WAL_HEAD, 0)[16:24]
            if salts != self._salts:
                self._salts, self._due = salts, EVERY
            yield wal
        finally:
            os.close(wal)

    def _frame(self, wal: int, number: int) -> bytes:
        """Return the head of a frame, b"" past the last; those from before the WAL was begun anew have another salt."""
        frame = os.pread(wal, _FRAME_HEAD, _WAL_HEAD + number * (_FRAME_HEAD + self._size))
        return frame if len(frame) == _FRAME_HEAD and frame[8:16] == self._salts else b""

    def _is_due(self) -> bool:
        with self._opened_wal() as wal:
            return bool(self._frame(wal, self._due - 1))

    def follow(self, engine: Engine) -> None:
        """Bring the WAL into the file by and by on the engine's one connection, and when that is closed."""

        @event.listens_for(engine, "connect")
        def _connected(link: sqlite3.Connection, _record: object) -> None:
            link.execute("PRAGMA wal_autocheckpoint=0").fetchall()

        @event.listens_for(engine, "checkin")
        def _given_back(link: sqlite3.Connection | None, _record: object) -> None:
            if link is not None:
                self._checkpoint(link, only_due=True)

        @event.listens_for(engine, "close")
        def _closing(link: sqlite3.Connection, _record: object) -> None:
            self._checkpoint(link)

    def _checkpoint(self, link: sqlite3.Connection, *, only_due: bool = False) -> None:
        """Have the WAL written into the file, and keep the sums of what was; what readers hold back comes later."""
        with self._lock:
            try:
                if only_due and not self._is_due():
                    return
                pages = self._wal_pages()
                # Where readers hold it back, it is not tried again with every transaction.
                self._due = len(pages) + EVERY
                _, _, done = link.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                self._keep_all(pages[: max(done, 0)], pages[max(done, 0) :])
            except (OSError, sqlite3.Error) as error:
                log.warning("the sums of the database's pages are lost, and learnt anew at the next start: %s", error)
                self._forget()

    def _keep_all(self, written: Collection[int], waiting: Collection[int]) -> None:
        changed = {*written, *self._grow()}
        self._learn(changed)
        for page in {*waiting} - changed:
            # Who closes the last connection writes these, and nobody learns of it.
            self._keep(page, UNKNOWN)
            changed.add(page)
        for page in changed:
            if page <= len(self._slots):
                os.pwrite(self._sums, _SLOT.pack(self._slots[page - 1]), _HEAD.size + (page - 1) * _SLOT.size)
        os.fdatasync(self._sums)

    def _forget(self) -> None:
        """Know nothing any more: nobody can tell which pages a checkpoint wrote that failed."""
        self._slots = array("I", [UNKNOWN] * len(self._slots))
        with contextlib.suppress(OSError):
            self._kept.unlink(missing_ok=True)

    def damaged(self) -> list[int]:
        """Return the pages that are not as they were written."""
        found = []
        for first in range(0, len(self._slots), _PIECE):
            with self._lock:
                data = os.pread(self._file, _PIECE * self._size, first * self._size)
                known = self._slots[first : first + _PIECE]
            pages = (data[at * self._size : (at + 1) * self._size] for at in range(len(known)))
            turned = (UNKNOWN != slot != _sum(page) for slot, page in zip(known, pages, strict=True))
            found += [first + at for at, bad in enumerate(turned, 1) if bad]
        return found

    @property
    def pages(self) -> int:
        """Return how many pages the file has."""
        return len(self._slots)

    def close(self) -> None:
        """Note how the desk leaves the file, when no connection is open any more, and close it."""
        try:
            os.pwrite(self._sums, _HEAD.pack(*self._state()), 0)
            os.fsync(self._sums)
        except OSError as error:
            log.warning("the sums of the database's pages will be learnt anew: %s", error)
        finally:
            os.close(self._file)
            os.close(self._sums)


def _sum(page: bytes) -> int:
    return zlib.crc32(page) or 1
