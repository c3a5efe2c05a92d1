"""Tests of who is at the other end."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.security.peer import Peer, peer_of


def test_the_kernel_names_the_process_that_connected(tmp_path: Path) -> None:
    program = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.recv(1)"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "sock"))
        listening.listen()
        child = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "sock")])
        listening.settimeout(20)
        connection, _ = listening.accept()

        with connection:
            peer = peer_of(connection)

        child.wait(timeout=20)
    assert peer == Peer(child.pid, os.getuid(), os.getgid())


def test_a_connection_over_the_network_has_no_account() -> None:
    with socket.socket(socket.AF_INET) as sock, pytest.raises(Refused, match="desk's own socket"):
        peer_of(sock)


def test_a_socket_that_nobody_connected_has_no_account() -> None:
    with socket.socket(socket.AF_UNIX) as sock, pytest.raises(Refused, match="has no account"):
        peer_of(sock)
