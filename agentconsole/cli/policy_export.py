"""`agentconsole policy export`: a policy as the TOML that `policy add` takes, to be changed and kept as a draft."""

from agentconsole.cli.ask import ask, the_desk
from agentconsole.cli.policy_source import SHIPPED, is_file, named_packs, read_text
from agentconsole.cli.say import tell
from agentconsole.config.packs import pack_text
from agentconsole.domain.policy_write import write_pack
from agentconsole.wire.client import Client
from agentconsole.wire.policies import PolicyText, ReadPolicyText


def export(name: str, *, filled: bool) -> int:
    """Print a policy as it was written, or `filled`: each value as it is in force, and no blank left to fill in."""
    text = write_pack(named_packs((name,))[0].pack) if filled else _written(name)
    tell(text.rstrip("\n"))
    return 0


def _written(name: str) -> str:
    if is_file(name):
        return read_text(name)
    pack, _, which = name.partition("@")
    if which == SHIPPED or not (which or the_desk().has_desk()):
        return pack_text(pack)

    async def read(client: Client) -> str:
        answer = await client.ask(ReadPolicyText(pack, which))
        assert isinstance(answer, PolicyText)
        return answer.text.lines()

    return ask(read)
