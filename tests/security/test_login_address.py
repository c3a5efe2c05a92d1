"""The address of a login: read from what only root writes, and unknown where that says nothing."""

import platform
import struct
from dataclasses import dataclass
from pathlib import Path

import pytest

from agentconsole.security.login_address import LOCAL, UNKNOWN, Records, address_of, spoken
from agentconsole.security.peer import Peer

NOBODY = 65534
PEER = Peer(pid=900, uid=NOBODY, gid=NOBODY)
SESSION = {"UID": "65534", "CLASS": "user", "STATE": "active", "REMOTE": "1", "REMOTE_HOST": "192.0.2.7"}


@dataclass
class Host:
    """Write the records of a host as the kernel, systemd and sshd do."""

    records: Records

    def process(self, pid: int, parent: int, uid: int, *, cgroup: str = "0::/", audited: str = "4294967295") -> None:
        """Add a process."""
        folder = self.records.proc / str(pid)
        folder.mkdir(parents=True)
        (folder / "status").write_text(f"Name:\tx\nPPid:\t{parent}\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n")
        (folder / "cgroup").write_text(cgroup + "\n")
        (folder / "sessionid").write_text(audited)

    def session(self, name: str, **changed: str) -> None:
        """Add a session of systemd."""
        self.records.sessions.mkdir(exist_ok=True)
        lines = [f"{key}={value}\n" for key, value in {**SESSION, **changed}.items()]
        (self.records.sessions / name).write_text("".join(lines))

    def login(self, pid: int, user: str, address: bytes, *, line: str = "pts/3", kind: int = 7) -> None:
        """Add a login to utmp."""
        host = b"office" if any(address) else b""
        head = struct.pack("=h2xi32s4s32s256s4s", kind, pid, line.encode(), b"3", user.encode(), host, b"")
        tail = {"x86_64": "=12x16s20x", "aarch64": "=24x16s24x"}[platform.machine()]
        with self.records.utmp.open("ab") as file:
            file.write(head + struct.pack(tail, address))


@pytest.fixture(name="host")
def _host(tmp_path: Path) -> Host:
    return Host(Records(tmp_path / "proc", tmp_path / "sessions", tmp_path / "utmp"))


V4 = bytes([192, 0, 2, 7]) + bytes(12)
V6 = bytes.fromhex("20010db8000000000000000000000007")
MAPPED = bytes.fromhex("00000000000000000000ffffc0000207")


@pytest.mark.parametrize(
    ("situation", "changed", "expected"),
    [
        ("over ssh", {}, "192.0.2.7"),
        ("over ssh, IPv6", {"REMOTE_HOST": "2001:DB8::7"}, "2001:db8::7"),
        ("over ssh from a link", {"REMOTE_HOST": "fe80::1%eth0"}, "fe80::1"),
        ("IPv4 written as IPv6", {"REMOTE_HOST": "::ffff:192.0.2.7"}, "192.0.2.7"),
        ("a name, which whoever answers for it may change", {"REMOTE_HOST": "office.example.com"}, UNKNOWN),
        ("at the desk in front of it", {"REMOTE": "0", "SEAT": "seat0"}, LOCAL),
        ("at its text console", {"REMOTE": "0", "TTY": "tty1"}, LOCAL),
        ("neither", {"REMOTE": "0"}, UNKNOWN),
        ("a session of somebody else", {"UID": "1000"}, UNKNOWN),
        ("work of cron", {"CLASS": "background"}, UNKNOWN),
        ("its login has ended: tmux, mosh", {"STATE": "closing"}, UNKNOWN),
        ("a record that is damaged", {"UID": "x"}, UNKNOWN),
    ],
)
@pytest.mark.parametrize("held", [{"audited": "12"}, {"cgroup": "0::/user.slice/user-65534.slice/session-12.scope"}])
def test_systemd_knows_where_a_login_session_comes_from(
    host: Host, held: dict[str, str], situation: str, changed: dict[str, str], expected: str
) -> None:
    host.process(900, 1, NOBODY, **held)
    host.session("12", **changed)

    assert address_of(PEER, host.records) == expected, situation


@pytest.mark.parametrize(
    ("situation", "login", "expected"),
    [
        ("sshd's own record, IPv4", {"pid": 700, "user": "nobody", "address": V4}, "192.0.2.7"),
        ("sshd's own record, IPv6", {"pid": 700, "user": "nobody", "address": V6}, "2001:db8::7"),
        ("IPv4 written as IPv6", {"pid": 700, "user": "nobody", "address": MAPPED}, "192.0.2.7"),
        ("at the console", {"pid": 700, "user": "nobody", "address": bytes(16), "line": "tty1"}, LOCAL),
        ("a terminal without address", {"pid": 700, "user": "nobody", "address": bytes(16)}, UNKNOWN),
        ("a process of the agent's own, as utempter writes it", {"pid": 800, "user": "nobody", "address": V4}, UNKNOWN),
        ("a login of somebody else, as under su", {"pid": 700, "user": "root", "address": V4}, UNKNOWN),
        ("a login that has ended", {"pid": 700, "user": "nobody", "address": V4, "kind": 8}, UNKNOWN),
        ("another login's", {"pid": 701, "user": "nobody", "address": V4}, UNKNOWN),
    ],
)
def test_without_systemd_it_is_what_roots_sshd_above_the_process_wrote(
    host: Host, situation: str, login: dict[str, object], expected: str
) -> None:
    host.process(700, 1, 0)
    host.process(800, 700, NOBODY)
    host.process(900, 800, NOBODY)
    host.login(**login)  # type: ignore[arg-type]

    assert address_of(PEER, host.records) == expected, situation


def test_root_may_act_within_the_login_of_anybody(host: Host) -> None:
    host.process(900, 1, 0, audited="12")
    host.session("12")

    assert address_of(Peer(900, 0, 0), host.records) == "192.0.2.7"


@pytest.mark.parametrize("uid", [None, 1000])
def test_a_process_that_is_gone_has_no_address(host: Host, uid: int | None) -> None:
    host.session("12")
    if uid is not None:
        host.process(900, 1, uid, audited="12")

    assert address_of(PEER, host.records) == UNKNOWN


def test_a_record_cut_short_breaks_nothing(host: Host) -> None:
    host.process(700, 1, 0)
    host.process(900, 700, NOBODY)
    host.login(700, "nobody", V4)
    host.records.utmp.write_bytes(host.records.utmp.read_bytes() + b"\x07\x00half of one")

    assert address_of(PEER, host.records) == "192.0.2.7"


@pytest.mark.parametrize(
    ("address", "said"),
    [("192.0.2.7", "from 192.0.2.7"), (LOCAL, "at the host's console"), (UNKNOWN, "address unknown")],
)
def test_an_address_is_said_in_words(address: str, said: str) -> None:
    assert spoken(address) == said
