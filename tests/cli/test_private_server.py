"""The private server behind consoles: killed, it comes back for the next try of the link; stopped, it stays stopped."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from agentconsole.cli.console import PrivateServer
from agentconsole.config.paths import desk_paths
from agentconsole.domain.errors import Refused
from agentconsole.wire.client import Client, LinkLost
from agentconsole.wire.frames import Status
from agentconsole.wire.queries import ReadStatus
from tests.cli.program import Program
from tests.server_bench import on_a_loop

PATIENCE = 60


async def _linked(program: Program, server: PrivateServer) -> int:
    """Try the link as the console does, until there is one; return the number of the process that serves."""
    while True:
        server.revive()
        try:
            client = await Client.connect(desk_paths(program.environ).socket)
            answer = await client.ask(ReadStatus())
        except (OSError, LinkLost):
            await asyncio.sleep(0.05)
            continue
        await client.close()
        assert isinstance(answer, Status)
        return answer.status.pid


async def _served(program: Program, *servers: PrivateServer) -> set[int]:
    return set(await asyncio.wait_for(asyncio.gather(*(_linked(program, server) for server in servers)), PATIENCE))


def _end(program: Program, *servers: PrivateServer) -> None:
    """Stop what runs, and wait for every process that was begun."""
    program.stop()
    for server in servers:
        if server.process is not None:
            server.process.wait(PATIENCE)


def _started(program: Program) -> PrivateServer:
    server = PrivateServer(desk_paths(program.environ))
    server.start()
    return server


@on_a_loop
async def test_a_killed_private_server_is_started_again(desk: Program) -> None:
    server = _started(desk)
    (first,) = await _served(desk, server)

    os.kill(first, signal.SIGKILL)
    (second,) = await _served(desk, server)
    await asyncio.to_thread(_end, desk, server)

    assert second != first


@on_a_loop
async def test_the_consoles_that_only_joined_start_it_again_too_and_one_of_them_wins(desk: Program) -> None:
    server = _started(desk)
    joined = [PrivateServer(desk_paths(desk.environ)) for _ in range(2)]
    (first,) = await _served(desk, server, *joined)

    os.kill(first, signal.SIGKILL)
    now = await _served(desk, *joined)
    again = await _served(desk, server, *joined)
    await asyncio.to_thread(_end, desk, server, *joined)

    assert len(now) == 1
    assert now == again != {first}


@on_a_loop
async def test_a_private_server_that_was_stopped_stays_stopped_for_all(desk: Program) -> None:
    server, joined = _started(desk), PrivateServer(desk_paths(desk.environ))
    await _served(desk, server)
    await _served(desk, joined)
    assert server.process is not None

    desk("stop")
    stopped = server.process.wait()
    before = joined.process
    server.revive()
    joined.revive()

    assert (stopped, server.process.poll()) == (0, 0)
    assert joined.process is before
    await asyncio.to_thread(_end, desk, joined)


@on_a_loop
async def test_a_server_of_a_team_that_was_killed_is_nothing_for_a_console_to_start(desk: Program) -> None:
    command = [sys.executable, "-I", "-m", "agentconsole", "serve"]
    team = subprocess.Popen(command, env=desk.environ, stderr=subprocess.DEVNULL)
    joined = PrivateServer(desk_paths(desk.environ))
    await _served(desk, joined)

    team.kill()
    team.wait()
    joined.revive()

    assert joined.process is None
    desk_paths(desk.environ).socket.unlink()


@on_a_loop
async def test_a_console_that_comes_while_the_last_server_ends_alone_has_one_after_it(desk: Program) -> None:
    """What a command line had started ends a few seconds after it; who comes in that moment must not wait for ever."""
    desk("user", "list")
    socket = desk_paths(desk.environ).socket
    while socket.exists():
        await asyncio.sleep(0.002)

    server = _started(desk)
    served = await _served(desk, server)
    await asyncio.to_thread(_end, desk, server)

    assert served == {server.process.pid if server.process else 0}


def test_two_command_lines_that_start_a_private_server_at_once_are_both_answered(desk: Program) -> None:
    command = [sys.executable, "-I", "-m", "agentconsole", "user", "list", "--json"]
    both = [subprocess.Popen(command, env=desk.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in "12"]

    said = [one.communicate(timeout=PATIENCE) for one in both]

    assert said == [(b"[]\n", b"")] * 2
    assert [one.returncode for one in both] == [0, 0]


def test_a_server_that_said_no_is_quoted_and_not_tried_again(desk: Program) -> None:
    paths = desk_paths(desk.environ)
    paths.database.write_bytes(b"no database" * 100)
    server = PrivateServer(paths)
    server.start()
    assert server.process is not None
    said_no = server.process
    assert said_no.wait(PATIENCE) == 1

    with pytest.raises(Refused, match="database"):
        server.revive()

    assert server.process is said_no
