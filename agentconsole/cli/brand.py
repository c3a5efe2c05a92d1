"""`agentconsole brand` and `desk`: whom the desk answers for, what it is called, and where its people are."""

import argparse
from collections.abc import Callable, Mapping

from agentconsole.cli.ask import ask
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.cli.users import carry_out
from agentconsole.domain.errors import Refused
from agentconsole.wire.brands import NO_BRAND, AddBrand, SetDesk
from agentconsole.wire.client import Client
from agentconsole.wire.frames import Brands
from agentconsole.wire.queries import ReadBrands
from agentconsole.wire.rows import BrandRow


def _add(line: argparse.Namespace) -> int:
    tell(carry_out(AddBrand(line.brand, line.name, line.pack)).said.line(200))
    tell(f"Next: agentconsole mail connect --brand {line.brand} --help, and agentconsole policy blanks.")
    return 0


def _show(line: argparse.Namespace) -> int:
    async def read(client: Client) -> tuple[BrandRow, ...]:
        answer = await client.ask(ReadBrands())
        assert isinstance(answer, Brands)
        return answer.rows

    rows = ask(read)
    if line.json:
        tell_json(rows)
        return 0
    for row in rows:
        tell(f"{row.brand:<24} {row.pack:<10} {row.address.line(80) or 'no mailbox':<32} {row.name.line(80)}")
    if not rows:
        tell(NO_BRAND)
    return 0


def _set(line: argparse.Namespace) -> int:
    name, zone = getattr(line, "name", ""), getattr(line, "zone", "")
    if not (name or zone):
        raise Refused(f"Give the {line.brand_verb} that the desk is to have.")
    tell(carry_out(SetDesk(name, zone)).said.line(200))
    return 0


VERBS: Mapping[str, Callable[[argparse.Namespace], int]] = {"add": _add, "list": _show, "name": _set, "zone": _set}
"""What each of the verbs does."""
