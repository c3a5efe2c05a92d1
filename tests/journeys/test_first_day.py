"""A desk's first day: it is made, somebody signs in with an authenticator, works a case, and nothing is left behind."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.journeys.first_day import PASSWORD, add_user, code_of, console, first_sign_in
from tests.pty import Terminal

MAIL = (
    b"From: Rosa Prado <rosa@example.org>\r\nTo: care@example.com\r\nSubject: Refund for order 4471\r\n"
    b"Message-ID: <one@example.org>\r\n\r\nWhere is my refund?\r\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Program]:
    """Return the program on a founded desk; its server is stopped afterwards."""
    program = Program(tmp_path / "home")
    program.found()
    yield program
    program.stop()


def test_init_makes_a_desk_and_its_first_administrator(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    desk = ["Acme care", "Europe/London", "ecomstore", "Acme Ltd", "acme", "Mon-Fri 08:30-18:00"]
    later = ["later", "later", "none"]
    answers = [*desk, *later, "root", "Root Example", "ana", "Ana Example", "", ""]

    with Terminal(
        [sys.executable, "-m", "agentconsole", "init"],
        size=(100, 60),
        environ=program.places,
    ) as terminal:
        for answer in answers:
            terminal.wait_for(lambda: terminal.text.rstrip().endswith("]:"))
            terminal.feed(answer.encode() + b"\r")
            terminal.settle(0.1)
        terminal.wait_for("8 characters or more")
        terminal.feed(PASSWORD.encode() + b"\r")
        terminal.wait_for("The same again")
        terminal.feed(PASSWORD.encode() + b"\r")
        terminal.wait_for("Code that the app shows now")
        seed = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", terminal.text)
        assert seed is not None
        terminal.feed(b"000000\r")
        terminal.wait_for("Is the phone's clock right?")
        terminal.feed(code_of(seed.group()).encode() + b"\r")
        terminal.wait_for("Recovery codes, each works once")
        assert terminal.wait_for_end() == 0

    listed = program("user", "list")
    program.stop()
    assert re.search(r"root +admin +factor enrolled", listed.out)
    assert re.search(r"ana +agent +factor waiting", listed.out)


def test_init_asks_again_at_once_and_makes_nothing_until_all_is_answered(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    typed = ("Acme care", "Mars/Base", "Europe/London", "", "", "", "whenever", "", "", "", "", "Ad Min")
    answers = tuple(f"{line}\r".encode() for line in typed)

    with Terminal(
        [sys.executable, "-m", "agentconsole", "init"],
        size=(100, 60),
        environ=program.places,
    ) as terminal:
        for answer in answers:
            terminal.wait_for(lambda: terminal.text.rstrip().endswith("]:"))
            terminal.feed(answer)
            terminal.settle(0.1)
        terminal.wait_for("cannot be a login")
        terminal.feed(b"\x04")
        code = terminal.wait_for_end()
        said = terminal.text

    assert 'There is no time zone "Mars/Base"' in said
    assert "whenever" in said
    assert "Traceback" not in said
    assert code == 1
    assert not program.home.exists()


def test_an_agent_enrols_answers_a_mail_and_resolves_it(desk: Program, tmp_path: Path) -> None:
    one_time = add_user(desk, "ana")
    (tmp_path / "rosa.eml").write_bytes(MAIL)
    desk("mail", "import", str(tmp_path / "rosa.eml"))

    with console(desk) as terminal:
        first_sign_in(terminal, "ana", one_time)
        terminal.feed(b"n")
        terminal.wait_for("case 1-3")
        terminal.feed(b"r;ref\t\x04")
        terminal.wait_for("checks before sending")
        terminal.feed(b"e")
        terminal.wait_for("u takes it back")
        terminal.feed(b"u")
        terminal.wait_for("Mine 1")
        terminal.feed(b":quit\r")
        assert terminal.wait_for_end() == 0

    assert "are whole" in desk("audit", "verify").out
