"""No string of a customer can become markup, a link, an action or a toast: the source is read for every such way."""

import ast
from pathlib import Path

import pytest

import agentconsole.tui

FOLDER = Path(agentconsole.tui.__file__).parent
WIDGETS_ALLOWED = {"ContentSwitcher"}
"""The only ready-made widget; it shows no text. All text is drawn by our own canvas, cell by cell."""
CALLS_FORBIDDEN = {"from_markup", "from_ansi", "notify", "push_screen", "push_screen_wait", "update_cell", "open_url"}
NAMES_FORBIDDEN = {"Text", "Content", "Markdown"}
ATTRIBUTES_FORBIDDEN = {"border_title", "border_subtitle", "tooltip", "sub_title"}


def breaches(source: str) -> list[str]:
    """Return what in a module could hand a string to something that reads markup."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual.widgets"):
            found += [f"import of {name.name}" for name in node.names if name.name not in WIDGETS_ALLOWED]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("textual", "rich"):
            found += [f"import of {name.name}" for name in node.names if name.name in NAMES_FORBIDDEN]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS_FORBIDDEN:
            found.append(f"call of {node.func.attr}")
        elif isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES_FORBIDDEN:
            found.append(f"use of {node.attr}")
        elif isinstance(node, ast.Call):
            found += [f"markup={ast.unparse(word.value)}" for word in node.keywords if word.arg == "markup"]
    return found


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_module_of_the_console_hands_text_to_markup(path: Path) -> None:
    assert breaches(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "from textual.widgets import Static",
        "from textual.widgets import DataTable, ContentSwitcher",
        "from rich.text import Text",
        "from textual.content import Content",
        "app.notify(subject)",
        "Text.from_markup(subject)",
        "widget.border_title = subject",
        "app.push_screen(screen)",
        "thing(subject, markup=True)",
    ],
)
def test_the_reading_sees_each_way(source: str) -> None:
    assert len(breaches(source)) == 1
