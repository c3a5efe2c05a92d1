"""`agentconsole serve` has figures on a socket beside the desk's, which goes with it."""

import signal
import socket
import subprocess
import sys

from tests.cli.program import Program


def test_a_server_that_stays_has_figures_and_takes_their_socket_with_it(program: Program) -> None:
    program.found()
    serving = subprocess.Popen(
        [sys.executable, "-I", "-m", "agentconsole", "serve"], env=program.environ, stderr=subprocess.PIPE, text=True
    )
    try:
        assert serving.stderr is not None
        while not serving.stderr.readline().startswith("serving"):
            assert serving.poll() is None
        place = program.home / "metrics.sock"
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(str(place))
            link.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
            answer = link.recv(65536)
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.communicate()

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert not place.exists()


def test_a_wrong_setting_is_refused_in_one_sentence(program: Program) -> None:
    program.found()
    program.environ["AGENTCONSOLE_METRICS"] = "everywhere"

    said = program("serve")

    assert (said.code, said.err.splitlines()[-1]) == (
        1,
        "agentconsole: AGENTCONSOLE_METRICS is socket or a port from 1024 to 65535.",
    )
