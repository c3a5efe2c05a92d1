"""`agentconsole policy window`: whether a customer's preferred window ever meets a channel's open hours."""

from agentconsole.cli.ask import ask, the_desk
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.config.clock import SystemClock
from agentconsole.config.packs import load_pack
from agentconsole.domain.meeting_window import answer
from agentconsole.wire.client import Client
from agentconsole.wire.frames import Explained
from agentconsole.wire.windows import ReadWindow


def show(pack: str, channel: str, zone: str, window: tuple[str, str], *, as_json: bool) -> int:
    """Answer by the policy as the desk has it in force; without a desk, by the one that ships with the program."""
    lines = _of_desk(pack, channel, zone, window) if the_desk().has_desk() else _shipped(pack, channel, zone, window)
    if as_json:
        tell_json({"lines": lines})
    else:
        tell("\n".join(lines))
    return 0


def _shipped(pack: str, channel: str, zone: str, window: tuple[str, str]) -> tuple[str, ...]:
    return answer(load_pack(pack), channel, zone, window, SystemClock().now())


def _of_desk(pack: str, channel: str, zone: str, window: tuple[str, str]) -> tuple[str, ...]:
    async def read(client: Client) -> tuple[str, ...]:
        answered = await client.ask(ReadWindow(pack, channel, zone, *window))
        assert isinstance(answered, Explained)
        return tuple(line.lines(300) for line in answered.why.lines)

    return ask(read)
