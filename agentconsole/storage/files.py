"""Content by its hash: raw messages and attachments as files of mode 0600 that no name from outside ever reaches."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Protocol


class Contents(Protocol):
    """Keep bytes under their SHA-256."""

    def put(self, content: bytes) -> str:
        """Keep the bytes, safe on the disk, and return their hash; the same bytes are kept once."""

    def has(self, name: str) -> bool:
        """Tell whether there is something under a hash; `get` also tells whether it is still that."""

    def get(self, name: str) -> bytes:
        """Return the bytes of a hash; FileNotFoundError when gone, ValueError when changed."""

    def mirror(self) -> int:
        """Have all of it here that others keep, and there what is only here; returns how many were missing."""


class ContentStore:
    """Keep bytes under their SHA-256 in a folder of the desk's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Write the bytes, flushed to the disk, and return their hash; the same bytes are kept once."""
        name = hashlib.sha256(content).hexdigest()
        place = self._folder / name[:2] / name
        if place.exists():
            return name
        if not place.parent.exists():
            place.parent.mkdir(mode=0o700, exist_ok=True)
            self._sync(self._folder)
        scratch = place.with_name(f".{name}.{secrets.token_hex(4)}")
        handle = os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(place)
        except OSError:
            scratch.unlink(missing_ok=True)
            raise
        self._sync(place.parent)
        return name

    def has(self, name: str) -> bool:
        """Tell whether there is something under a hash; `get` also tells whether it is still that."""
        return (self._folder / name[:2] / name).is_file()

    def get(self, name: str) -> bytes:
        """Return the bytes of a hash; FileNotFoundError when gone, ValueError when changed on the disk."""
        content = (self._folder / name[:2] / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != name:
            raise ValueError(f"the stored content {name[:12]} was changed on the disk")
        return content

    def mirror(self) -> int:
        """Return 0: nobody else keeps any of it."""
        return 0

    @staticmethod
    def _sync(folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
