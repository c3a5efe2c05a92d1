"""A flood of connections from one account: the others are served, and it is told what it holds too much of."""

import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.config.paths import TEAM_SOCKET
from agentconsole.server.strangers import FULL, MOST_OF_ACCOUNT
from tests.team.host import Host
from tests.team.living import one_time_password, sign_in_as

FLOOD = 500

# Opens connections that say nothing and keeps them; how many the desk has closed it says when it is asked.
_HOLD = textwrap.dedent(
    """
    import select, socket, sys
    held = []
    for _ in range(int(sys.argv[2])):
        link = socket.socket(socket.AF_UNIX)
        link.connect(sys.argv[1])
        held.append(link)
    print("there", flush=True)
    sys.stdin.readline()
    def closed(link):
        link.settimeout(5)
        while data := link.recv(65536):
            if b"too many consoles" in data:
                return True
            if b"Welcome" in data:
                return False
        return True
    print(sum(map(closed, held)), flush=True)
    sys.stdin.readline()
    """
)


@pytest.fixture(name="desk")
def _desk(host: Host, answers: Path) -> Iterator[Host]:
    """Return a host whose desk is served."""
    said = host("init", "--team", "--root", str(host.root), "--answers", str(answers))
    assert said.code == 0, said.err
    with host.serving():
        yield host


def test_five_hundred_idle_connections_of_one_account_leave_the_others_served(desk: Host) -> None:
    user, group = desk.number("bo")
    one_time = one_time_password(desk("user", "reset-totp", "ana"))
    socket = str(desk.at(TEAM_SOCKET))
    change = ["setpriv", f"--reuid={user}", f"--regid={group}", f"--groups={desk.groups('bo')[0]}"]

    with subprocess.Popen(
        [*change, str(desk.python), "-I", "-c", _HOLD, socket, str(FLOOD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as flood:
        assert flood.stdin is not None
        assert flood.stdout is not None
        assert flood.stdout.readline() == "there\n"
        ana = sign_in_as(desk, "ana", "ana", one_time)
        root = desk("status")
        bo = desk("status", account="bo")
        flood.stdin.write("\n")
        flood.stdin.flush()
        closed = int(flood.stdout.readline())
        flood.stdin.close()

    assert ana == "Enrolling"
    assert root.code == 0
    assert FULL in bo.err
    assert closed == FLOOD - MOST_OF_ACCOUNT
