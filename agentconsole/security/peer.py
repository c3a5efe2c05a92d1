"""Who is at the other end of a Unix socket, as the kernel tells it."""

import socket
import struct
from dataclasses import dataclass

from agentconsole.domain.errors import Refused

_UCRED = struct.Struct("=iII")
_NO_UID = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Peer:
    """Name the process that connected, and the account it ran under at that moment."""

    pid: int
    uid: int
    gid: int


def peer_of(sock: socket.socket) -> Peer:
    """Ask the kernel who connected (SO_PEERCRED), which the peer cannot forge; refuse a socket without an account."""
    if sock.family != socket.AF_UNIX:
        raise Refused("Only a connection over the desk's own socket can be told whose it is.")
    pid, uid, gid = _UCRED.unpack(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size))
    if uid == _NO_UID:
        raise Refused("The other end of this connection has no account.")
    return Peer(pid, uid, gid)
