"""What may stand in no file of the project: a registry, somebody's machine, a promise to finish it later."""

import re
from pathlib import Path

import pytest

from tests.house.source import BYTECODE, ROOT, named

TOPS = ("agentconsole", "data", "tests", ".ci", "README.md", "pyproject.toml", ".gitignore")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted|index[-_]url|registry\.npm|ghcr\.io|docker\.io|find-links", re.IGNORECASE
)
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|Users|opt/pypi|mnt)/|(?<![\w.$~])/home/(?!ana\b|desk\b)\w+")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")


@pytest.mark.parametrize(
    ("sign", "example"),
    [
        pytest.param(REGISTRY, "--index" + "-url https://packages.example", id="registry"),
        pytest.param(MACHINE, "open('/" + "Users/ana/desk')", id="machine"),
        pytest.param(UNFINISHED, "# TO" + "DO later", id="unfinished"),
    ],
)
def test_no_file_names_it(sign: re.Pattern[str], example: str) -> None:
    assert sign.search(example)

    found = [
        f"{named(path, number)} {line.strip()[:80]}"
        for path in _text_files()
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1)
        if sign.search(line) and path != Path(__file__)
    ]

    assert found == []


def test_the_top_of_the_tree_holds_what_the_design_names() -> None:
    seen = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}

    assert seen - {"build", "dist"} == {"README.md", "agentconsole", "data", "pyproject.toml", "tests"}


def test_commands_may_be_run() -> None:
    commands = [ROOT / ".ci" / "run", ROOT / "tests" / "run"]

    assert [named(path) for path in commands if not path.stat().st_mode & 0o111] == []


def _text_files() -> list[Path]:
    below = [path for top in TOPS for path in ([ROOT / top] if (ROOT / top).is_file() else (ROOT / top).rglob("*"))]
    return [
        path for path in below if path.is_file() and BYTECODE not in path.parts and path.suffix not in {".svg", ".png"}
    ]
