"""The README against the program: its two commands are the real ones, and it names no verb that is not there."""

import argparse
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from agentconsole.cli.main import build_parser
from tests.house.source import ROOT

FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
OURS = re.compile(r"(?:^|&& |\| )(?:\S+/)?(agentconsole(?: [^&|;]+)?)")
COMMENT = re.compile(r"(^|\s)#.*")
TEST_COMMAND = "bash tests/run"
INSTALL = "python3 -m venv ~/.local/lib/agentconsole && ~/.local/lib/agentconsole/bin/pip install ."
DEMO_COMMAND = re.compile(
    r"python3 -m venv (\S+) && \1/bin/pip install( -q)? \. && \1/bin/agentconsole demo", re.MULTILINE
)


@pytest.fixture(name="commands")
def _commands() -> list[str]:
    text = (ROOT / "README.md").read_text("utf-8")
    lines = [COMMENT.sub("", line).strip() for block in FENCE.findall(text) for line in block.splitlines()]
    return [line for line in lines if line]


def test_the_demo_is_one_line(commands: list[str]) -> None:
    found = [command for command in commands if DEMO_COMMAND.fullmatch(command)]

    assert len(found) == 1


def test_the_tests_are_one_line_and_the_one_that_ci_runs(commands: list[str]) -> None:
    ci = (ROOT / ".ci" / "run").read_text("utf-8")

    assert commands.count(TEST_COMMAND) == 1
    assert f"exec {TEST_COMMAND} " in ci


def test_the_demo_command_begins_with_a_verb_that_is_there() -> None:
    assert re.search(r"^ +demo +\w", build_parser().format_help(), re.MULTILINE)


def test_the_program_is_found_in_the_shell_that_installed_it(commands: list[str], tmp_path: Path) -> None:
    installed = tmp_path / ".local" / "lib" / "agentconsole" / "bin" / "agentconsole"
    installed.parent.mkdir(parents=True)
    installed.write_text("#!/bin/sh\n", encoding="utf-8")
    installed.chmod(0o755)
    between = commands[commands.index(INSTALL) + 1 : commands.index("agentconsole init")]

    shell = ["bash", "-c", "\n".join([*between, "command -v agentconsole"])]
    surroundings = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(shell, env=surroundings, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == (f"{tmp_path}/.local/bin/agentconsole\n", "")


def test_every_command_that_is_shown_is_understood(commands: list[str]) -> None:
    shown = [line for command in commands for line in OURS.findall(command)]
    parser = build_parser()

    assert len(shown) > 5
    assert [line for line in shown if not _understands(parser, line)] == []


def test_a_command_that_is_not_there_is_noticed() -> None:
    assert not _understands(build_parser(), "agentconsole levitate --high")


def test_every_file_that_is_shown_or_linked_is_there() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    linked = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]

    assert [link for link in linked if not (ROOT / link).exists()] == []
    assert [link for link in linked if link.endswith((".svg", ".png"))]


def _understands(parser: argparse.ArgumentParser, line: str) -> bool:
    try:
        parser.parse_args(shlex.split(line)[1:])
    except SystemExit as left:
        return left.code == 0
    return True
