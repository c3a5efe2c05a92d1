"""What `agentconsole policy` takes to read and accept; it imports nothing of the desk, for every start reads it."""

import argparse
from collections.abc import Callable
from typing import TypeVar

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)

_SUMMARIES = {
    "show": "read a policy in force: its clauses and what carries each",
    "accepted": "list who has accepted the policies in force, and who is late",
    "suggestions": "list what people would have otherwise, and what became of it",
    "settle": "decide on a suggestion; its author reads the reason",
}


def add_reading_verbs(group: "argparse._SubParsersAction[Parser]", run: Callable[[argparse.Namespace], int]) -> None:
    """Add the verbs that show a policy, who accepted it, and what people would have otherwise."""
    for name, summary in _SUMMARIES.items():
        verb = group.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        verb.set_defaults(run=run, reading=name)
        if name != "settle":
            verb.add_argument("--json", action="store_true", help="answer as JSON")
    show, settle = group.choices["show"], group.choices["settle"]
    show.add_argument("pack", help="its name, as ecolab")
    show.add_argument("clause", nargs="?", default="", help="one clause alone, as 2.5")
    group.choices["accepted"].add_argument("pack", nargs="?", default="", help="one policy alone, as ecolab")
    settle.add_argument("number", type=int, help="which one, as `policy suggestions` counts them")
    settle.add_argument("decision", choices=("taken", "declined"))
    settle.add_argument("reason", help="why, in one line")
