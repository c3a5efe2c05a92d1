"""The tests' own rules: nothing is mocked or slept through, and nothing is left out in silence."""

import ast
import re

from tests.house.source import TESTS, calls, functions, imported, named, parsed, python_files
from tests.needs import packages

NEEDS = "tests/needs.py"
LEAVES_OUT = frozenset({"skip", "skipif", "xfail", "importorskip"})
SENTENCE = re.compile(r"test_[a-z0-9]+(_[a-z0-9]+){2,}")


def test_nothing_is_mocked() -> None:
    mocked = [
        named(path, line)
        for path in python_files(TESTS)
        for module, line in imported(parsed(path))
        if module.startswith(("unittest.mock", "mock", "pytest_mock"))
    ]

    assert mocked == []


def test_only_one_place_may_leave_a_test_out() -> None:
    left_out = [
        named(path, node.lineno)
        for path in python_files(TESTS)
        if named(path) != NEEDS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in LEAVES_OUT and _of_pytest(node.value)
    ]

    assert left_out == []


def test_programs_of_the_machine_are_asked_for_in_one_place() -> None:
    """A test that starts one by its bare name breaks where it is missing, and nobody is told what to install."""
    bare = [
        named(path, node.lineno)
        for path in python_files(TESTS)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.List | ast.Tuple) and _first(node) in packages().keys() - {"git"}
        if path.parent.name != "house"
    ]

    assert bare == []


def test_no_test_sleeps() -> None:
    asleep = [
        named(path, line)
        for path in python_files(TESTS)
        if path.name.startswith("test_")
        for name, line in calls(path)
        if name in {"time.sleep", "sleep"}
    ]

    assert asleep == []


def test_tests_are_named_as_sentences() -> None:
    short = [
        f"{named(path, node.lineno)} {node.name}"
        for path in python_files(TESTS)
        for node in functions(path)
        if node.name.startswith("test_") and not SENTENCE.fullmatch(node.name)
    ]

    assert short == []


def _first(node: ast.List | ast.Tuple) -> object:
    return node.elts[0].value if node.elts and isinstance(node.elts[0], ast.Constant) else None


def _of_pytest(node: ast.expr) -> bool:
    return ast.unparse(node) in {"pytest", "pytest.mark", "mark"}
