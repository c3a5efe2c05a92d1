"""What `agentconsole address` takes; it imports nothing of the desk, for every start of the program reads it."""

import argparse
from typing import TypeVar

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)

_SUMMARIES = {
    "list": "list the rules, and where you are",
    "allow": "let a role sign in from a range, and from nowhere that no rule names",
    "remove": "take a rule away",
    "open": "let everybody sign in from anywhere for a while; at the host only",
    "close": "have the rules hold again at once",
}


def add_address_verbs(group: "argparse._SubParsersAction[Parser]") -> None:
    """Add the verbs to their group."""
    for name, summary in _SUMMARIES.items():
        verb = group.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        verb.set_defaults(run=_run, address=name)
    group.choices["list"].add_argument("--json", action="store_true", help="answer as JSON")
    for name in ("allow", "remove"):
        group.choices[name].add_argument("role", choices=("agent", "supervisor", "manager", "admin", "all"))
        group.choices[name].add_argument(
            "range", help="as 192.0.2.0/24 or 2001:db8::/32, an address, local (the host's console) or unknown"
        )
    group.choices["allow"].add_argument("--name", default="", help="what people call it, as desk-lan")
    group.choices["open"].add_argument(
        "--minutes", type=int, default=60, metavar="N", help="for how long (default 60, at most 1440)"
    )


def _run(line: argparse.Namespace) -> int:
    from agentconsole.cli.address import VERBS  # noqa: PLC0415 - each verb imports what it needs, and no other does

    return VERBS[line.address](line)
