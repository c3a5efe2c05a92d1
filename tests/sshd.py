"""A real sshd on a loopback port, in front of a team's desk: accounts, /run and commands are the scratch host's."""

import ctypes
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agentconsole.cli.team_layout import ACCOUNT, COMMAND
from agentconsole.config.paths import TEAM_UNIT
from tests import needs
from tests.pty import Terminal
from tests.servers import HOST, free_port, running, wait_for_port
from tests.team.host import PEOPLE, Host

_CLONE_FS, _CLONE_NEWNS = 0x200, 0x20000
_UTMP = Path("/run/utmp")
_GONE_SECONDS = 5.0


@dataclass(slots=True)
class Line:
    """Reach a team's host over its sshd, as people do."""

    host: Host
    port: int
    folder: Path
    inside: int
    """A process that sees the host as those who sign in do; its mounts are theirs."""

    def command(self, account: str, *words: str, options: Sequence[str] = ("-tt",)) -> list[str]:
        """Return the line that an agent types on her own machine."""
        return [*self.ssh(), *options, f"{account}@{HOST}", *words]

    def ssh(self) -> list[str]:
        """Return ssh with all that leads to this sshd."""
        known = [*("-o", "StrictHostKeyChecking=no"), *("-o", f"UserKnownHostsFile={self.folder}/known")]
        quiet = [*("-F", "none"), *("-o", "LogLevel=ERROR"), *("-o", "IdentitiesOnly=yes")]
        key = ["-i", str(self.folder / "key"), "-p", str(self.port)]
        return [str(needs.program("ssh")), *quiet, *known, *key]

    def terminal(self, account: str, *words: str, size: tuple[int, int] = (80, 24)) -> Terminal:
        """Open a terminal on what an account runs there: the console, if nothing else is said."""
        return Terminal(self.command(account, *(words or ("agentconsole",))), size=size, environ={"LANG": "C.UTF-8"})

    def run(self, account: str, *words: str, options: Sequence[str] = ()) -> "subprocess.CompletedProcess[str]":
        """Run something there without a terminal."""
        return subprocess.run(
            self.command(account, *words, options=options),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def consoles(self, account: str) -> list[int]:
        """Return the processes of an account's consoles, the oldest first."""
        return [pid for pid, words in self.processes(account) if b"agentconsole" in words.split(b"\0")]

    def processes(self, account: str) -> list[tuple[int, bytes]]:
        """Return an account's processes that were begun over this sshd, each with its command line."""
        found, here = [], Path(f"/proc/{self.inside}/ns/mnt").readlink()
        for place in sorted(Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)):
            try:
                status = (place / "status").read_text("ascii", "replace")
                words = (place / "cmdline").read_bytes()
                is_here = (place / "ns/mnt").readlink() == here
            except OSError:
                continue
            if is_here and f"\nUid:\t{PEOPLE[account]}\t" in status and "\nState:\tZ" not in status:
                found.append((int(place.name), words))
        return found

    def wait_until_gone(self, account: str, seconds: float = _GONE_SECONDS) -> float:
        """Wait until an account has no process any more; return how many seconds that took."""
        begun = time.monotonic()
        while left := self.processes(account):
            assert time.monotonic() < begun + seconds, f"still there: {left}"
            threading.Event().wait(0.02)
        return time.monotonic() - begun

    def end_all(self, account: str) -> None:
        """Kill what an account left running: a multiplexer outlives its line on purpose."""
        for pid, _ in self.processes(account):
            os.kill(pid, signal.SIGKILL)
        self.wait_until_gone(account)


@contextmanager
def sshd(host: Host, *, more: str = "") -> Iterator[Line]:
    """Run an sshd that lets the people of `host` in by a key; `more` is added to its configuration."""
    daemon, keygen = needs.program("sshd"), needs.program("ssh-keygen")
    port = free_port()
    folder = host.root / f"ssh-{port}"
    folder.mkdir()
    for name in ("key", "host"):
        subprocess.run([str(keygen), "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    shutil.copy(folder / "key.pub", folder / "allowed")
    (folder / "allowed").chmod(0o644)
    (folder / "config").write_text(_config(folder, port) + more)
    _write_accounts(host, folder)
    script = _mounts(host, folder) + f"exec {daemon} -D -e -f {folder}/config"
    log = folder / "sshd.log"
    with running(["unshare", "-m", "--propagation", "private", "sh", "-ec", script], log) as process:
        wait_for_port(port, log)
        yield Line(host, port, folder, process.pid)


@contextmanager
def serving(line: Line) -> "Iterator[subprocess.Popen[bytes]]":
    """Run the desk as its units say, where it sees the same /run as those who sign in."""

    def join() -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        with Path(f"/proc/{line.inside}/ns/mnt").open("rb") as mounts:
            assert libc.unshare(_CLONE_FS) == 0, os.strerror(ctypes.get_errno())
            assert libc.setns(mounts.fileno(), _CLONE_NEWNS) == 0, os.strerror(ctypes.get_errno())

    # What a thread starts has that thread's mounts, and nothing else of this process is touched.
    with ThreadPoolExecutor(1, initializer=join) as inside:
        desk = line.host.serving()
        try:
            yield inside.submit(desk.__enter__).result()
        finally:
            inside.submit(desk.__exit__, None, None, None).result()


def _config(folder: Path, port: int) -> str:
    return f"""
ListenAddress {HOST}
Port {port}
HostKey {folder}/host
PidFile none
AuthorizedKeysFile {folder}/allowed
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AcceptEnv LANG LC_*
PrintMotd no
PrintLastLog no
Subsystem sftp internal-sftp
"""


def _write_accounts(host: Host, folder: Path) -> None:
    """Write the files of accounts: this machine's, the desk's, and the people's."""
    people = [(name, number) for name, number in PEOPLE.items()]
    for name, number in people:
        home = host.root / "home" / name
        home.mkdir(parents=True, exist_ok=True)
        os.chown(home, number, number)
    desk = host.layout.account(ACCOUNT)
    assert desk is not None
    files = {
        "passwd": [f"{name}:x:{number}:{number}::{host.root}/home/{name}:/bin/sh" for name, number in people],
        "shadow": [f"{name}:*:20000:0:99999:7:::" for name, _ in people],
        "group": [*(f"{name}:x:{number}:" for name, number in people)],
    }
    files["passwd"].append(f"{ACCOUNT}:x:{desk[0]}:{desk[1]}::/:/usr/sbin/nologin")
    files["group"].append(f"{ACCOUNT}:x:{desk[1]}:{','.join(sorted(host.members))}")
    for name, lines in files.items():
        theirs = [line for line in Path("/etc", name).read_text().splitlines() if line.split(":")[0] != ACCOUNT]
        # Theirs come last: of two with the same number the first counts, and the scratch host did not know theirs.
        (folder / name).write_text("\n".join([*lines, *theirs, ""]))


def _mounts(host: Host, accounts: Path) -> str:
    """Return the commands that put the scratch host's places where the host's own are, for sshd and its children."""
    run = host.at("/run")
    for folder in (run, run / "sshd", run / "screen", host.at(COMMAND.parent)):
        folder.mkdir(parents=True, exist_ok=True)
    (run / "screen").chmod(0o1777)
    host.at(_UTMP).touch(mode=0o644)
    files = "".join(f"mount --bind {accounts}/{name} /etc/{name}\n" for name in ("passwd", "shadow", "group"))
    places = (COMMAND.parent, TEAM_UNIT.parent, Path("/run"))
    return files + "".join(f"mount --bind {host.at(place)} {place}\n" for place in places)
