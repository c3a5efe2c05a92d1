"""What `agentconsole brand` and `desk` take; it imports nothing of the desk, for every start reads it."""

import argparse
from typing import TypeVar

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)


def add_brand_verbs(group: "argparse._SubParsersAction[Parser]") -> None:
    """Add the verbs about brands to their group."""
    for name, summary in {"add": "add an organisation that the desk answers for", "list": "list the brands"}.items():
        verb = group.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        verb.set_defaults(run=_run, brand_verb=name)
    group.choices["list"].add_argument("--json", action="store_true", help="answer as JSON")
    added = group.choices["add"]
    added.add_argument("brand", help="its short name, as acme")
    added.add_argument("name", help="what customers read as the sender, as 'Acme Ltd'")
    added.add_argument(
        "pack", help="the policy it answers under: ecolab, ecomstore, ist-desk, or one of the desk's own"
    )


def add_desk_verbs(group: "argparse._SubParsersAction[Parser]") -> None:
    """Add the verbs about the desk itself to their group."""
    summaries = {"name": "give the desk another name", "zone": "say where its people are, as Europe/London"}
    for name, summary in summaries.items():
        verb = group.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        verb.set_defaults(run=_run, brand_verb=name)
        verb.add_argument(name)


def _run(line: argparse.Namespace) -> int:
    from agentconsole.cli.brand import VERBS  # noqa: PLC0415 - each verb imports what it needs, and no other does

    return VERBS[line.brand_verb](line)
