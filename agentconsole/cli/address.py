"""`agentconsole address`: from where each role may sign in, and the host's way in when everybody is shut out."""

import argparse
from collections.abc import Callable, Mapping
from datetime import datetime

from agentconsole.cli.ask import ask
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.cli.users import carry_out
from agentconsole.domain.allowlist import LOCAL, UNKNOWN
from agentconsole.domain.terms import Role
from agentconsole.wire.addresses import AllowAddress, CloseAddresses, OpenAddresses, RemoveAddress
from agentconsole.wire.client import Client
from agentconsole.wire.commands import AnyCommand
from agentconsole.wire.frames import Addresses
from agentconsole.wire.queries import ReadAddresses

_HERE = {LOCAL: "at the host's console", UNKNOWN: "at an address that this host does not know"}


def _show(line: argparse.Namespace) -> int:
    """List the rules by role, and where whoever asks is."""

    async def read(client: Client) -> Addresses:
        answer = await client.ask(ReadAddresses())
        assert isinstance(answer, Addresses)
        return answer

    found = ask(read)
    if line.json:
        tell_json(found)
        return 0
    tell("\n".join(_lines(found)))
    return 0


def _lines(found: Addresses) -> list[str]:
    lines = [f"{row.role:<11} {row.range:<22} {row.label:<24} {_sessions(row.sessions)}".rstrip() for row in found.rows]
    named = {row.role for row in found.rows}
    lines += [f"{role.value:<11} anywhere" for role in Role if role.value not in named]
    if found.open_until is not None:
        lines.append(f"SET ASIDE until {_when(found.open_until)}: `agentconsole address close` ends that.")
    return [*lines, f"You are {_HERE.get(found.here, f'at {found.here}')}."]


def _sessions(number: int) -> str:
    return f"{number} session{'' if number == 1 else 's'} now"


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _allow(line: argparse.Namespace) -> int:
    return _do(AllowAddress(line.role, line.range, line.name))


def _remove(line: argparse.Namespace) -> int:
    return _do(RemoveAddress(line.role, line.range))


def _do(command: AnyCommand) -> int:
    tell(carry_out(command).said.line())
    return 0


VERBS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": _show,
    "allow": _allow,
    "remove": _remove,
    "open": lambda line: _do(OpenAddresses(line.minutes)),
    "close": lambda _: _do(CloseAddresses()),
}
"""What each of the verbs does."""
