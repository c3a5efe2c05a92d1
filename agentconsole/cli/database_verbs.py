"""What `agentconsole database` takes; it imports nothing of the desk, for every start of the program reads it."""

import argparse
from typing import TypeVar

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)

_OWNER = "the role that owns its tables, where it is another one"


def add_database_verbs(group: "argparse._SubParsersAction[Parser]") -> None:
    """Add the verbs to their group."""
    move = _added(group, "move", "move the desk into PostgreSQL or back into a file, while it works")
    move.add_argument("to", metavar="URL", help="postgresql://ROLE@HOST/NAME, a file with that in it, or: sqlite")
    move.add_argument("--owner", default="", metavar="URL", help=_OWNER)
    move.add_argument("--direct", default="", metavar="URL", help="the way past a pool, where URL goes through one")
    move.add_argument("--password-file", default="", metavar="FILE", help="read its password there instead of asking")
    move.add_argument("--json", action="store_true", help="answer as JSON")
    upgrade = _added(group, "upgrade", "bring the database to what this version of the program needs, all or nothing")
    upgrade.add_argument("--owner", default="", metavar="URL", help=_OWNER)
    upgrade.add_argument("--password-file", default="", metavar="FILE", help="read the owner's password there")


def _added(group: "argparse._SubParsersAction[Parser]", name: str, summary: str) -> argparse.ArgumentParser:
    verb = group.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    verb.set_defaults(run=_run, database_verb=name)
    return verb


def _run(line: argparse.Namespace) -> int:
    # Each verb imports what it needs, and no other does.
    if line.database_verb == "move":
        from agentconsole.cli.move import move  # noqa: PLC0415

        return move(line)
    from agentconsole.cli.upgrade import upgrade  # noqa: PLC0415

    return upgrade(line)
