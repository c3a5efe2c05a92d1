"""A host for a team's desk: a scratch root, a program that all accounts reach, and systemd's part played by hand."""

import ctypes
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from agentconsole.cli.team_layout import ACCOUNT, READER_SOCKET, Layout, unit_path
from agentconsole.config.paths import TEAM_SOCKET
from tests import needs
from tests.pty import Terminal

ROOT = Path(__file__).parents[2]
PEOPLE = {"ana": 61001, "bo": 61002, "cy": 61003, "eve": 61004}
"""Accounts of the host by number, as `useradd` would give them; eve is not in the agents' group."""

PATIENCE = 60.0
_NO_NEW_PRIVILEGES, _DENY_WRITE_EXECUTE, _REFUSE_EXEC_GAIN = 38, 65, 1
_PLAIN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what a run printed and its exit code."""

    out: str
    err: str
    code: int


@dataclass(slots=True)
class Host:
    """Run the program on a scratch root as root, as an agent, or as its installed units say."""

    root: Path
    python: Path
    members: set[str] = field(default_factory=set)
    """Who is in the agents' group: what usermod would have written."""

    @property
    def layout(self) -> Layout:
        """Return where things lie."""
        return Layout(self.root)

    def at(self, path: Path | str) -> Path:
        """Return where a path of the host lies."""
        return self.layout.at(Path(path))

    def number(self, account: str) -> tuple[int, int]:
        """Return the user and group number of an account, installed or a person's."""
        if account in PEOPLE:
            return PEOPLE[account], PEOPLE[account]
        found = self.layout.account(account)
        assert found is not None, f"there is no account {account}"
        return found

    def groups(self, account: str) -> list[int]:
        """Return the further groups of an account."""
        return [self.number(ACCOUNT)[1]] if account in self.members else []

    def __call__(self, *arguments: str, account: str = "root", environ: Mapping[str, str] | None = None) -> Said:
        """Run the program as an account, on the team's socket."""
        who: dict[str, object] = {}
        if account != "root":
            user, group = self.number(account)
            who = {"user": user, "group": group, "extra_groups": self.groups(account)}
        done = subprocess.run(
            [str(self.python), "-I", "-m", "agentconsole", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={**self.places, **(environ or {})},
            cwd="/",
            timeout=PATIENCE,
            check=False,
            **who,  # type: ignore[call-overload]
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Said(done.stdout, done.stderr, done.returncode)

    @property
    def places(self) -> dict[str, str]:
        """Return the environment that stands for the host's own /run; on a real one it is found without."""
        return {**_PLAIN_ENVIRONMENT, "HOME": "/nonexistent", "AGENTCONSOLE_SOCKET": str(self.at(TEAM_SOCKET))}

    def console(self, account: str, *, canary: str = "") -> Terminal:
        """Open the console as an agent, in a terminal."""
        user, group = self.number(account)
        groups = ",".join(map(str, self.groups(account))) or str(group)
        change = ["setpriv", f"--reuid={user}", f"--regid={group}", f"--groups={groups}", "--no-new-privs"]
        environ = {**self.places, "TERM": "xterm-256color", **({"CANARY": canary} if canary else {})}
        return Terminal([*change, str(self.python), "-I", "-m", "agentconsole"], environ=environ)

    def python_as(self, account: str, code: str, *, given: str = "") -> Said:
        """Run a script as an account, with a text as its input."""
        user, group = (0, 0) if account == "root" else self.number(account)
        done = subprocess.run(
            [str(self.python), "-I", "-c", code],
            user=user,
            group=group,
            extra_groups=self.groups(account),
            input=given,
            capture_output=True,
            text=True,
            env=_PLAIN_ENVIRONMENT,
            cwd="/",
            timeout=PATIENCE,
            check=False,
        )
        return Said(done.stdout, done.stderr, done.returncode)

    @contextmanager
    def serving(self, *, canary: str = "", before: Sequence[str] = ()) -> "Iterator[subprocess.Popen[bytes]]":
        """Run the desk as its units say, until the end of the context; with words `before` each unit's command."""
        unit = Unit.read(self, "agentconsole.service")
        user, group = self.number(unit.one("User"))[0], self.number(unit.one("Group"))[1]
        self._make_runtime(unit, user, group)
        credentials = self._credentials(unit, user)
        environ = {**_PLAIN_ENVIRONMENT, **unit.environment(), "CREDENTIALS_DIRECTORY": str(credentials)}
        if canary:
            environ["CANARY"] = canary
        journal = self.at("/var/log/journal/desk")
        journal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        began = journal.stat().st_size if journal.exists() else 0
        with self._reading(before), journal.open("ab") as log:
            server = subprocess.Popen(
                [*before, *unit.one("ExecStart").split()],
                user=user,
                group=group,
                extra_groups=[],
                umask=int(unit.one("UMask"), 8),
                env=environ,
                cwd=self.at(unit.one("WorkingDirectory")),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_as_hardened,
            )
            try:
                self._wait_until_served(server, journal, began)
                yield server
            finally:
                self("stop")
                server.wait(PATIENCE)

    def _make_runtime(self, unit: "Unit", user: int, group: int) -> None:
        folder = self.at("/run") / unit.one("RuntimeDirectory")
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, user, group)
        folder.chmod(int(unit.one("RuntimeDirectoryMode"), 8))

    def _credentials(self, unit: "Unit", user: int) -> Path:
        name, _, source = unit.one("LoadCredential").partition(":")
        folder = self.at("/run/credentials/agentconsole.service")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / name).write_bytes(self.at(source).read_bytes())
        for path, mode in ((folder / name, 0o400), (folder, 0o500)):
            os.chown(path, user, 0)
            path.chmod(mode)
        return folder

    def _wait_until_served(self, server: "subprocess.Popen[bytes]", journal: Path, began: int) -> None:
        """Wait until the server has said so in the journal, behind what it held before."""
        until = time.monotonic() + PATIENCE
        while b'"message": "serving ' not in (said := journal.read_bytes()[began:]):
            assert server.poll() is None, said.decode()
            assert time.monotonic() < until, said.decode()
            threading.Event().wait(0.05)

    @contextmanager
    def _reading(self, before: Sequence[str]) -> Iterator[None]:
        """Listen as the socket unit says, and start its service for each connection."""
        asked, unit = Unit.read(self, "agentconsole-mail.socket"), Unit.read(self, "agentconsole-mail@.service")
        assert Path(asked.one("ListenStream")) == READER_SOCKET
        place = self.at(READER_SOCKET)
        place.parent.mkdir(exist_ok=True)
        place.unlink(missing_ok=True)
        readers: list[subprocess.Popen[bytes]] = []
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(place))
            os.chown(place, self.number(asked.one("SocketUser"))[0], 0)
            place.chmod(int(asked.one("SocketMode"), 8))
            listening.listen()
            thread = threading.Thread(
                target=self._accept, args=(listening, [*before, *unit.one("ExecStart").split()], unit, readers)
            )
            thread.start()
            try:
                yield
            finally:
                listening.shutdown(socket.SHUT_RDWR)
                thread.join()
                for reader in readers:
                    reader.kill()
                    reader.wait()

    def _accept(
        self, listening: socket.socket, command: list[str], unit: "Unit", readers: "list[subprocess.Popen[bytes]]"
    ) -> None:
        user, group = self.number(unit.one("User"))[0], self.number(unit.one("Group"))[1]
        assert (unit.one("StandardInput"), unit.one("StandardOutput")) == ("socket", "socket")
        while True:
            try:
                link, _ = listening.accept()
            except OSError:
                return
            with link:
                readers.append(
                    subprocess.Popen(
                        command,
                        user=user,
                        group=group,
                        extra_groups=[],
                        env=_PLAIN_ENVIRONMENT,
                        cwd="/",
                        stdin=link,
                        stdout=link,
                        stderr=subprocess.DEVNULL,
                        preexec_fn=_as_hardened,
                    )
                )


@dataclass(frozen=True, slots=True)
class Unit:
    """Read one installed unit."""

    host: Host
    text: str

    @classmethod
    def read(cls, host: Host, name: str) -> "Unit":
        """Read an installed unit by its name."""
        return cls(host, host.at(unit_path(name)).read_text("utf-8"))

    def all(self, key: str) -> list[str]:
        """Return all values of a key."""
        return re.findall(rf"^{key}=(.*)$", self.text, re.MULTILINE)

    def one(self, key: str) -> str:
        """Return the one value of a key."""
        (value,) = self.all(key)
        return str(value)

    def environment(self) -> dict[str, str]:
        """Return the environment it sets, its paths below the scratch root."""
        pairs = [line.partition("=") for line in self.all("Environment")]
        return {name: str(self.host.at(value)) for name, _, value in pairs}


def _as_hardened() -> None:
    """Take on of a unit's hardening what a process can do to itself: no new privileges, no memory both ways."""
    libc = ctypes.CDLL(None)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.prctl(_DENY_WRITE_EXECUTE, _REFUSE_EXEC_GAIN, 0, 0, 0)


@contextmanager
def scratch_host() -> Iterator[Host]:
    """Make an empty host with the program in /opt, and take it away again."""
    needs.root("a team's desk has accounts of its own")
    needs.program("systemd-sysusers")
    folder = Path(tempfile.mkdtemp(prefix="acteam-", dir="/tmp"))
    try:
        folder.chmod(0o755)
        yield Host(folder, _program(folder / "opt" / "agentconsole"))
    finally:
        shutil.rmtree(folder)


def _program(place: Path) -> Path:
    """Make an environment with this very program that every account can reach; what it cannot is copied there."""
    system = Path(f"/usr/bin/python3.{sys.version_info.minor}")
    base = next((path for path in (Path(sys.executable).resolve(), system) if path.exists() and _is_open(path)), None)
    if base is None:
        needs.leave_out(f"no {system.name} that every account may run")
    subprocess.run([str(base), "-m", "venv", "--without-pip", str(place)], check=True, umask=0o022)
    (packages,) = place.glob("lib/python3.*/site-packages")
    libraries = Path(next(path for path in sys.path if path.endswith("site-packages")))
    found = [
        _reachable(libraries, place / "libraries"),
        _reachable(ROOT / "agentconsole", place / "ours" / "agentconsole").parent,
    ]
    _reachable(ROOT / "data", place / "ours" / "data")
    (packages / "agentconsole.pth").write_text("".join(f"{path}\n" for path in reversed(found)), encoding="utf-8")
    return place / "bin" / "python"


def _reachable(folder: Path, copy: Path) -> Path:
    if _is_open(folder):
        return folder
    shutil.copytree(folder, copy)
    return copy


def _is_open(path: Path) -> bool:
    return all(above.stat().st_mode & 0o001 for above in path.parents)
