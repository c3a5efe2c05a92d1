"""Where a desk keeps its state: one folder, mode 0700, never in the checkout."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from agentconsole.domain.errors import Refused

LONGEST_SOCKET_PATH = 100
SOCKET_VARIABLE = "AGENTCONSOLE_SOCKET"
"""Names the socket of a team's desk, for its server and for who asks it; without it the installed one is found."""

TEAM_SOCKET = Path("/run/agentconsole/sock")
TEAM_UNIT = Path("/etc/systemd/system/agentconsole.service")
PRIVATE = "private"
"""Stands in the lock file behind the number of a server that a console started, and that a console may start again."""

BEGAN_VARIABLE = "AGENTCONSOLE_BEGAN"
"""Tells a server when the console that starts it began to, in seconds since 1970."""

STOPPED = "stopped"
"""Stands there instead once somebody told it to stop."""


@dataclass(frozen=True, slots=True)
class DeskPaths:
    """Name the files of one desk below its `home`.

    The desk of a `team` is served by an account of its own; its socket is open to that account's group, and to nobody
    but the socket's server is the home of any use.
    """

    home: Path
    socket: Path
    team: bool = False

    @property
    def database(self) -> Path:
        """Return the SQLite file."""
        return self.home / "desk.sqlite3"

    @property
    def database_named(self) -> Path:
        """Return the file that names a database in PostgreSQL; a desk without it has the SQLite file."""
        return self.home / "database.toml"

    @property
    def moving(self) -> Path:
        """Return the folder that is there while the desk goes over from one database to another."""
        return self.home / "moving"

    @property
    def moved(self) -> Path:
        """Return the file that tells the next server of a move, until the event log does."""
        return self.home / "moved.json"

    @property
    def place(self) -> str:
        """Return what names this host and folder among all whose server may work on one database."""
        return hashlib.sha256(f"{os.uname().nodename}:{self.home}".encode()).hexdigest()[:12]

    @property
    def database_password(self) -> Path:
        """Return the file with the password of the desk's role there, where one was asked for."""
        return self.home / "database.password"

    def has_desk(self) -> bool:
        """Tell whether a desk was made here, as far as files can tell."""
        return self.database.exists() or self.database_named.exists()

    @property
    def raw(self) -> Path:
        """Return the folder of raw messages and attachments, named by content hash."""
        return self.home / "raw"

    @property
    def log(self) -> Path:
        """Return the server's log file."""
        return self.home / "server.log"

    @property
    def lock(self) -> Path:
        """Return the file whose lock the one server of this desk holds."""
        return self.home / "server.lock"

    def wants_private_server(self) -> bool:
        """Tell whether the last server was a console's, and nobody told it to stop: it was killed, or left alone."""
        try:
            return PRIVATE in self.lock.read_text("ascii", "replace")
        except OSError:
            return False

    def make(self) -> None:
        """Create the folders with mode 0700; refuse a home that others can read."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = self.home.stat()
        if status.st_uid != os.geteuid():
            raise Refused(f"{self.home} belongs to another account: choose a folder of your own in AGENTCONSOLE_HOME")
        if status.st_mode & 0o077:
            raise Refused(f"{self.home} is open to other accounts: run `chmod 700 {self.home}` and start again")
        self.raw.mkdir(mode=0o700, exist_ok=True)
        # A team's socket lies in a folder of /run that systemd makes, with the group that may enter it.
        if not self.team:
            self.socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _socket(home: Path, environ: Mapping[str, str]) -> Path:
    """Put the socket into the home, or where its path would be too long for the kernel into the runtime folder."""
    inside = home / "server.sock"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH:
        return inside
    runtime = Path(environ.get("XDG_RUNTIME_DIR") or f"/tmp/agentconsole-{os.geteuid()}")  # noqa: S108 - made 0700
    return runtime / f"agentconsole-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}.sock"


def _data_home(environ: Mapping[str, str]) -> Path:
    data = environ.get("XDG_DATA_HOME") or str(Path(environ.get("HOME", "~")).expanduser() / ".local" / "share")
    return Path(data) / "agentconsole"


def desk_paths(environ: Mapping[str, str], home: Path | None = None, *, team_unit: Path = TEAM_UNIT) -> DeskPaths:
    """Return the paths of the desk at `home`, else AGENTCONSOLE_HOME, else the XDG data folder, else the team's.

    Somebody's own desk comes before the team's of the same host, so that installing one never hides the other.
    """
    named = environ.get("AGENTCONSOLE_HOME")
    given = home is not None or bool(named)
    home = (home or (Path(named) if named else _data_home(environ))).absolute()
    paths = DeskPaths(home=home, socket=_socket(home, environ))
    if environ.get(SOCKET_VARIABLE):
        return replace(paths, socket=Path(environ[SOCKET_VARIABLE]), team=True)
    if not given and not paths.database.exists() and team_unit.exists():
        return replace(paths, socket=TEAM_SOCKET, team=True)
    return paths
