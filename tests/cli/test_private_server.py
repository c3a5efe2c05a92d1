"""The private server of a console: killed, it comes back for the next try of the link; stopped, it stays stopped."""

import asyncio

from agentconsole.cli.console import PrivateServer
from agentconsole.config.paths import desk_paths
from agentconsole.wire.client import Client, LinkLost
from tests.cli.program import Program
from tests.server_bench import on_a_loop


async def _linked(program: Program, server: PrivateServer) -> None:
    """Try the link as the console does, until there is one."""
    while True:
        server.revive()
        try:
            client = await Client.connect(desk_paths(program.environ).socket)
        except (OSError, LinkLost):
            await asyncio.sleep(0.05)
            continue
        await client.close()
        return


@on_a_loop
async def test_a_killed_private_server_is_started_again(desk: Program) -> None:
    server = PrivateServer(desk_paths(desk.environ))
    await asyncio.wait_for(_linked(desk, server), 20)
    first = server.process

    first.kill()
    first.wait()
    await asyncio.wait_for(_linked(desk, server), 20)

    assert server.process.pid != first.pid
    server.process.terminate()
    server.process.wait()


@on_a_loop
async def test_a_private_server_that_was_stopped_stays_stopped(desk: Program) -> None:
    server = PrivateServer(desk_paths(desk.environ))
    await asyncio.wait_for(_linked(desk, server), 20)

    desk("stop")
    stopped = server.process.wait()
    server.revive()

    assert stopped == 0
    assert server.process.poll() == 0
