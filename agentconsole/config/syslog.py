"""The host's journal: a line that the desk's own account cannot take back once it is written."""

import os
import socket
from pathlib import Path

SOCKET = Path("/dev/log")
_NOTICE_OF_A_DAEMON = 3 * 8 + 5
_PROGRAM = "agentconsole"
_SECONDS = 1.0


def tell_journal(line: str, place: Path = SOCKET) -> bool:
    """Hand a line of ASCII to journald or syslog (RFC 3164); False where nobody listens."""
    message = f"<{_NOTICE_OF_A_DAEMON}>{_PROGRAM}[{os.getpid()}]: {line}".encode("ascii")
    for kind, end in ((socket.SOCK_DGRAM, b""), (socket.SOCK_STREAM, b"\0")):
        with socket.socket(socket.AF_UNIX, kind) as link:
            link.settimeout(_SECONDS)
            try:
                link.connect(os.fspath(place))
                link.sendall(message + end)
            except OSError:
                continue
            return True
    return False
