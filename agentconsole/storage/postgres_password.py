"""The password of the desk's role in PostgreSQL: in a file of its own, read when it is needed, and in no other place.

It is never part of what the database is named by, which stands in a file, in command lines and in what `doctor` says.
"""

import os
import stat
from pathlib import Path

from psycopg.conninfo import make_conninfo

from agentconsole.domain.errors import Refused

_LONGEST = 4096
_OTHERS = 0o037
"""A credential of systemd's shows its access list as the group's right to read."""


def joined(conninfo: str, password: str) -> str:
    """Return a connection string with a password, for the driver alone; with "" libpq looks for one itself."""
    return make_conninfo(conninfo, password=password) if password else conninfo


def keep_password(file: Path, password: str) -> None:
    """Write a password into a new file of mode 0600; it is on the disk when this returns."""
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600), "w") as opened:
        opened.write(f"{password}\n")
        opened.flush()
        os.fsync(opened.fileno())


def read_password(file: str) -> str:
    """Return the first line of a file; refuses one that is missing or empty, or that other accounts can open."""
    try:
        with Path(file).open(encoding="utf-8") as opened:
            if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & _OTHERS:
                raise Refused(f"Other accounts can open {file}, the database's password: run `chmod 600 {file}`.")
            password = opened.readline(_LONGEST).rstrip("\n")
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise Refused(f"The database's password cannot be read from {file} ({why}): put it there.") from None
    if not password:
        raise Refused(f"There is no password in the first line of {file}: put the database's there.")
    return password
