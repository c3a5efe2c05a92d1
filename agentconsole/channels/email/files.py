"""Mail kept in files: .eml, mbox and Maildir, read one message at a time whatever their size."""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

KEPT_LIMIT = 30 * 1024 * 1024
"""How much is handed on of a message that is too large to be read: it is kept, and has to fit a frame to the desk."""
_LINE = 1 << 16

# "From " begins a message only with a date behind it: unquoted text that begins a paragraph with "From" does not.
_FROM_LINE = re.compile(rb"From \S.{0,300}\d{1,2}:\d{2}(?::\d{2})?.{0,40}\d{4}|From .{0,300}\b\d{4}\s*$")
_BEGINS_MAIL = re.compile(rb"\s{0,100}(?:\xef\xbb\xbf)?[!-9;-~]{1,200}[ \t]*:")
_QUOTED_FROM = re.compile(rb">+From ")


@dataclass(frozen=True, slots=True)
class Found:
    """Hold one message found: where it was, and either its raw bytes or the problem in a sentence.

    `size` is what the whole message has, in bytes; `raw` is all of it, or the first 30 MB.
    """

    name: str
    raw: bytes | None
    problem: str | None = None
    size: int = 0


def read_messages(paths: Iterable[Path]) -> Iterator[Found]:
    """Yield every message under the paths, in the order of their names; what cannot be read is told and passed by.

    A file is an mbox when it begins with a "From " line, else one message, which must begin with a header; a folder
    with `cur` and `new` is a Maildir, any other is walked. Only regular files are opened, links in folders are not
    followed.
    """
    for path in paths:
        try:
            kind = path.stat().st_mode
        except OSError as trouble:
            yield _problem(path, trouble)
            continue
        if stat.S_ISDIR(kind):
            yield from _read_folder(path)
        elif stat.S_ISREG(kind):
            yield from _read_file(path)
        else:
            yield Found(str(path), None, "It is neither a file nor a folder.")


def _read_folder(folder: Path) -> Iterator[Found]:
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            entries = sorted(here.iterdir())
        except OSError as trouble:
            yield _problem(here, trouble)
            continue
        maildir = {entry.name for entry in entries} >= {"cur", "new"}
        folders = [entry for entry in entries if entry.is_dir() and not entry.is_symlink()]
        waiting += reversed([entry for entry in folders if not (maildir and entry.name == "tmp")])
        for entry in entries:
            if entry.is_symlink() or not entry.is_file():
                continue
            if _holds_mail(here, entry, maildir=maildir):
                yield from _read_file(entry)


def _holds_mail(folder: Path, entry: Path, *, maildir: bool) -> bool:
    """Leave out hidden files and a Maildir's own (indexes, subscriptions), which stand beside `cur` and `new`."""
    return not maildir and not entry.name.startswith((".", "dovecot", "maildirfolder")) and folder.name != "tmp"


def _read_file(path: Path) -> Iterator[Found]:
    try:
        with path.open("rb") as source:
            if source.read(5) == b"From ":
                source.seek(0)
                yield from _read_mbox(path, source)
            else:
                source.seek(0)
                raw = source.read(KEPT_LIMIT)
                if raw.strip() and not _BEGINS_MAIL.match(raw):
                    yield Found(str(path), None, "It does not begin as a mail does.")
                else:
                    yield _found(str(path), raw, max(len(raw), os.fstat(source.fileno()).st_size))
    except OSError as trouble:
        yield _problem(path, trouble)


def _read_mbox(path: Path, source: BinaryIO) -> Iterator[Found]:
    """Yield the messages of an mbox (mboxrd); of one that is too large its beginning is held in memory."""
    number = 0
    message = bytearray()
    passed_over = 0
    after_blank = True
    line_begins = True
    while line := source.readline(_LINE):
        if line_begins and after_blank and _FROM_LINE.match(line):
            if number:
                yield _from_mbox(path, number, message, passed_over)
            number += 1
            message = bytearray()
            passed_over = 0
        elif passed_over or len(message) + len(line) > KEPT_LIMIT:
            passed_over += len(line)
        else:
            message += line[1:] if line_begins and _QUOTED_FROM.match(line) else line
        after_blank = line_begins and line in (b"\n", b"\r\n")
        line_begins = line.endswith(b"\n")
    yield _from_mbox(path, max(number, 1), message, passed_over)


def _from_mbox(path: Path, number: int, message: bytearray, passed_over: int) -> Found:
    raw = _without_last_blank(message)
    return _found(f"{path}:{number}", raw, len(raw) + passed_over)


def _without_last_blank(message: bytearray) -> bytes:
    """Take off the blank line that separates messages in an mbox."""
    for ending in (b"\r\n\r\n", b"\n\n"):
        if message.endswith(ending):
            return bytes(message[: -len(ending) // 2])
    return bytes(message)


def _found(name: str, raw: bytes, size: int) -> Found:
    return Found(name, raw, size=size) if raw.strip() else Found(name, None, "The file is empty.")


def _problem(path: Path, trouble: OSError) -> Found:
    return Found(str(path), None, f"It cannot be read: {trouble.strerror or trouble}.")
