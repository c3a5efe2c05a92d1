"""Things that go through one door only: commits, the time of day, what is printed, text that somebody else wrote."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import fields

from agentconsole.domain.untrusted import Untrusted
from agentconsole.wire.frames import Done, SignedIn, Welcome
from agentconsole.wire.rows import (
    AttachmentRow,
    AuditReport,
    CaseView,
    ContactRow,
    CustomerRow,
    DraftRow,
    Finding,
    PersonRow,
    QueuePage,
    QueueRow,
    SearchRow,
    TemplateRow,
    UserRow,
)
from tests.house.source import PACKAGE, ROOT, calls, named, parsed, python_files

COMMITS = "agentconsole/storage/transaction.py"
CLOCK = "agentconsole/config/clock.py"
TELLERS_OF_TIME = frozenset({"now", "utcnow", "today", "localtime", "gmtime", "utcfromtimestamp"})
READERS_OF_MARKUP = frozenset({"from_markup", "notify", "open_url"})
DRAWS_NOTHING = frozenset({"ContentSwitcher"})
VERBATIM = {
    "agentconsole/wire/plain.py": "on the wire a text is the string that was written",
    "agentconsole/queries/case.py": "the rules look for a complaint in the customer's own words",
    "agentconsole/cli/policy_source.py": "the parser reads a policy's text, and refuses what cannot be printed",
}
"""Who takes a text as it came, and for what; nobody who draws or prints."""

PRINTS = {
    "agentconsole/cli/say.py": "the door itself: it cleans",
    "agentconsole/cli/say_json.py": "JSON in ASCII, for programs",
    "agentconsole/cli/founding.py": "the QR code, in colours of its own",
    "agentconsole/cli/calendar.py": "the calculator's JSON lines, for programs",
    "agentconsole/cli/main.py": "the completion script, for a shell",
    "agentconsole/demo/run.py": "the demo's own words",
}
ROWS_CALLED = {
    "row": (QueueRow, TemplateRow, UserRow, SearchRow),
    "hit": (SearchRow,),
    "case": (CaseView,),
    "contact": (ContactRow,),
    "customer": (CustomerRow,),
    "attachment": (AttachmentRow,),
    "draft": (DraftRow,),
    "page": (QueuePage,),
    "person": (PersonRow,),
    "finding": (Finding,),
    "report": (AuditReport,),
    "me": (SignedIn,),
    "welcome": (Welcome,),
    "done": (Done,),
    "answer": (Done,),
}
"""What the variables are called that hold a row or an answer; the type behind a name is what the lint goes by."""


def test_only_the_transaction_commits() -> None:
    elsewhere = _calls_ending({"commit"}, but_not=COMMITS)

    assert elsewhere == []


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    elsewhere = [
        f"{named(path, line)} {name}"
        for path in python_files(PACKAGE)
        if named(path) != CLOCK
        for name, line in calls(path)
        if _asks_the_machine(name)
    ]

    assert elsewhere == []


def test_the_clock_s_own_file_is_where_the_time_is_asked() -> None:
    asked = [name for name, _ in calls(PACKAGE / "config" / "clock.py") if _asks_the_machine(name)]

    assert asked == ["datetime.now"]


@pytest.mark.parametrize(
    ("name", "asks"),
    [
        ("datetime.now", True),
        ("dt.datetime.utcnow", True),
        ("date.today", True),
        ("time.time", True),
        ("time.time_ns", True),
        ("time.localtime", True),
        ("time.monotonic", False),
        ("clock.now", False),
        ("self.desk.clock.now", False),
        ("time", False),
    ],
)
def test_a_question_for_the_time_is_told_from_a_question_to_a_clock(name: str, asks: bool) -> None:
    assert _asks_the_machine(name) is asks


def test_nothing_the_console_shows_is_read_as_markup() -> None:
    tui = PACKAGE / "tui"

    opened = _calls_ending(READERS_OF_MARKUP, top="tui")
    switched = [
        named(path, node.value.lineno)
        for path in python_files(tui)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.keyword) and node.arg == "markup" and not _is_false(node.value)
    ]

    assert (opened, switched) == ([], [])


def test_the_console_draws_with_its_own_widgets() -> None:
    """Those of the library read markup in what they are given, repaint whole tables, or write control characters."""
    foreign = [
        f"{named(path, node.lineno)} {alias.name}"
        for path in python_files(PACKAGE / "tui")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual.widgets")
        for alias in node.names
        if alias.name not in DRAWS_NOTHING
    ]

    assert foreign == []


def test_a_text_is_taken_as_it_came_only_where_that_is_meant() -> None:
    takers = {
        named(path)
        for path in python_files(PACKAGE)
        if any(name.rpartition(".")[2] == "verbatim" for name, _ in calls(path))
    }

    assert takers == set(VERBATIM)


def test_nothing_looks_into_an_untrusted_text_but_the_text_itself() -> None:
    lookers = [
        named(path)
        for path in python_files(PACKAGE)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr == "_text" and "self" not in ast.unparse(node.value)
    ]

    assert lookers == ["agentconsole/domain/untrusted.py"]


def test_what_is_printed_goes_through_the_door_that_cleans() -> None:
    printers = {named(path) for path in python_files(PACKAGE) if any(name == "print" for name, _ in calls(path))}
    writers = _calls_ending({"write", "writelines"}, top="cli")

    assert printers == set(PRINTS)
    assert writers == []


@pytest.mark.parametrize("top", ["tui", "cli"])
def test_no_sentence_is_built_from_a_row_s_text_that_was_not_cleaned(top: str) -> None:
    """Mypy does not see this one: any object may stand in an f-string; this one raises, where a test gets there."""
    built = [
        f"{named(path, node.lineno)} {ast.unparse(node.value)}"
        for path in python_files(PACKAGE / top)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FormattedValue) and _is_text_of_a_row(node.value)
    ]

    assert built == []


@pytest.mark.parametrize(
    ("formatted", "uncleaned"),
    [
        ("row.subject", True),
        ("self._case.customer.name", True),
        ("contact.text or contact.email", True),
        ("row.subject.line(80)", False),
        ("row.number", False),
        ("finding.sentence", True),
        ("refused.sentence", False),
        ("finding.subject", False),
    ],
)
def test_an_uncleaned_text_in_a_sentence_is_told_from_a_cleaned_one(formatted: str, uncleaned: bool) -> None:
    assert _is_text_of_a_row(ast.parse(formatted, mode="eval").body) is uncleaned


def test_mypy_sees_a_forgotten_cleaning(tmp_path: Path) -> None:
    mistakes = (
        "shown: str = row.subject",
        'shown = "case " + row.subject',
        'shown = ", ".join(row.tags)',
        "shown = row.subject[:20]",
        "shown = clip(row.subject, 20)",
        "shown = row.subject.strip()",
        'line = Line(((row.subject, "head"),))',
        'row = SearchRow(1, "1-1", "Rosa", row.subject, "open", "ana")',
    )
    head = (
        "from agentconsole.tui.lines import Line, clip",
        "from agentconsole.wire.rows import QueueRow, SearchRow",
        "",
        "",
    )
    bodies = [f"def mistake_{number}(row: QueueRow) -> None:\n    {line}" for number, line in enumerate(mistakes)]
    source = tmp_path / "forgotten.py"
    source.write_text("\n".join([*head, *bodies]) + "\n")

    done = subprocess.run(
        [sys.executable, "-m", "mypy", str(source)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    seen = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}

    assert seen == {len(head) + 2 * (number + 1) for number in range(len(mistakes))}, done.stdout + done.stderr


def _is_text_of_a_row(node: ast.expr) -> bool:
    if isinstance(node, ast.BoolOp):
        return any(map(_is_text_of_a_row, node.values))
    if not isinstance(node, ast.Attribute):
        return False
    kinds = ROWS_CALLED.get(ast.unparse(node.value).rpartition(".")[2].lstrip("_"), ())
    return any(field.name == node.attr and field.type is Untrusted for kind in kinds for field in fields(kind))


def _asks_the_machine(name: str) -> bool:
    owner, _, verb = name.rpartition(".")
    asked = owner.rpartition(".")[2]
    return (asked in {"datetime", "date", "time"} and verb in TELLERS_OF_TIME) or (
        asked == "time" and verb in {"time", "time_ns"}
    )


def _calls_ending(verbs: set[str] | frozenset[str], *, top: str = "", but_not: str = "") -> list[str]:
    return [
        f"{named(path, line)} {name}"
        for path in python_files(PACKAGE / top)
        if named(path) != but_not
        for name, line in calls(path)
        if name.rpartition(".")[2] in verbs
    ]


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False
