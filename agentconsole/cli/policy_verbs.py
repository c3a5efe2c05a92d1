"""What `agentconsole policy` takes; it imports nothing of the desk, for every start reads it."""

import argparse
from collections.abc import Callable
from typing import TypeVar

from agentconsole.cli.policy_reading_verbs import add_reading_verbs

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)
MOST_DAYS = 3660
_DIGITS_OF_MONTHS = 4


def add_policy_verbs(group: "argparse._SubParsersAction[Parser]") -> None:
    """Add the verbs about policies to their group."""
    blanks = _verb(group, "blanks", "list what policies leave open, with proposals", _blanks)
    blanks.add_argument(
        "pack", nargs="?", default="", help="of one policy only, as ecolab@draft or a file's path (.toml)"
    )
    blanks.add_argument("--json", action="store_true", help="answer as JSON")
    answer = _verb(group, "answer", "fill in a blank, of what is in force or of a draft (ecolab@draft)", _answer)
    for name in ("pack", "blank", "answer"):
        answer.add_argument(name)
    coverage = _verb(group, "coverage", "list what keeps each clause today, and what nothing keeps yet", _coverage)
    coverage.add_argument(
        "pack", nargs="?", default="", help="ecolab, acme@draft or a file's path (.toml); all that ship"
    )
    coverage.add_argument("--json", action="store_true", help="answer as JSON")
    coverage.add_argument("--rows", action="store_true", help="name the requirements that each clause carries")
    export = _verb(group, "export", "print a policy as TOML, to be changed and added as a draft", _export)
    export.add_argument("pack", help="ecolab, ecolab@2, ecolab@draft, ecolab@shipped or a file's path (.toml)")
    export.add_argument("--filled", action="store_true", help="with every value in its place, and no blank left")
    add_reading_verbs(group, _read)
    _add_versions(group)
    _add_window(group)
    _add_check(group)
    draft = _verb(group, "import", "draft a policy pack from a policy document; nothing is put into force", _import)
    draft.add_argument("file", metavar="FILE", help="the document, as text (.txt) or Markdown (.md)")
    draft.add_argument("--to", default="", metavar="FILE", help="write the draft into this new file (default: stdout)")


def _add_check(group: "argparse._SubParsersAction[Parser]") -> None:
    check = _verb(group, "check", "find what contradicts itself, can never be kept, is old or is still open", _check)
    check.epilog = (
        "Exit codes: 0 when nothing contradicts itself and everything can be kept (warnings and blanks may be there), "
        "1 when something does not (or when it could not be checked, with a sentence on stderr), 2 for a wrong line."
    )
    check.add_argument(
        "names", nargs="*", metavar="POLICY",
        help="as ecolab, ecolab@draft or a file's path (.toml); those the brands here are under, or all that ship",
    )  # fmt: skip
    check.add_argument("--alone", action="store_true", help="do not compare the policies with each other")
    check.add_argument("--stale-months", type=_months, metavar="N", help="call a policy old after N months")
    regimes = _verb(group, "regimes", "list what laws and ombudsmen ask of complaints, or show one", _regimes)
    regimes.add_argument("name", nargs="?", default="", help="as uk-fca-disp")
    regimes.add_argument("--with", dest="pack", default="", metavar="POLICY", help="show how it joins a policy's steps")
    for verb in (check, regimes):
        verb.add_argument("--json", action="store_true", help="answer as JSON")


def _months(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= _DIGITS_OF_MONTHS and int(text)):
        raise argparse.ArgumentTypeError(f"1 to {10**_DIGITS_OF_MONTHS - 1} months, not {text!r}")
    return int(text)


def _add_window(group: "argparse._SubParsersAction[Parser]") -> None:
    window = _verb(
        group, "window", "say whether a customer's preferred hours ever meet a channel's open hours", _window
    )
    window.add_argument("pack", help="the policy, as ecolab")
    window.add_argument("channel", help="as chat, phone or meeting")
    window.add_argument("zone", help="where the customer is, as Europe/London")
    for name, example in {"begins": "09:00", "ends": "12:00"}.items():
        window.add_argument(name, metavar="FROM" if name == "begins" else "TO", help=f"her time of day, as {example}")
    window.add_argument("--json", action="store_true", help="answer as JSON")


def _add_versions(group: "argparse._SubParsersAction[Parser]") -> None:
    add = _verb(group, "add", "keep a policy as a draft; nothing comes into force by that", _add)
    add.add_argument("file", metavar="FILE.toml")
    listed = _verb(group, "list", "list the policies: in force, waiting, drafts, and what they leave open", _list)
    versions = _verb(group, "versions", "list the versions of a policy: since when, by whom", _versions)
    versions.add_argument("pack", help="its name, as ecolab")
    activate = _verb(group, "activate", "put a policy's draft into force as a new version", _activate)
    activate.add_argument("pack", help="its name, as ecolab")
    activate.add_argument("--from", dest="since", default="", metavar="INSTANT", help="when, as '2026-12-01 09:00'")
    activate.add_argument("--with-proposals", action="store_true", help="use what is proposed where a blank is open")
    diff = _verb(group, "diff", "say what two policies, or versions of one, say differently", _diff)
    for name in ("before", "after"):
        diff.add_argument(name, help="ecolab, ecolab@2, ecolab@draft, ecolab@shipped or a file's path (.toml)")
    preview = _verb(group, "preview", "say what a policy would change for the open cases, and change nothing", _preview)
    replay = _verb(group, "replay", "say what a policy would have kept and broken in the past days", _replay)
    for verb in (preview, replay):
        verb.add_argument("pack", help="ecolab, ecolab@2, ecolab@draft, ecolab@shipped or a file's path (.toml)")
    replay.epilog = "ecolab@each replays each case under the version it began with: that must give what is on record."
    replay.add_argument("--days", type=_days, default=90, metavar="N", help="how far back (default 90)")
    replay.add_argument("--csv", default="", metavar="FILE", help="write weeks and standards into a new file, too")
    for verb in (listed, versions, diff, preview, replay):
        verb.add_argument("--json", action="store_true", help="answer as JSON")


def _verb(
    group: "argparse._SubParsersAction[Parser]", name: str, summary: str, run: Callable[[argparse.Namespace], int]
) -> Parser:
    verb = group.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    verb.set_defaults(run=run)
    return verb


def _blanks(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy import blanks

    return blanks(line.pack, as_json=line.json)


def _answer(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy import answer

    return answer(line.pack, line.blank, line.answer)


def _coverage(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_coverage import show_coverage

    return show_coverage(line.pack, as_json=line.json, with_rows=line.rows)


def _export(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_export import export

    return export(line.pack, filled=line.filled)


def _window(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_window import show

    return show(line.pack, line.channel, line.zone, (line.begins, line.ends), as_json=line.json)


def _read(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_read import read

    return read(line)


def _add(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_versions import add

    return add(line.file)


def _list(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_versions import show

    return show(as_json=line.json)


def _versions(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_versions import versions

    return versions(line.pack, as_json=line.json)


def _activate(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_versions import activate

    return activate(line.pack, line.since, with_proposals=line.with_proposals)


def _diff(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_diff import show_diff

    return show_diff(line.before, line.after, as_json=line.json)


def _import(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_import import import_document

    return import_document(line.file, line.to)


def _days(text: str) -> int:
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= days <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"give 1 to {MOST_DAYS} days, not {text!r}")
    return days


def _preview(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_preview import preview

    return preview(line.pack, as_json=line.json)


def _replay(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_replay import replay

    return replay(line.pack, line.days, line.csv, as_json=line.json)


def _check(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_check import check_policies

    return check_policies(line.names, as_json=line.json, alone=line.alone, stale_months=line.stale_months)


def _regimes(line: argparse.Namespace) -> int:
    from agentconsole.cli.policy_regime import regimes

    return regimes(line.name, line.pack, as_json=line.json)
