"""What `agentconsole duty` takes; it imports nothing of the desk, for every start reads it."""

import argparse
from typing import TypeVar

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)
_SUMMARIES = {
    "list": "list what the policies ask for again and again, and by when",
    "done": "sign off the round of a duty that is asked for now",
    "why": "print the rule behind a duty, and what came of it",
}


def add_duty_verbs(group: "argparse._SubParsersAction[Parser]") -> None:
    """Add the verbs about duties to their group."""
    for name, summary in _SUMMARIES.items():
        verb = group.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        verb.set_defaults(run=_run, duty_verb=name)
    group.choices["list"].add_argument("--json", action="store_true", help="answer as JSON")
    group.choices["done"].add_argument("--note", default="", metavar="TEXT", help="what whoever comes next should know")
    for name in ("done", "why"):
        group.choices[name].add_argument("duty", metavar="NAME", help="its name, as the list has it")


def _run(line: argparse.Namespace) -> int:
    from agentconsole.cli.duty import VERBS  # noqa: PLC0415 - each verb imports what it needs, and no other does

    return VERBS[line.duty_verb](line)
