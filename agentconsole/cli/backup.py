"""`agentconsole backup`: all of a desk in one file of mode 0600, made while it works, and read again."""

import argparse
import os
import secrets
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO

from agentconsole.cli.ask import ask
from agentconsole.cli.passphrase import new_passphrase
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.config.clock import SystemClock
from agentconsole.domain.errors import Refused
from agentconsole.security.age import new_identity, opened_from, read_recipient, sealed_into
from agentconsole.security.age_boxed import boxed_into, unboxed_from
from agentconsole.storage.archive import read_archive, write_archive
from agentconsole.storage.backup import content_names, opened
from agentconsole.storage.files import ContentStore
from agentconsole.wire.backups import Manifest
from agentconsole.wire.client import Client
from agentconsole.wire.commands import BeginBackup, EndBackup
from agentconsole.wire.frames import Copied

NOT_IN_IT = (
    "Not in it: the master key (`agentconsole keys export` copies it), the log file, and settings of this machine."
)


@dataclass(frozen=True, slots=True)
class _Seal:
    """Say how a backup is sealed, and what opens it here and now to see whether it is whole.

    What is sealed for somebody else's key could not be read again, so a key that is kept nowhere may open it, too.
    """

    readers: tuple[Any, ...] = ()
    openers: tuple[Any, ...] = ()
    words: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        """Tell whether it is sealed at all."""
        return bool(self.readers or self.words)

    def into(self, out: BinaryIO) -> AbstractContextManager[BinaryIO]:
        """Give what a backup is written to."""
        if self.words:
            return boxed_into(out, self.words)
        return sealed_into(out, self.readers) if self.readers else nullcontext(out)

    def opened(self, written: BinaryIO) -> IO[bytes]:
        """Give what it is read again from."""
        if self.words:
            return unboxed_from(written, self.words)
        return opened_from(written, self.openers) if self.readers else written


@dataclass(frozen=True, slots=True)
class Written:
    """Tell of a backup that was written and read again."""

    file: str
    size: int
    missing: int
    manifest: Manifest


def back_up(line: argparse.Namespace) -> int:
    """Make a backup; exits with 1 where stored messages were missing or changed, which are then not in it."""
    seal = _seal(line)
    file = _place(line.file, sealed=bool(seal))

    async def work(client: Client) -> Written:
        copied = await client.ask(BeginBackup())
        assert isinstance(copied, Copied)
        size = 0
        try:
            written = _write(file, copied, seal)
            size = written.size
        finally:
            await client.ask(EndBackup(size, bool(seal)))
        return written

    written = ask(work)
    if line.json:
        tell_json(written)
    else:
        tell("\n".join(_lines(written, sealed=bool(seal))))
    return int(written.missing > 0)


def _seal(line: argparse.Namespace) -> _Seal:
    by_words = line.passphrase or line.passphrase_file
    if line.to and by_words:
        raise Refused("Seal it for keys or by a passphrase, not both: age opens only one kind.")
    if by_words:
        return _Seal(words=new_passphrase(line.passphrase_file))
    if line.to:
        mine = new_identity()
        return _Seal((*map(read_recipient, line.to), mine.to_public()), (mine,))
    return _Seal()


def _place(named: str, *, sealed: bool) -> Path:
    own = f"agentconsole-{SystemClock().now():%Y%m%dT%H%M%SZ}.tar.gz{'.age' if sealed else ''}"
    file = Path(named) if named else Path(own)
    file = file / own if file.is_dir() else file
    if file.exists():
        raise Refused(f"There is something at {file} already: name another file.")
    if not file.absolute().parent.is_dir():
        raise Refused(f"There is no folder {file.absolute().parent}: make it first.")
    return file.absolute()


def _write(file: Path, copied: Copied, seal: "_Seal") -> Written:
    """Write beside the place and move there what is whole, so that no half backup ever has the name of one."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w+b") as out:
            missing = _fill(out, copied, seal)
            out.flush()
            os.fsync(out.fileno())
            size = out.tell()
            out.seek(0)
            manifest, contents = read_archive(seal.opened(out), None)
        if manifest != copied.manifest or contents != manifest.contents - missing:
            raise Refused("What was written is not what was to be: is the disk failing? Nothing was kept.")
        os.link(part, file)
    finally:
        part.unlink(missing_ok=True)
    _sync(file.parent)
    return Written(str(file), size, missing, manifest)


def _fill(out: BinaryIO, copied: Copied, seal: _Seal) -> int:
    snapshot = Path(copied.file)
    store = ContentStore(snapshot.parent.parent / "raw")
    with opened(snapshot) as session, seal.into(out) as target:
        return write_archive(target, copied.manifest, snapshot, store, content_names(session))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lines(written: Written, *, sealed: bool) -> list[str]:
    manifest = written.manifest
    counts = ", ".join(f"{number:,} {name}" for name, number in manifest.counts.items())
    kept = manifest.contents - written.missing
    how = "sealed" if sealed else "NOT sealed: whoever has the file can read every case"
    lines = [
        f"{written.file} ({written.size / 1_000_000:,.1f} MB, mode 600, {how})",
        f"It holds {counts}, {manifest.events:,} events and {kept:,} stored messages and attachments.",
        "It was read again: the database is sound, the event log whole, every file what its name says.",
    ]
    if written.missing:
        lines.append(
            f"MISSING: {written.missing:,} stored messages or attachments are gone or were changed on the disk."
        )
    return [*lines, NOT_IN_IT]
