"""What `agentconsole init` asks: whatever is typed gets one clear sentence and the question again."""

import os
import sys
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.pty import Terminal

WRONG = (
    ("Acme care", ("x" * 90, "Give a name of at most 80 letters.")),
    ("Europe/London", ("Mars/Base", 'There is no time zone "Mars/Base"')),
    ("ecomstore", ("nope", '"nope" is none of ecolab, ecomstore, ist-desk.')),
    ("Acme Ltd", ("y" * 3000, "Give a name of at most 80 letters.")),
    ("acme", ("Acme!", "Use small letters, digits and dashes, at most 24")),
    ("", ("whenever", "whenever")),
    ("ada", ("Ad Min", '"Ad Min" cannot be a login')),
    ("Ada Min", ("z" * 81, "Give the name that customers will read")),
    ("ana", ("ada", '"ada" is taken')),
)
"""What is taken in the end, and what is not with the sentence that says why; in the order of the questions."""


def _asked(program: Program) -> Terminal:
    return Terminal([sys.executable, "-m", "agentconsole", "init"], size=(120, 120), environ=program.places)


def _answer(terminal: Terminal, text: str) -> None:
    questions = terminal.text.count("]:")
    terminal.feed(text.encode() + b"\r")
    terminal.wait_for(lambda: terminal.text.count("]:") > questions)


def test_a_wrong_answer_gets_one_sentence_and_its_question_again(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")

    with _asked(program) as terminal:
        terminal.wait_for("]:")
        for right, (wrong, _) in WRONG:
            _answer(terminal, wrong)
            _answer(terminal, right)
        said = terminal.text
        terminal.feed(b"\x04")
        code = terminal.wait_for_end()

    assert [sentence for _, (_, sentence) in WRONG if sentence not in said] == []
    assert "Traceback" not in said
    assert code == 1
    assert not program.home.exists()


@pytest.mark.parametrize("typed", ["\x1b[2J", "\udcff\udcfe", "‮desk", "9" * 4000, "../../etc/passwd", "a\tb"])
def test_a_hostile_answer_is_refused_or_taken_as_text_and_never_a_traceback(tmp_path: Path, typed: str) -> None:
    program = Program(tmp_path / "home")

    with _asked(program) as terminal:
        terminal.wait_for("]:")
        _answer(terminal, "Acme care")
        terminal.feed(os.fsencode(typed) + b"\r")
        terminal.wait_for("There is no time zone")
        terminal.feed(b"\x03")
        code = terminal.wait_for_end()
        said = terminal.text

    assert "Traceback" not in said
    assert "interrupted" in said
    assert code == 1


def test_without_a_terminal_it_says_what_to_do(tmp_path: Path) -> None:
    said = Program(tmp_path / "home")("init")

    assert (said.code, said.out) == (1, "")
    assert "run it on a terminal, or give --answers FILE" in said.err
