"""The sizes a reader can hold, and the sentences that say what lives where."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import (
    PACKAGE,
    TESTS,
    Definition,
    classes,
    folders,
    functions,
    named,
    parsed,
    python_files,
)

MIGRATIONS = PACKAGE / "storage" / "migrations" / "versions"
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONGEST_CLASS = 250
MOST_METHODS = 20
OVERRIDES = frozenset({"compose", "render", "render_line", "get_content_height", "get_content_width"})
"""Methods whose meaning Textual gives; a sentence of ours would only repeat it."""


def test_every_folder_has_an_init_so_that_the_contracts_see_it() -> None:
    missing = [named(folder) for top in (PACKAGE, TESTS) for folder in folders(top) if not _init(folder).exists()]

    assert missing == []


def test_an_init_says_what_lives_there_and_does_nothing() -> None:
    busy = [
        named(path)
        for path in python_files(PACKAGE, TESTS)
        if path.name == "__init__.py" and path.parent != PACKAGE and not _is_docstring_only(path)
    ]

    assert busy == []


def test_every_file_is_at_most_400_lines() -> None:
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in _written()}

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_function_is_at_most_60_lines() -> None:
    long = {
        named(path, node.lineno): f"{node.name}: {_lines(node)}"
        for path in _written()
        for node in functions(path)
        if _lines(node) > LONGEST_FUNCTION
    }

    assert long == {}


def test_every_class_is_at_most_250_lines_and_20_methods() -> None:
    large = {
        named(path, node.lineno): f"{node.name}: {_lines(node)} lines, {_methods(node)} methods"
        for path in python_files(PACKAGE, TESTS)
        for node in classes(path)
        if _lines(node) > LONGEST_CLASS or _methods(node) > MOST_METHODS
    }

    assert large == {}


def test_every_module_begins_with_a_sentence() -> None:
    silent = [named(path) for path in python_files(PACKAGE, TESTS) if not ast.get_docstring(parsed(path))]

    assert silent == []


def test_every_public_class_and_function_says_what_it_does() -> None:
    silent = [
        f"{named(path, node.lineno)} {node.name}"
        for path in python_files(PACKAGE)
        for node in _public(parsed(path), in_class=False)
        if not ast.get_docstring(node)
    ]

    assert silent == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def said(): ...", id="function"),
        pytest.param("class Said: ...", id="class"),
        pytest.param("class Said:\n  'It is.'\n  def more(self):\n    return 1", id="method"),
    ],
)
def test_the_search_for_silent_names_finds_them(text: str) -> None:
    silent = [node.name for node in _public(ast.parse(text), in_class=False) if not ast.get_docstring(node)]

    assert len(silent) == 1


def _written() -> list[Path]:
    """List the files that are read as prose; a migration is a list of columns, as long as the tables are."""
    return [path for path in python_files(PACKAGE, TESTS) if MIGRATIONS not in path.parents]


def _init(folder: Path) -> Path:
    return folder / "__init__.py"


def _is_docstring_only(path: Path) -> bool:
    body = parsed(path).body
    return len(body) == 1 and ast.get_docstring(parsed(path)) is not None


def _lines(node: Definition) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _methods(node: ast.ClassDef) -> int:
    return sum(isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) for member in node.body)


def _public(node: ast.Module | ast.ClassDef, *, in_class: bool) -> Iterator[Definition]:
    """Yield what others may call: not what is private, inside a function, a stub of a protocol, or an override."""
    for member in node.body:
        if not isinstance(member, Definition) or member.name.startswith("_"):
            continue
        if in_class and (_is_stub(member) or member.name in OVERRIDES or _is_handler(member.name)):
            continue
        yield member
        if isinstance(member, ast.ClassDef):
            yield from _public(member, in_class=True)


def _is_stub(node: Definition) -> bool:
    last = node.body[-1]
    return isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant) and last.value.value is ...


def _is_handler(name: str) -> bool:
    return name.startswith(("on_", "watch_", "action_"))
