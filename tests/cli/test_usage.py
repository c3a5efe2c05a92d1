"""The command line says what is wrong in one sentence, and how it ended in its exit code."""

import subprocess
from pathlib import Path

import pytest

from agentconsole import __version__
from agentconsole.cli.main import build_parser
from tests.cli.program import Program

VERBS = (
    (),
    ("demo",),
    ("init",),
    ("serve",),
    ("stop",),
    ("status",),
    ("doctor",),
    ("backup",),
    ("restore",),
    ("database",),
    ("database", "move"),
    ("audit",),
    ("audit", "verify"),
    ("user",),
    ("user", "add"),
    ("user", "list"),
    ("user", "disable"),
    ("user", "enable"),
    ("user", "reset-totp"),
    ("address",),
    ("address", "list"),
    ("address", "allow"),
    ("address", "remove"),
    ("address", "open"),
    ("address", "close"),
    ("mail",),
    ("mail", "import"),
    ("mail", "connect"),
    ("policy",),
    ("policy", "blanks"),
    ("policy", "answer"),
    ("policy", "coverage"),
    ("policy", "export"),
    ("policy", "import"),
    ("policy", "add"),
    ("policy", "list"),
    ("policy", "versions"),
    ("policy", "activate"),
    ("policy", "diff"),
    ("policy", "preview"),
    ("policy", "replay"),
    ("policy", "show"),
    ("policy", "accepted"),
    ("policy", "suggestions"),
    ("policy", "settle"),
    ("policy", "window"),
    ("policy", "check"),
    ("policy", "regimes"),
    ("duty",),
    ("duty", "list"),
    ("duty", "done"),
    ("duty", "why"),
    ("calendar",),
    ("completion",),
)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_verb_explains_itself(verb: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args([*verb, "--help"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: {' '.join(('agentconsole', *verb))}")


def test_the_version_is_told(program: Program) -> None:
    said = program("--version")

    assert (said.out, said.code) == (f"agentconsole {__version__}\n", 0)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (("nonsense",), "invalid choice: 'nonsense'"),
        (("user",), "required: VERB"),
        (("user", "add"), "required: login, name"),
        (("user", "add", "ana", "Ana", "--role", "king"), "invalid choice: 'king'"),
        (("mail", "connect"), "required: --address, --imap, --smtp"),
        (("demo", "--speed", "fast"), "0 to 1000 times as fast, not 'fast'"),
        (("demo", "--speed", "-1"), "0 to 1000 times as fast, not '-1'"),
        (("demo", "--at", "yesterday"), "'yesterday' is no instant"),
        (("completion", "fish"), "invalid choice: 'fish'"),
        (("--nonsense",), "unrecognized arguments: --nonsense"),
    ],
)
def test_a_wrong_line_is_one_sentence_and_exit_code_2(program: Program, line: tuple[str, ...], part: str) -> None:
    said = program(*line)

    assert said.code == 2
    assert said.out == ""
    assert part in said.err
    assert said.err.count("\n") == 1
    assert "--help` shows what it takes." in said.err


@pytest.mark.parametrize(
    "line",
    [
        ("status",),
        ("doctor",),
        ("stop",),
        ("serve",),
        ("audit", "verify"),
        ("user", "list"),
        ("user", "add", "ana", "Ana"),
        ("policy", "blanks"),
        ("policy", "show", "ecolab"),
        ("duty", "list"),
        ("duty", "done", "voicemail-check"),
    ],
    ids=" ".join,
)
def test_without_a_desk_every_verb_says_how_to_make_one(program: Program, line: tuple[str, ...]) -> None:
    said = program(*line)

    assert said.code == 1
    assert "There is no desk in" in said.err + said.out
    assert "agentconsole init" in said.err + said.out


@pytest.mark.parametrize("line", [(), ("demo",), ("init",)], ids=["console", "demo", "init"])
def test_what_needs_a_terminal_says_so(program: Program, line: tuple[str, ...]) -> None:
    program.home.mkdir()

    said = program(*line)

    assert said.code == 1
    assert "terminal" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_is_a_script_of_the_shell(program: Program, shell: str) -> None:
    said = program("completion", shell)

    assert said.code == 0
    assert "reset-totp" in said.out


def test_the_bash_completion_is_sound_bash(program: Program, tmp_path: Path) -> None:
    script = tmp_path / "completion.bash"
    script.write_text(program("completion", "bash").out)

    checked = subprocess.run(["bash", "-n", str(script)], capture_output=True, check=False)

    assert (checked.returncode, checked.stderr) == (0, b"")
