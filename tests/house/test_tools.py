"""The four tools that read the code, so that CI runs what a developer runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

BIN = Path(sys.executable).parent


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "format", "--check"], id="ruff-format"),
        pytest.param(["ruff", "check"], id="ruff"),
        pytest.param(["mypy"], id="mypy"),
        pytest.param(["lint-imports", "--no-logo"], id="lint-imports"),
    ],
)
def test_the_tool_has_nothing_to_say(command: list[str]) -> None:
    tool = [str(BIN / command[0]), *command[1:]]

    done = subprocess.run(tool, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
