"""A console that signs in and then asks for ever without reading an answer: `SOCKET LOGIN PASSWORD CODE`."""

import asyncio
import sys
from pathlib import Path

from agentconsole.wire.client import Client
from agentconsole.wire.commands import SignIn
from agentconsole.wire.frames import Ask, frame
from agentconsole.wire.queries import ReadQueue

PAUSE = 0.01


async def _main(place: str, login: str, password: str, code: str) -> None:
    client = await Client.connect(Path(place))
    await client.ask(SignIn(login, password, code))
    client._writer.transport.pause_reading()  # type: ignore[attr-defined]
    print("in", flush=True)
    for number in range(10, 1_000_000):
        client._writer.write(frame(Ask(number, ReadQueue("team"), "")))
        await client._writer.drain()
        await asyncio.sleep(PAUSE)


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
