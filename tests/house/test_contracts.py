"""The import contracts, each held against a line that breaks it: a contract that keeps everything keeps nothing."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import BYTECODE, PACKAGE, ROOT


@pytest.fixture(name="copy", scope="module")
def _copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copytree(PACKAGE, folder / "agentconsole", ignore=shutil.ignore_patterns(BYTECODE))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(name="breaking")
def _breaking(copy: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Add the line of the case to its file, or a file with it, and take it back afterwards."""
    path = copy / "agentconsole" / request.param[0]
    before = path.read_bytes() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((before or b"") + f"\n{request.param[1]}\n".encode())
    yield copy
    if before is None:
        path.unlink()
        path.parent.rmdir()
    else:
        path.write_bytes(before)


@pytest.mark.parametrize(
    ("breaking", "contract"),
    [
        (("domain/terms.py", "import agentconsole.config.clock"), "layers"),
        (("storage/search.py", "import agentconsole.security.totp"), "layers"),
        (("channels/email/site.py", "import agentconsole.storage.files"), "layers"),
        (("demo/__init__.py", "import agentconsole.tui.theme"), "layers"),
        (("services/undo.py", "import agentconsole.server.jobs"), "layers"),
        (("newcomer/__init__.py", ""), "layers"),
        (("tui/theme.py", "import agentconsole.storage.search"), "console"),
        (("tui/theme.py", "import agentconsole.security.totp"), "console"),
        (("tui/theme.py", "import sqlalchemy"), "light"),
        (("wire/frames.py", "import cryptography"), "light"),
        (("config/paths.py", "import sqlite3"), "light"),
        (("tui/widgets/canvas.py", "import agentconsole.wire.client"), "widgets"),
        (("domain/terms.py", "import msgspec"), "rules"),
        (("services/undo.py", "import agentconsole.channels.email.smtp"), "no-channel"),
        (("queries/find.py", "import socket"), "no-channel"),
        (("server/jobs.py", "import sqlalchemy"), "sql"),
        (("channels/letter/__init__.py", "import agentconsole.channels.email"), "channels"),
        (("domain/terms.py", "import agentconsole.domain.queue"), "no-cycles"),
    ],
    indirect=["breaking"],
)
def test_a_line_that_breaks_a_contract_is_found(breaking: Path, contract: str) -> None:
    done = _lint(breaking, contract)

    assert done.returncode == 1
    assert "1 broken" in done.stdout


def test_every_contract_is_held_against_a_line() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    here = Path(__file__).read_text("utf-8")

    contracts = [line.split('"')[1] for line in text.splitlines() if line.startswith('id = "')]

    assert contracts
    assert [contract for contract in contracts if f'), "{contract}"),' not in here] == []


def _lint(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).parent / "lint-imports"
    command = [str(tool), "--no-logo", "--no-cache", "--contract", contract]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
