"""What the house tests look at: the files of the project, parsed once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "agentconsole"
TESTS = ROOT / "tests"
BYTECODE = "__pycache__"

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def python_files(*tops: Path) -> list[Path]:
    """List the Python files below these folders, in order."""
    return [path for top in tops for path in sorted(top.rglob("*.py")) if BYTECODE not in path.parts]


def folders(top: Path) -> list[Path]:
    """List a folder and the folders below it that hold Python files at any depth."""
    found = {top}
    for path in python_files(top):
        found.update(parent for parent in path.parents if top in parent.parents)
    return sorted(found)


@cache
def parsed(path: Path) -> ast.Module:
    """Parse a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def named(path: Path, line: int = 0) -> str:
    """Name a place as an editor opens it."""
    shown = str(path.relative_to(ROOT))
    return f"{shown}:{line}" if line else shown


def module_name(path: Path) -> str:
    """Name the module that lives in a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield all functions and methods of a file, also those inside others."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def classes(path: Path) -> Iterator[ast.ClassDef]:
    """Yield all classes of a file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ClassDef):
            yield node


def imported(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the module and line of every import below a node."""
    for found in ast.walk(node):
        if isinstance(found, ast.Import):
            yield from ((alias.name, found.lineno) for alias in found.names)
        elif isinstance(found, ast.ImportFrom) and found.module:
            yield found.module, found.lineno


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the dotted name and line of every call in a file; what is called on an expression begins with a dot."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            yield _dotted(node.func), node.lineno


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))
