"""`agentconsole restore`: a desk back from a backup, into an empty home, checked before it counts."""

import argparse
import errno
import io
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import IO, BinaryIO

import msgspec
from sqlalchemy.exc import DBAPIError

from agentconsole.cli.ask import the_desk
from agentconsole.cli.database import other_database
from agentconsole.cli.passphrase import known_passphrase
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.security.age import MAGIC, open_by_words, opened_from, read_identities
from agentconsole.security.age_boxed import HEAD as BOXED
from agentconsole.security.age_boxed import unboxed_from
from agentconsole.security.hardening import harden_process
from agentconsole.security.masterkey import FILE_NAME, MasterKey, load_master_key
from agentconsole.security.sealing import Vault
from agentconsole.server.desk import open_desk
from agentconsole.server.main import ServerLock
from agentconsole.services.restoring import Settled, settle_restored
from agentconsole.storage.archive import DATABASE, read_archive
from agentconsole.storage.backup import content_names, examine, foundation_of, opened
from agentconsole.storage.database import SqliteFile, keep_name
from agentconsole.storage.moving_ends import clear_unfounded, copy_desk
from agentconsole.storage.postgres_database import PostgresDatabase
from agentconsole.storage.transaction import Actor
from agentconsole.storage.upgrade import HEAD
from agentconsole.wire.backups import Manifest

SCRATCH = "restoring"
_LONGEST_KEY_FILE = 10_000
_FULL = "disk is full"
_HEAD, _BY_WORDS = 64, MAGIC + b"\n-> scrypt "


class Restored(msgspec.Struct, frozen=True):
    """Report a restore: as of when the desk is, what was put in doubt, what is missing, and how long it took (s)."""

    home: str
    manifest: Manifest
    mails_in_doubt: int
    recovery_codes_spent: int
    missing: int
    seconds: float


def restore(line: argparse.Namespace) -> int:
    """Restore; exits with 1 where the backup lacks stored messages that its cases name."""
    harden_process()
    began = time.monotonic()
    paths = the_desk()
    paths.make()
    lock = ServerLock(paths.lock)
    try:
        report = _restore(Path(line.file), paths, line, began)
    finally:
        lock.release()
    if line.json:
        tell_json(report)
    else:
        tell("\n".join(_lines(report)))
    return int(report.missing > 0)


def _restore(file: Path, paths: DeskPaths, line: argparse.Namespace, began: float) -> Restored:
    scratch = paths.home / SCRATCH
    _refuse_used(paths, scratch)
    database = _named(paths, line)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    try:
        with file.open("rb") as source:
            manifest, contents = read_archive(_unsealed(source, line), scratch)
        if manifest.schema > HEAD:
            raise Refused("This backup was made by a newer agentconsole: restore it with that version.")
        master = _master(paths, scratch)
        missing = _check(scratch, manifest, contents, master)
        settled = _settle(paths, scratch, manifest, master)
        if database is not None:
            copy_desk(SqliteFile(scratch / DATABASE), database, lambda _table, _rows: None)
        os.sync()
        _move(scratch, paths, database)
    except (OSError, DBAPIError) as error:
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or _FULL in str(error):
            raise Refused(
                f"There is no room for it in {paths.home}: nothing was restored, and nothing of it was kept. "
                "Make room and restore again."
            ) from error
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    seconds = time.monotonic() - began
    return Restored(str(paths.home), manifest, settled.mails, settled.recovery_codes, missing, seconds)


def _named(paths: DeskPaths, line: argparse.Namespace) -> PostgresDatabase | None:
    """Return the database in PostgreSQL that is to have the desk, None where a file is to; refuses one with a desk."""
    if not line.database:
        if line.database_owner:
            raise Refused("--database-owner says who owns a database: name it with --database.")
        return None
    database = other_database(
        paths, line.database, line.database_owner or "", line.database_direct or "", line.database_password_file or ""
    )
    clear_unfounded(database)
    return database


def _refuse_used(paths: DeskPaths, scratch: Path) -> None:
    """Refuse a home that has anything but a key, the lock we hold, and what an interrupted restore left."""
    mine = {FILE_NAME, paths.lock.name, SCRATCH, paths.log.name, paths.raw.name, paths.database_password.name}
    found = [entry.name for entry in paths.home.iterdir() if entry.name not in mine]
    if scratch.exists() and not found:
        shutil.rmtree(paths.raw)
        paths.raw.mkdir(mode=0o700)
    if found or any(paths.raw.iterdir()):
        raise Refused(
            f"{paths.home} is in use: restore into an empty folder, named in AGENTCONSOLE_HOME, and move it afterwards."
        )


def _unsealed(source: BinaryIO, line: argparse.Namespace) -> IO[bytes]:
    head = source.read(_HEAD)
    source.seek(0)
    if head.startswith(BOXED):
        return unboxed_from(source, known_passphrase(line.passphrase_file))
    if not head.startswith(MAGIC):
        return source
    if _BY_WORDS in head:
        # As the first versions sealed by words; all of it is in memory then.
        return io.BytesIO(open_by_words(source.read(), known_passphrase(line.passphrase_file)))
    if not line.key:
        raise Refused("This backup is sealed for a key: name the file with its secret half in --key.")
    with Path(line.key).open(encoding="ascii", errors="replace") as opened_key:
        return opened_from(source, read_identities(opened_key.read(_LONGEST_KEY_FILE)))


def _master(paths: DeskPaths, scratch: Path) -> MasterKey:
    uid, *_ = foundation_of(scratch / DATABASE)
    try:
        return load_master_key(paths.home, uid, os.environ)
    except Refused as refused:
        raise Refused(f"{refused.sentence} A backup never has it: `agentconsole keys import` brings it back.") from None


def _check(scratch: Path, manifest: Manifest, contents: int, master: MasterKey) -> int:
    """Hold what was unpacked against itself and the manifest; returns how many stored files the rows miss."""
    _, kid, wrapped, _ = foundation_of(scratch / DATABASE)
    found = examine(scratch / DATABASE, Vault(master, wrapped, kid).subkey("audit"))
    if msgspec.structs.replace(found, program=manifest.program, made_at=manifest.made_at) != manifest:
        raise Refused("This backup does not hold what it says of itself: use another copy of it.")
    with opened(scratch / DATABASE) as session:
        there = (scratch / "raw" / name[:2] / name for name in content_names(session))
        missing = sum(not place.exists() for place in there)
    if contents + missing != manifest.contents:
        raise Refused("This backup has stored messages that no case names: use another copy of it.")
    return missing


def _settle(paths: DeskPaths, scratch: Path, manifest: Manifest, master: MasterKey) -> Settled:
    """Open the desk where it was unpacked, upgrading its schema, and begin its new life in one transaction."""
    desk = open_desk(replace(paths, home=scratch), os.environ, committed=lambda _: None, master=master)
    try:
        host = Actor(login=f"uid {os.geteuid()}", peer=os.geteuid())
        return desk.writer.run(host, lambda tx: settle_restored(tx, manifest), behind=True)
    finally:
        desk.close()


def _move(scratch: Path, paths: DeskPaths, database: PostgresDatabase | None) -> None:
    """Move what is whole into the home, the database last: before it is there, there is no desk."""
    if (scratch / "raw").exists():
        (scratch / "raw").rename(paths.raw)
    if database is None:
        (scratch / DATABASE).rename(paths.database)
    else:
        keep_name(paths, database.app, database.owner, database.direct, database.password_file)
    for folder in (paths.raw, paths.home):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        os.fsync(handle)
        os.close(handle)


def _lines(report: Restored) -> list[str]:
    manifest = report.manifest
    until = f"{manifest.until:%Y-%m-%d %H:%M:%S} UTC" if manifest.until else "its founding"
    counts = ", ".join(f"{number:,} {name}" for name, number in manifest.counts.items())
    lines = [
        f"{report.home} is the desk as of {until}, restored and checked in {report.seconds:.1f} s: {counts}.",
        "What happened since then is not in it: closed accounts, changed passwords and roles are as they were.",
        "Codes up to now work no more: everybody waits for the next one.",
    ]
    if report.recovery_codes_spent:
        lines.append(
            f"All {report.recovery_codes_spent} recovery codes are spent: `agentconsole user reset-totp` helps."
        )
    if report.mails_in_doubt:
        lines.append(f"{report.mails_in_doubt} mails may have left since then: their cases ask before one goes again.")
    if report.missing:
        lines.append(f"MISSING: {report.missing} stored messages or attachments are not in this backup.")
    return [*lines, "Next: `agentconsole doctor`, then `agentconsole` or `agentconsole serve`."]
