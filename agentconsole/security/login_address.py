"""Where the person at the other end of a Unix socket signed in to this host from, as the host itself wrote it down.

It rests on what only root can write: the login session of systemd that the kernel holds the process in, or else the
record in utmp of root's own `sshd` or `login` that the process descends from. Nothing comes from the environment.
Behind a hop it is the hop's; in a tmux or mosh whose login has ended it is not known.
"""

import ipaddress
import os
import pwd
import re
import struct
from dataclasses import dataclass
from pathlib import Path

from agentconsole.security.peer import Peer

UNKNOWN = ""
LOCAL = "local"
"""The address of somebody who sits at the host's own console."""

_SCOPE = re.compile(r"/session-([A-Za-z0-9]{1,32})\.scope(?:/|$)", re.MULTILINE)
_NO_SESSION = str(0xFFFFFFFF)
_USER_PROCESS = 7
_MOST_ANCESTORS = 64
_MOST_BYTES = 1 << 20
# utmp(5): type, process, line, user, host, address; the rest is of no use here. Elsewhere the address is not known.
_RECORDS = {
    "x86_64": struct.Struct("=h2xi32s4x32s256s4x4x8x16s20x"),
    "aarch64": struct.Struct("=h2xi32s4x32s256s4x8x16x16s24x"),
}


@dataclass(frozen=True, slots=True)
class Records:
    """Say where the kernel and the host keep what is read."""

    proc: Path = Path("/proc")
    sessions: Path = Path("/run/systemd/sessions")
    utmp: Path = Path("/run/utmp")


HOST = Records()


def address_of(peer: Peer, records: Records = HOST) -> str:
    """Return the address that the peer's login came from, LOCAL for the host's console, UNKNOWN where nothing tells."""
    try:
        if _numbers(records, peer.pid, "Uid")[1] != peer.uid:
            return UNKNOWN  # the process that connected is gone, and another has its number
        session = _session(records, peer)
        return session if session is not None else _login(records, peer)
    except (OSError, ValueError, IndexError):
        return UNKNOWN


def spoken(address: str) -> str:
    """Say where somebody is."""
    if address == LOCAL:
        return "at the host's console"
    return f"from {address}" if address else "address unknown"


def _session(records: Records, peer: Peer) -> str | None:
    """Return what systemd knows of the peer's login session; None where it holds it in none."""
    for name in _session_names(records, peer.pid):
        try:
            text = (records.sessions / name).read_text("utf-8", "replace")[:_MOST_BYTES]
        except OSError:
            continue
        said = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        # A session that is closing has lost its login: whoever goes on in it (tmux, mosh) may be anywhere.
        if (
            not _is_of(peer, int(said.get("UID", "-1")))
            or said.get("CLASS") != "user"
            or said.get("STATE") == "closing"
        ):
            return UNKNOWN
        if said.get("REMOTE") == "1":
            return _plain(said.get("REMOTE_HOST", ""))
        return LOCAL if said.get("SEAT") or said.get("TTY", "").startswith("tty") else UNKNOWN
    return None


def _session_names(records: Records, pid: int) -> list[str]:
    process = records.proc / str(pid)
    names = _SCOPE.findall((process / "cgroup").read_text("ascii", "replace"))
    try:
        audited = (process / "sessionid").read_text("ascii").strip()
    except OSError:  # a kernel without audit
        return names
    return names if audited == _NO_SESSION or not audited.isdigit() else [audited, *names]


def _login(records: Records, peer: Peer) -> str:
    """Return what the nearest of root's processes above the peer wrote into utmp about its login."""
    logins = _logins(records.utmp)
    pid = peer.pid
    for _ in range(_MOST_ANCESTORS):
        pid = _numbers(records, pid, "PPid")[0]
        if pid <= 1:
            break
        if pid in logins and set(_numbers(records, pid, "Uid")) == {0}:
            user, address = logins[pid]
            return address if _is_of(peer, pwd.getpwnam(user).pw_uid) else UNKNOWN
    return UNKNOWN


def _logins(utmp: Path) -> dict[int, tuple[str, str]]:
    """Return the account and the address of each login by its process."""
    record = _RECORDS.get(os.uname().machine)
    if record is None:
        return {}
    with utmp.open("rb") as file:
        data = file.read(_MOST_BYTES)
    found = {}
    for at in range(0, len(data) - record.size + 1, record.size):
        kind, pid, line, user, host, address = record.unpack_from(data, at)
        if kind == _USER_PROCESS:
            where = _packed(address) or (LOCAL if line.startswith(b"tty") and not host.strip(b"\0") else UNKNOWN)
            found[pid] = (user.split(b"\0")[0].decode("utf-8", "replace"), where)
    return found


def _packed(address: bytes) -> str:
    if not any(address):
        return ""
    return _plain(str(ipaddress.ip_address(address if any(address[4:]) else address[:4])))


def _plain(text: str) -> str:
    """Return an address in its one form; UNKNOWN for a name, which whoever answers for it could change."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return UNKNOWN
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def _is_of(peer: Peer, uid: int) -> bool:
    """Tell whether a login is the peer's own; root may act in anybody's."""
    return peer.uid in (0, uid)


def _numbers(records: Records, pid: int, key: str) -> tuple[int, ...]:
    status = (records.proc / str(pid) / "status").read_text("ascii", "replace")
    return tuple(map(int, status.partition(f"\n{key}:")[2].partition("\n")[0].split()))
