"""What a service manager hears of a server that is ready."""

import socket
from pathlib import Path

import pytest

from agentconsole.config.readiness import tell_ready


@pytest.mark.parametrize("place", ["{folder}/notify", "@{folder}/abstract"], ids=["in the file system", "abstract"])
def test_the_manager_that_started_us_hears_that_we_serve(tmp_path: Path, place: str) -> None:
    name = place.format(folder=tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(name.replace("@", "\0", 1))
        manager.settimeout(5)

        assert tell_ready({"NOTIFY_SOCKET": name})
        assert manager.recv(64) == b"READY=1"


@pytest.mark.parametrize("environ", [{}, *({"NOTIFY_SOCKET": place} for place in ("", "vsock:2:1", "/no"))])
def test_without_a_manager_nobody_is_told(environ: dict[str, str]) -> None:
    assert not tell_ready(environ)
