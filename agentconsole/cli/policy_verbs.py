"""What `agentconsole policy` takes; it imports nothing of the desk, for every start reads it."""

import argparse
from collections.abc import Callable
from typing import TypeVar

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)


def add_policy_verbs(group: "argparse._SubParsersAction[Parser]") -> None:
    """Add the verbs about policies to their group."""
    blanks = _verb(group, "blanks", "list what the policies in force leave open, with proposals", _blanks)
    blanks.add_argument("--json", action="store_true", help="answer as JSON")
    answer = _verb(group, "answer", "fill in a blank", _answer)
    for name in ("pack", "blank", "answer"):
        answer.add_argument(name)
    coverage = _verb(group, "coverage", "list what keeps each clause today, and what nothing keeps yet", _coverage)
    coverage.add_argument("pack", nargs="?", default="", help="ecolab, acme@draft or a file's path (.toml); all that ship")
    coverage.add_argument("--json", action="store_true", help="answer as JSON")
    coverage.add_argument("--rows", action="store_true", help="name the requirements that each clause carries")
    export = _verb(group, "export", "print a policy as TOML, to be changed and added as a draft", _export)
    export.add_argument("pack", help="ecolab, ecolab@2, ecolab@draft, ecolab@shipped or a file's path (.toml)")
    export.add_argument("--filled", action="store_true", help="with every value in its place, and no blank left")
    draft = _verb(group, "import", "draft a policy pack from a policy document; nothing is put into force", _import)
    draft.add_argument("file", metavar="FILE", help="the document, as text (.txt) or Markdown (.md)")
    draft.add_argument("--to", default="", metavar="FILE", help="write the draft into this new file (default: stdout)")


def _verb(
    group: "argparse._SubParsersAction[Parser]", name: str, summary: str, run: Callable[[argparse.Namespace], int]
) -> Parser:
    verb = group.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    verb.set_defaults(run=run)
    return verb


def _blanks(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy import blanks

    return blanks(as_json=line.json)


def _answer(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy import answer

    return answer(line.pack, line.blank, line.answer)


def _coverage(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_coverage import show_coverage

    return show_coverage(line.pack, as_json=line.json, with_rows=line.rows)


def _export(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_export import export

    return export(line.pack, filled=line.filled)


def _import(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_import import import_document

    return import_document(line.file, line.to)
