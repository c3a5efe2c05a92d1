"""What `agentconsole init` asks: whatever is typed gets one clear sentence and the question again."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.pty import Terminal

WRONG = (
    ("Acme care", ("x" * 90, "Give a name of at most 80 letters.")),
    ("Europe/London", ("Mars/Base", 'There is no time zone "Mars/Base"')),
    ("ecomstore", ("nope", '"nope" is none of ecolab, ecomstore, ist-desk, later.')),
    ("Acme Ltd", ("y" * 3000, "Give a name of at most 80 letters.")),
    ("acme", ("Acme!", "Use small letters, digits and dashes, at most 24")),
    ("", ("whenever", "whenever")),
    ("later", ("maybe", '"maybe" is none of y, later.')),
    ("", ("care@", "Give an address like care@example.com, or later.")),
    ("none", ("other", '"other" is none of ecolab, ecomstore, ist-desk, none.')),
    ("ada", ("Ad Min", '"Ad Min" cannot be a login')),
    ("Ada Min", ("z" * 81, "Give the name that customers will read")),
    ("ana", ("ada", '"ada" is taken')),
    ("Ana", ("z" * 82, "at most 80 letters")),
    ("agent", ("king", '"king" is none of agent, supervisor, manager, admin.')),
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


TWO_BRANDS = (
    *(
        "Acme care",
        "Europe/London",
        "ecomstore",
        "Acme Ltd",
        "acme",
        "Mon-Fri 08:30-18:00",
        "y",
        "=",
        *["later"] * 6,
        "",
    ),
    *("ist-desk", "Acme IT", "it", "later", "later", "later", "none"),
    *("later", "sam", "Sam Example", "supervisor", ""),
)
"""Two brands, of whose policies some things are answered, one as it is proposed; no mailbox, no administrator."""


def test_each_step_can_be_skipped_or_done_and_what_was_skipped_is_listed_in_80_columns(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")

    with Terminal([sys.executable, "-m", "agentconsole", "init"], size=(200, 150), environ=program.places) as terminal:
        terminal.wait_for("]:")
        for answer in TWO_BRANDS[:-1]:
            _answer(terminal, answer)
        terminal.feed(f"{TWO_BRANDS[-1]}\r".encode())
        code = terminal.wait_for_end(60)
        said = terminal.text
    blanks = {
        (row["pack"], row["blank"]): row["answer"] for row in json.loads(program("policy", "blanks", "--json").out)
    }
    program.stop()

    eye = said.partition("Needs your eye")[2]
    assert code == 0, said
    assert [line for line in said.splitlines() if len(line) > 80 and str(tmp_path) not in line] == []
    assert blanks["ecomstore", "business_hours"] == "Mon-Fri 08:30-18:00"
    assert blanks["ecomstore", "time_zone"] == "America/New_York"
    assert [pack for (pack, _), answer in blanks.items() if answer is not None] == ["ecomstore", "ecomstore"]
    for missing in (
        "an administrator: agentconsole user add LOGIN NAME --role admin",
        "somebody who answers customers",
        "the mailbox of acme: agentconsole mail connect --brand acme --help",
        "the mailbox of it: ",
        "6 things that the policy ecomstore leaves open",
        "5 things that the policy ist-desk leaves open",
    ):
        assert (missing in eye) is (missing != "somebody who answers customers"), missing


def test_a_mailbox_that_does_not_answer_is_asked_for_again(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    begun = ("Acme care", "Europe/London", "ecomstore", "Acme Ltd", "acme", "", "later")

    with Terminal([sys.executable, "-m", "agentconsole", "init"], size=(120, 100), environ=program.places) as terminal:
        terminal.wait_for("]:")
        for answer in (*begun, "care@desk.test", "127.0.0.1:1"):
            _answer(terminal, answer)
        terminal.feed(b"\r")
        terminal.wait_for("Password of the mailbox:")
        terminal.feed(b"secret\r")
        terminal.wait_for("Not connected:")
        terminal.wait_for(lambda: terminal.text.count("Address that customers of acme write to") == 2)
        _answer(terminal, "later")
        said = terminal.text
        terminal.feed(b"\x03")
        terminal.wait_for_end()

    assert "SMTP server, HOST or HOST:PORT [smtp.desk.test]:" in said
    assert "Policy of another brand [none]:" in said
    assert "secret" not in said
