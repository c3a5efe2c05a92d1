"""One file for all of a desk: a manifest, the copy of the database, and stored content by its hash, as a tar in gzip.

Any `tar` reads it. What it says is believed of nothing: names are ours or refused, and bytes are held against hashes.
"""

import gzip
import hashlib
import io
import os
import re
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, BinaryIO

import msgspec

from agentconsole.domain.errors import Refused
from agentconsole.storage.files import Contents
from agentconsole.wire.backups import FORMAT, Manifest

MANIFEST, DATABASE = "manifest.json", "desk.sqlite3"
_CONTENT = re.compile(r"raw/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_LONGEST_MANIFEST = 1024 * 1024
_PIECE = 1024 * 1024
_FAST = 1
_DAMAGE = (tarfile.TarError, zlib.error, EOFError, OSError, msgspec.MsgspecError)


def write_archive(out: BinaryIO, manifest: Manifest, snapshot: Path, store: Contents, names: Iterable[str]) -> int:
    """Write a backup and return how many of the named contents are not in it, for they are gone or were changed."""
    missing = 0
    with (
        gzip.GzipFile("", "wb", _FAST, out, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        _add(tar, MANIFEST, msgspec.json.encode(manifest))
        member = _member(DATABASE, snapshot.stat().st_size)
        with snapshot.open("rb") as database:
            tar.addfile(member, database)
        for name in names:
            try:
                content = store.get(name)
            except (FileNotFoundError, ValueError):
                missing += 1
                continue
            _add(tar, f"raw/{name[:2]}/{name}", content)
    return missing


def read_archive(source: IO[bytes], folder: Path | None) -> tuple[Manifest, int]:
    """Read a backup into an empty folder, or nowhere to see whether it is whole; returns what it says and its contents.

    Refuses what is damaged, what is not ours, and what another version of this format wrote.
    """
    try:
        with gzip.GzipFile(fileobj=source, mode="rb") as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            read = _read(tar, folder)
            # A tar is over before its packing is, whose last bytes say whether all of it is as it was.
            while packed.read(_PIECE):
                pass
            return read
    except _DAMAGE as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise Refused("This backup is damaged or cut short: use another copy of it.") from error


def _read(tar: tarfile.TarFile, folder: Path | None) -> tuple[Manifest, int]:
    first = tar.next()
    if first is None or first.name != MANIFEST or first.size > _LONGEST_MANIFEST:
        raise Refused("This is no backup of agentconsole.")
    manifest = msgspec.json.decode(_file(tar, first).read(), type=Manifest)
    if manifest.format > FORMAT:
        raise Refused("This backup was made by a newer agentconsole: restore it with that version.")
    contents, has_database = 0, False
    place = _Place(folder)
    while (member := tar.next()) is not None:
        _forget(tar)
        found = _CONTENT.fullmatch(member.name)
        if member.name == DATABASE and not has_database:
            has_database = True
            if place.copied(_file(tar, member), DATABASE) != manifest.database_sha256:
                raise Refused("The database in this backup is not the one that was put into it.")
        elif found:
            contents += 1
            if place.copied(_file(tar, member), member.name) != found[2]:
                raise Refused(f"The stored content {found[2][:12]} in this backup was changed.")
        else:
            raise Refused("There is something in this backup that no backup has: it is not touched.")
    if not has_database:
        raise Refused("This backup has no database in it.")
    return manifest, contents


def _file(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(member) if member.isreg() else None
    if file is None:
        raise Refused("There is something in this backup that no backup has: it is not touched.")
    return file


class _Place:
    """Put what is read below a folder, or nowhere. A backup may have a million files: each is opened once, and no more.

    The disk is made to have them later, all at once.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._made: set[str] = set()

    def copied(self, source: IO[bytes], name: str) -> str:
        """Copy to a new file of mode 0600 and return the hash of what was copied; the name is one of ours."""
        digest = hashlib.sha256()
        if self._folder is None:
            while piece := source.read(_PIECE):
                digest.update(piece)
            return digest.hexdigest()
        out = os.open(self._path(self._folder, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            while piece := source.read(_PIECE):
                digest.update(piece)
                left = memoryview(piece)
                while left:
                    left = left[os.write(out, left) :]
        finally:
            os.close(out)
        return digest.hexdigest()

    def _path(self, folder: Path, name: str) -> str:
        above = name.rpartition("/")[0]
        if above not in self._made:
            (folder / above).mkdir(mode=0o700, parents=True, exist_ok=True)
            self._made.add(above)
        return f"{folder}/{name}"


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    tar.addfile(_member(name, len(content)), io.BytesIO(content))
    _forget(tar)


def _forget(tar: Any) -> None:
    """Let a tar forget the members that have gone by: it remembers all, and there may be a million."""
    tar.members.clear()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member
