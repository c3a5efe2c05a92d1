"""Where a team's desk lies on its host, and the files that install it, with their paths filled in."""

import pwd
import sys
from dataclasses import dataclass
from pathlib import Path

from agentconsole.config.paths import TEAM_SOCKET, TEAM_UNIT, DeskPaths
from agentconsole.config.paths_data import data_dir
from agentconsole.domain.errors import Refused
from agentconsole.security.masterkey import CREDENTIAL

ACCOUNT = "agentconsole"
"""Serves the desk; its group is the agents', whose members may open the socket and nothing else."""

READER_ACCOUNT = "agentconsole-mail"
UNITS = ("agentconsole-mail.socket", "agentconsole-mail@.service", "agentconsole.service")
STARTED = ("agentconsole-mail.socket", "agentconsole.service")
HOME = Path("/var/lib/agentconsole")
KEYS = Path("/etc/agentconsole")
KEY = KEYS / "master.key"
SEALED_KEY = KEYS / "master.cred"
"""The same key as `systemd-creds` seals it for this host alone, where an administrator has had that done."""

ACCOUNTS = Path("/etc/sysusers.d/agentconsole.conf")
COMMAND = Path("/usr/local/bin/agentconsole")
READER_SOCKET = Path("/run/agentconsole-mail/sock")
_HIDDEN = tuple(map(Path, ("/home", "/root", "/run/user", "/tmp", "/var/tmp")))  # noqa: S108 - the units do not see these


@dataclass(frozen=True, slots=True)
class Layout:
    """Place a team's desk below `root`, which is / but for a scratch root; the files' texts never name that root."""

    root: Path

    def at(self, path: Path) -> Path:
        """Return where a path of the host lies."""
        return self.root / path.relative_to("/")

    @property
    def is_host(self) -> bool:
        """Tell whether this is the host itself."""
        return self.root == Path("/")

    def has(self, path: Path) -> bool:
        """Tell whether a file of root's is there; who may not look is told that it is not."""
        try:
            return self.at(path).exists()
        except PermissionError:
            return False

    @property
    def desk(self) -> DeskPaths:
        """Return the desk's paths."""
        return DeskPaths(home=self.at(HOME), socket=self.at(TEAM_SOCKET), team=True)

    def account(self, name: str) -> tuple[int, int] | None:
        """Return the user and group number of an account, None where there is none."""
        if self.is_host:
            try:
                found = pwd.getpwnam(name)
            except KeyError:
                return None
            return found.pw_uid, found.pw_gid
        known = self.at(Path("/etc/passwd"))
        for line in known.read_text("utf-8").splitlines() if known.exists() else ():
            fields = line.split(":")
            if fields[0] == name:
                return int(fields[2]), int(fields[3])
        return None


def unit_path(name: str) -> Path:
    """Return where a unit is installed."""
    return TEAM_UNIT.parent / name


def text_of(name: str, layout: Layout) -> str:
    """Return the text of a shipped file with the paths of this program in it, and where this host has the key."""
    text = (data_dir() / "team" / name).read_text("utf-8")
    for word, value in (
        ("program", f"{sys.executable} -I -m agentconsole"),
        ("python", sys.executable),
        ("home", HOME),
        ("keys", KEYS),
        ("credential", _credential(layout)),
        ("socket", TEAM_SOCKET),
        ("parser", READER_SOCKET),
    ):
        text = text.replace(f"@{word}@", str(value))
    return text


def _credential(layout: Layout) -> str:
    """Return the unit's line for the key: sealed where it is, which this program does by itself for nobody.

    What only this host opens is lost with it; whoever seals the key has put a copy of it into the safe before.
    """
    if layout.has(SEALED_KEY):
        return f"LoadCredentialEncrypted={CREDENTIAL}:{SEALED_KEY}"
    return f"LoadCredential={CREDENTIAL}:{KEY}"


def command_text() -> str:
    """Return the script that everybody on the host types; it takes nothing from who types it but the arguments."""
    return f'#!/bin/sh\nexec {sys.executable} -I -m agentconsole "$@"\n'


def check_program(layout: Layout) -> None:
    """Refuse a program that lies where the desk's own account cannot read it."""
    for path in (Path(sys.executable), Path(sys.executable).resolve(), data_dir()):
        hidden = [top for top in _HIDDEN if path.is_relative_to(top)] if layout.is_host else []
        closed = [top for top in path.parents if not top.stat().st_mode & 0o001]
        if hidden or closed:
            raise Refused(
                f"Other accounts cannot reach {path}: install the program below /opt, as the README says, and run this "
                "again from there."
            )
        if any(character.isspace() or character in "%$\"'\\" for character in str(path)):
            raise Refused(f"systemd cannot be told the path {path}: install the program where no sign is in its name.")
