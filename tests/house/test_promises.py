"""Every promise has tests named after it: `tests/torture/test_<id>_….py`, or a function `test_<id>_…` elsewhere."""

import ast
from functools import cache
from pathlib import Path

import pytest

from agentconsole.domain.roles import Action
from tests.house.source import TESTS, functions, named, python_files

PROMISES = {
    "what is saved is saved": ("r1", "r2", "r3", "r4"),
    "a draft survives the link": ("r5", "r6"),
    "a ticket has one owner": ("c1", "c2", "c3"),
    "time may jump": ("t1",),
    "no mail is lost or filed twice": ("m1",),
    "no reply is lost or doubled": ("m2",),
    "a backup restores": ("b1",),
    "an upgrade is all or nothing": ("u1",),
    "corruption is noticed": ("d1",),
    "PostgreSQL may restart": ("p1",),
    "text from outside cannot drive the terminal": ("h1", "h2"),
    "a hostile mail costs little": ("h3", "h4"),
    "names of files are inert": ("h5",),
    "headers cannot be injected": ("h6",),
    "the desk does not loop": ("h7", "h8"),
    "one code is one login": ("a2",),
    "guessing is hopeless": ("a3",),
    "roles hold everywhere": ("a1",),
    "danger asks again": ("a4",),
    "the record cannot be rewritten": ("a5",),
    "secrets stay put": ("s1",),
    "the environment loads no code": ("s2",),
}
IDS = [one for ids in PROMISES.values() for one in ids]
WHOLE = frozenset({"a1", "a4", "h2", "r3", "s1", "s2"})
"""Tables without a figure to grow to: every run asks all of what they list."""


Test = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def _tests() -> list[tuple[Path, Test]]:
    """List all tests."""
    return [
        (path, function)
        for path in python_files(TESTS)
        if path.name.startswith("test_")
        for function in functions(path)
        if function.name.startswith("test_")
    ]


def _tests_of(one: str) -> list[Test]:
    """Find the tests that carry a promise's id in their own name or in that of their file."""
    mark = f"test_{one}_"
    return [test for path, test in _tests() if path.name.startswith(mark) or test.name.startswith(mark)]


def _marks(function: Test) -> tuple[bool, bool]:
    """Tell whether a test has a form for every run, and one that is long."""
    said = [ast.unparse(decorator) for decorator in function.decorator_list]
    is_long = any("mark.long" in decorator for decorator in said)
    return not any(decorator == "pytest.mark.long" for decorator in said), is_long


@pytest.mark.parametrize("one", IDS)
def test_a_promise_has_a_test_named_after_it_and_its_figure(one: str) -> None:
    forms = [_marks(function) for function in _tests_of(one)]

    assert any(short for short, _ in forms), f"no test is named after {one.upper()}"
    assert any(is_long for _, is_long in forms) is (one not in WHOLE), f"the long form of {one.upper()}"


def test_no_test_is_named_after_what_is_no_promise() -> None:
    strangers = [
        named(path)
        for path in python_files(TESTS / "torture")
        if path.name.startswith("test_") and path.name.split("_")[1] not in {*IDS, "move"}
    ]

    assert strangers == []


def test_nothing_exports_rows_yet() -> None:
    """H9, formulas in exports, waits for one: whoever adds it adds its test and its id above."""
    assert {action.value for action in Action if "export" in action.value} == {"export_key"}
