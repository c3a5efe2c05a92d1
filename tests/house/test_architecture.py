"""ARCHITECTURE.md against the tree: what it names is there, and every layer stands in it."""

import re
import tomllib

from agentconsole import __version__
from tests.house.source import PACKAGE, ROOT

TEXT = (PACKAGE / "ARCHITECTURE.md").read_text("utf-8")
BEFORE_DEPARTURES, _, _REST = TEXT.partition("## Where the code departs")
_, _, AFTER_DEPARTURES = _REST.partition("## Words")
NAMED = re.compile(r"`((?:[a-z_.]+/)+[a-z_0-9]*(?:\.py|/)?|[a-z_]+/)`")
TWO_PAGES = 150


def test_every_file_and_folder_it_names_is_there() -> None:
    named = [
        name for name in NAMED.findall(BEFORE_DEPARTURES + AFTER_DEPARTURES) if "<" not in name and "*" not in name
    ]

    assert len(named) > 30
    assert [name for name in named if not any((top / name).exists() for top in (ROOT, PACKAGE, PACKAGE / "tui"))] == []


def test_the_files_that_the_code_has_instead_are_there() -> None:
    rows = [line.split("|")[2] for line in _REST.partition("## Words")[0].splitlines() if line.startswith("| ")]
    named = [name for row in rows for name in re.findall(r"`([a-z_/]+(?:\.py|/))`", row)]

    assert len(named) >= 8
    assert [name for name in named if not (PACKAGE / name).exists()] == []


def test_every_layer_of_the_contract_stands_in_its_table() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (layers,) = [found["layers"] for found in project["tool"]["importlinter"]["contracts"] if found["id"] == "layers"]
    packages = [name for layer in layers for name in re.findall(r"\w+", layer) if name != "__main__"]

    assert [name for name in packages if f"| `{name}/` |" not in TEXT] == []


def test_it_stays_two_pages() -> None:
    assert len(TEXT.splitlines()) <= TWO_PAGES


def test_the_changelog_begins_with_the_version_of_the_program() -> None:
    newest = re.findall(r"^## (\d+\.\d+\.\d+)", (PACKAGE / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)

    assert newest[0] == __version__
