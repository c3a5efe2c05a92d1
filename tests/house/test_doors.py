"""Things that go through one door only: commits, the time of day, text that a widget would read as markup."""

import ast

import pytest

from tests.house.source import PACKAGE, calls, named, parsed, python_files

COMMITS = "agentconsole/storage/transaction.py"
CLOCK = "agentconsole/config/clock.py"
TELLERS_OF_TIME = frozenset({"now", "utcnow", "today", "localtime", "gmtime", "utcfromtimestamp"})
READERS_OF_MARKUP = frozenset({"from_markup", "notify", "open_url"})
DRAWS_NOTHING = frozenset({"ContentSwitcher"})


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
