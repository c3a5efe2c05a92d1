"""The file that holds a master key: read only where nobody else can, written so that nobody else could."""

import errno
import os
import shlex
import stat
from pathlib import Path

from agentconsole.domain.errors import Refused

_LONGEST = 4096
_OPEN = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # a planted pipe must not hold up the start
_NOT_OWN = 0o077
_GROUP_READS = 0o040


def read_key_file(path: Path, *, group_may_read: bool = False) -> str | None:
    """Read the key's text, None where there is no file; refuse a symbolic link and what `check_key_file` refuses."""
    try:
        handle = os.open(path, os.O_RDONLY | _OPEN)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _cannot(path, error) from error
    try:
        check_key_file(path, os.fstat(handle), group_may_read=group_may_read)
        return os.read(handle, _LONGEST).decode("ascii", "replace")
    except OSError as error:
        raise _cannot(path, error) from error
    finally:
        os.close(handle)


def check_key_file(path: Path, found: os.stat_result, *, group_may_read: bool = False) -> None:
    """Refuse anything but a regular file of this account or root that neither group nor others can open.

    `group_may_read` is for systemd's credentials, whose access list shows up as the group's bits.
    """
    mode = stat.S_IMODE(found.st_mode)
    allowed = _GROUP_READS if group_may_read else 0
    if not stat.S_ISREG(found.st_mode):
        raise Refused(f"The key file {path} is not a regular file; put the key itself there.")
    if found.st_uid not in (os.geteuid(), 0):
        raise Refused(f"The key file {path} belongs to another account; type: chown {os.geteuid()} {_quoted(path)}")
    if mode & _NOT_OWN & ~allowed:
        raise Refused(
            f"The key file {path} is open to other accounts (mode {mode:03o}); type: chmod 600 {_quoted(path)}"
        )


def write_key_file(path: Path, text: str) -> None:
    """Write a new file of mode 600 and wait until the disk has it; refuse to write over anything."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN, 0o600)
    except FileExistsError as error:
        raise Refused(f"There is something at {path} already; move it away before a new master key is made.") from error
    except OSError as error:
        raise _cannot(path, error) from error
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        _sync_directory(path.parent)
    except OSError as error:
        path.unlink(missing_ok=True)  # half a key would stop the next attempt
        raise _cannot(path, error) from error


def _cannot(path: Path, error: OSError) -> Refused:
    if error.errno == errno.ELOOP:
        return Refused(f"The key file {path} is a symbolic link; put the key itself there.")
    return Refused(f"The key file {path} cannot be used: {(error.strerror or 'unknown reason').lower()}.")


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
