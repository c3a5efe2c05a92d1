"""What surrounds a test: an environment that is the same on every machine, and no network but this machine's own."""

import os
import shutil
import sys
import tempfile
from ipaddress import ip_address
from pathlib import Path

MACHINE_HOME = "TESTS_MACHINE_HOME"
"""The variable that keeps the developer's own home, for tools that need their configuration."""

_SCRUBBED = (
    "AGENTCONSOLE_",
    "COLUMNS",
    "COLORTERM",
    "CREDENTIALS_DIRECTORY",
    "DBUS_SESSION_BUS_ADDRESS",
    "FORCE_COLOR",
)
_SCRUBBED += ("LC_", "LINES", "NO_COLOR", "NOTIFY_SOCKET", "PYTHON_KEYRING_BACKEND", "SSH_", "TEXTUAL_", "TMUX", "XDG_")
# Where the pictures' plugin collects what differs; the first process tells the others by it.
_KEPT = "TEXTUAL_SNAPSHOT_TEMPDIR"
_SET = {"LANG": "C.UTF-8", "TERM": "xterm-256color", "TZ": "UTC"}
_CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_RESOLVING = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_LOCAL_NAMES = frozenset({"", "localhost", "0.0.0.0", "::"})


class OutsideConnection(AssertionError):
    """A test reached for another machine."""


outside: list[str] = []
"""What this process reached for; a test in which it grows fails, also where the program caught the error."""


def scrub_environment() -> Path:
    """Take out what differs between machines, and give the process an empty home; returns that home."""
    os.environ.setdefault(MACHINE_HOME, os.environ.get("HOME", ""))
    for name in [name for name in os.environ if name.startswith(_SCRUBBED) and name != _KEPT]:
        del os.environ[name]
    os.environ.update(_SET)
    home = Path(tempfile.mkdtemp(prefix="agentconsole-tests-"))
    os.environ["HOME"] = str(home)
    return home


def remove_home(home: Path) -> None:
    """Remove the home when the tests are over."""
    shutil.rmtree(home, ignore_errors=True)


def guard_network() -> None:
    """Refuse every connection of this process that is not a Unix socket or loopback, for as long as it lives."""
    sys.addaudithook(_refuse_outside)


def _refuse_outside(event: str, args: tuple[object, ...]) -> None:
    if event in _CONNECTING:
        address = args[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event in _RESOLVING:
        host = args[0]
    else:
        return
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    if not is_local(name):
        outside.append(f"{event} {name}")
        raise OutsideConnection(f"a test reached for {name}: only Unix sockets and loopback are there")


def is_local(host: str) -> bool:
    """Tell whether a host is this machine, without asking a name server."""
    if host in _LOCAL_NAMES:
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
