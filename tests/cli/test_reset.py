"""`agentconsole user reset-totp` asks two people where there are two, on a terminal and nowhere else."""

import pytest

from agentconsole.config.clock import SystemClock
from agentconsole.config.paths import desk_paths
from agentconsole.server.desk import open_desk
from tests.cli.program import Program
from tests.desk_bench import PASSWORD, add_person, code
from tests.pty import Terminal


@pytest.fixture
def staffed(desk: Program) -> Program:
    """Return a desk with an agent, a supervisor and an administrator, who all have authenticators."""
    opened = open_desk(desk_paths(desk.environ), desk.environ, committed=lambda _: None)
    for login, role in (("ana", "agent"), ("sam", "supervisor"), ("ada", "admin")):
        add_person(opened, login, role)
    opened.close()
    return desk


def test_two_people_type_their_proofs_and_the_one_time_password_is_shown(staffed: Program) -> None:
    with Terminal.python("agentconsole", "user", "reset-totp", "ana", environ=staffed.places) as terminal:
        for which, login in (("First", "sam"), ("Second", "ada")):
            terminal.wait_for(f"{which} person, name:")
            terminal.feed(f"{login}\n".encode())
            terminal.wait_for(lambda: terminal.text.count("Password:") == 1 + (which == "Second"))  # noqa: B023
            terminal.feed(f"{PASSWORD}\n".encode())
            terminal.wait_for(lambda: terminal.text.count("Code that") == 1 + (which == "Second"))  # noqa: B023
            terminal.feed(f"{code(SystemClock().now())}\n".encode())
        terminal.wait_for("One-time password:")

        assert terminal.wait_for_end() == 0
        assert PASSWORD not in terminal.text
        assert "sam and ada stand for it" in terminal.text


def test_without_a_terminal_nothing_is_asked_and_nothing_done(staffed: Program) -> None:
    said = staffed("user", "reset-totp", "ana", given=f"sam\n{PASSWORD}\n")

    assert said.code == 1
    assert "takes two people" in said.out
    assert "run it on a terminal" in said.err
