"""The steps of an installation: each knows whether it is done, does itself, and takes itself back."""

import os
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agentconsole.cli.team_layout import ACCOUNT, ACCOUNTS, READER_ACCOUNT, SEALED_KEY, Layout
from agentconsole.domain.errors import Refused
from agentconsole.security.masterkey import FILE_VARIABLE, create_master_key


class Step(Protocol):
    """Change one thing on the host, or nothing where it is as it should be."""

    def told(self) -> str:
        """Return a line that says what is made."""

    def is_done(self) -> bool:
        """Tell whether nothing is left to do."""

    def do(self) -> None:
        """Make it so."""


@dataclass(frozen=True, slots=True)
class Put:
    """Put a file of root's with a text and a mode, in one move."""

    layout: Layout
    path: Path
    text: str
    mode: int = 0o644

    def told(self) -> str:
        """Return a line that says what is made."""
        return f"file {self.path} (root, {self.mode:04o})"

    def is_done(self) -> bool:
        """Tell whether the very file is there."""
        at = self.layout.at(self.path)
        if not at.is_file() or at.is_symlink():
            return False
        return at.read_bytes() == self.text.encode() and stat.S_IMODE(at.stat().st_mode) == self.mode

    def do(self) -> None:
        """Write it beside its place and move it there."""
        at = self.layout.at(self.path)
        _make_above(at)
        handle, name = tempfile.mkstemp(dir=at.parent, prefix=".agentconsole-")
        os.close(handle)
        written = Path(name)
        written.write_text(self.text, "utf-8")
        written.chmod(self.mode)
        written.replace(at)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Make the two accounts and the group, by the numbers that systemd-sysusers finds free."""

    layout: Layout

    def told(self) -> str:
        """Return a line that says what is made."""
        return f"accounts {ACCOUNT} and {READER_ACCOUNT}, without login; group {ACCOUNT} for the agents"

    def is_done(self) -> bool:
        """Tell whether both are there."""
        return None not in (self.layout.account(ACCOUNT), self.layout.account(READER_ACCOUNT))

    def do(self) -> None:
        """Have systemd-sysusers make them from its file."""
        program = shutil.which("systemd-sysusers", path="/usr/bin:/bin")
        if program is None:
            raise Refused("A team's desk is run by systemd, which is not on this host (systemd-sysusers is missing).")
        command = [program, f"--root={self.layout.root}", ACCOUNTS.name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - systemd's, our file
        if done.returncode or not self.is_done():
            why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise Refused(f"systemd-sysusers could not make the accounts: {why}")


@dataclass(frozen=True, slots=True)
class Folder:
    """Make a folder that only its owner can enter."""

    layout: Layout
    path: Path
    owner: str

    def told(self) -> str:
        """Return a line that says what is made."""
        return f"folder {self.path} ({self.owner}, 0700)"

    def is_done(self) -> bool:
        """Tell whether it is there, its owner's and closed."""
        at = self.layout.at(self.path)
        if at.is_symlink() or not at.is_dir():
            return False
        found = at.stat()
        return (found.st_uid, found.st_gid) == self._numbers() and stat.S_IMODE(found.st_mode) == 0o700

    def do(self) -> None:
        """Make it, or give it its owner and mode."""
        at = self.layout.at(self.path)
        if at.is_symlink() or (at.exists() and not at.is_dir()):
            raise Refused(f"{at} is in the way: a folder belongs there; move it away and run this again.")
        _make_above(at)
        at.mkdir(mode=0o700, exist_ok=True)
        os.chown(at, *(self._numbers() or (0, 0)), follow_symlinks=False)
        at.chmod(0o700)

    def _numbers(self) -> tuple[int, int] | None:
        return (0, 0) if self.owner == "root" else self.layout.account(self.owner)


def _make_above(path: Path) -> None:
    """Make the folders above a path, open to everybody as the host's own are; what is there stays as it is."""
    for folder in reversed(path.parents):
        if not folder.exists():
            folder.mkdir()
            folder.chmod(0o755)


@dataclass(frozen=True, slots=True)
class Key:
    """Make the master key where root alone can read it; systemd hands it to the server, and to nobody else."""

    layout: Layout
    path: Path

    def told(self) -> str:
        """Return a line that says what is made."""
        return f"master key {self.path} (root, 0600), which systemd gives to the server as a credential"

    def is_done(self) -> bool:
        """Tell whether there is one; it is never made twice."""
        return self.layout.has(self.path) or self.layout.has(SEALED_KEY)

    def do(self) -> None:
        """Make a new one."""
        at = self.layout.at(self.path)
        create_master_key(at.parent, "", {FILE_VARIABLE: str(at)})
