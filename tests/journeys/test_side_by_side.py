"""Two people, one case (U13): each sees the other within two seconds; who is cut off goes on where she was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.config.clock import SystemClock
from agentconsole.config.paths import desk_paths
from agentconsole.security.recovery import new_recovery_codes, recovery_digest
from agentconsole.server.desk import open_desk
from agentconsole.storage.tables.recovery_code import RecoveryCode
from agentconsole.storage.transaction import DESK, Tx
from tests.cli.program import Program
from tests.desk_bench import PASSWORD, add_person, code
from tests.journeys.first_day import console
from tests.journeys.test_first_day import MAIL
from tests.pty import Terminal

SOON = 2.0


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[Program]:
    """Return a desk with one case and two agents, on which nobody has signed in yet."""
    program = Program(tmp_path / "home")
    program.found()
    (tmp_path / "rosa.eml").write_bytes(MAIL)
    program("mail", "import", str(tmp_path / "rosa.eml"))
    program.stop()
    yield program
    program.stop()


@pytest.fixture(name="printed")
def _printed(desk: Program) -> str:
    """Let ana and bo in, and return a recovery code of bo's, with which he signs in a second time."""
    printed = new_recovery_codes()[0]
    opened = open_desk(desk_paths(desk.environ), desk.environ, committed=lambda _: None)
    add_person(opened, "ana", "agent")
    bo = add_person(opened, "bo", "agent")

    def keep(tx: Tx) -> None:
        tx.session.add(RecoveryCode(digest=recovery_digest(printed, opened.context.recovery_pepper), user_id=bo))

    opened.writer.run(DESK, keep)
    opened.close()
    return printed


def _signs_in(terminal: Terminal, login: str) -> None:
    terminal.wait_for("Username")
    terminal.feed(f"{login}\t{PASSWORD}\t{code(SystemClock().now())}\r".encode())
    terminal.wait_for("[My work")


def test_two_see_each_other_and_who_is_cut_off_finds_her_text_where_she_left_it(desk: Program, printed: str) -> None:
    with console(desk) as ana, console(desk) as bo:
        _signs_in(ana, "ana")
        _signs_in(bo, "bo")
        ana.feed(b"go")
        ana.wait_for("[Unassigned 1]")
        bo.feed(b":1-3\r")
        bo.wait_for("case 1-3")
        ana.wait_for("<bo", SOON)
        bo.feed(b"r")
        bo.wait_for("reply to 1-3")
        ana.wait_for("*bo", SOON)

        ana.feed(b"\r")
        ana.wait_for("BO is writing to this case.", SOON)
        bo.wait_for("ANA opened this case too and sees that you are writing.", SOON)
        bo.feed(b"Dear Rosa, it left")
        bo.wait_for("it left")
        bo.hang_up()
        ana.wait_for(lambda: "bo is writing" not in ana.text and "bo has begun a reply" in ana.text, SOON)

        with console(desk) as again:
            again.wait_for("Username")
            again.feed(f"bo\t{PASSWORD}\x1bOQ{printed}\r".encode())
            again.wait_for("Dear Rosa, it left")
            ana.wait_for("bo is writing", SOON)
            assert "reply to 1-3" in again.text
