"""A warm console on a terminal that is lent to it: to whoever sits there it is a cold one, only sooner there."""

import os
import shlex
import signal
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from agentconsole.config.paths import desk_paths
from agentconsole.server.desk import open_desk
from tests.cli.program import Program
from tests.journeys.first_day import add_user, sign_in
from tests.journeys.printed_codes import give_codes
from tests.journeys.test_first_day import MAIL
from tests.journeys.warming import PROGRAM, Warm, beside, keeping_warm, place_in, plain, wait_until
from tests.pty import Terminal

RESTORED = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l")
SHELL = ("bash", "--norc", "--noprofile", "-i")
LOGIN, OTHER = "ana", "bo"


@pytest.fixture(name="desk", scope="module")
def _desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("desk") / "home")
    program.found()
    yield program
    program.stop()


@pytest.fixture(name="codes", scope="module")
def _codes(desk: Program) -> dict[str, list[str]]:
    """Return two people's printed codes, on a desk with one case."""
    add_user(desk, LOGIN)
    add_user(desk, OTHER)
    letter = desk.home / "rosa.eml"
    letter.write_bytes(MAIL)
    desk("mail", "import", str(letter))
    desk.stop()
    opened = open_desk(desk_paths(desk.environ), desk.environ, committed=lambda _: None)
    codes = give_codes(opened, (LOGIN, OTHER), 30)
    opened.close()
    return codes


@pytest.fixture(name="warm")
def _warm(desk: Program) -> Iterator[Warm]:
    with keeping_warm(desk.places) as warm:
        yield warm


@pytest.fixture(name="signed_in")
def _signed_in(warm: Warm, codes: dict[str, list[str]]) -> Iterator[Terminal]:
    """Return a terminal on which somebody has signed in to a warm console."""
    with warm.terminal() as terminal:
        sign_in(terminal, LOGIN, codes)
        yield terminal
    warm.wait_until_gone()


@pytest.fixture(name="text")
def _text(signed_in: Terminal, request: pytest.FixtureRequest) -> str:
    """Return what was just typed as a note."""
    text = f" {request.node.name}"[:40]
    signed_in.feed(b":open 1-3\ri")
    signed_in.wait_for("Note on case 1-3")
    signed_in.feed(text.encode())
    signed_in.wait_for(text)
    return text


def _drafts(desk: Program) -> str:
    with closing(sqlite3.connect(desk.home / "desk.sqlite3")) as link:
        return "".join(text for (text,) in link.execute("SELECT text FROM draft"))


def test_somebody_works_and_leaves(signed_in: Terminal, text: str, warm: Warm) -> None:
    forked = warm.the_console()
    signed_in.feed(b"\x04")
    signed_in.wait_for("Note added")
    signed_in.feed(b":quit\r")
    code = signed_in.wait_for_end()

    assert code == 0
    assert forked not in (signed_in.process.pid, warm.process.pid)
    assert all(sequence in signed_in.raw for sequence in RESTORED)
    assert signed_in.stty_now == signed_in.stty_before
    warm.wait_until_gone()
    assert warm.process.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_saves_the_draft_and_gives_the_terminal_back(
    signed_in: Terminal, text: str, desk: Program, number: signal.Signals
) -> None:
    signed_in.signal(number)
    code = signed_in.wait_for_end()

    assert code == 128 + number
    assert all(sequence in signed_in.raw for sequence in RESTORED)
    assert signed_in.stty_now == signed_in.stty_before
    assert text in _drafts(desk)


def test_a_line_that_drops_ends_the_console_and_keeps_the_draft(
    signed_in: Terminal, text: str, warm: Warm, desk: Program
) -> None:
    signed_in.hang_up()
    signed_in.process.wait(timeout=8)

    warm.wait_until_gone()
    assert text in _drafts(desk)


def test_who_holds_the_terminal_is_killed_and_the_console_saves_and_gives_it_back(
    signed_in: Terminal, text: str, warm: Warm, desk: Program
) -> None:
    signed_in.signal(signal.SIGKILL)

    warm.wait_until_gone()
    assert text in _drafts(desk)
    assert signed_in.stty_now == signed_in.stty_before


def test_a_console_that_is_killed_gives_the_terminal_back_and_says_what_is_kept(warm: Warm) -> None:
    with warm.terminal() as terminal:
        terminal.wait_for("Username")
        begun = len(terminal.raw)
        os.kill(warm.the_console(), signal.SIGKILL)
        code = terminal.wait_for_end()

        assert code == 1
        assert terminal.stty_now == terminal.stty_before
        assert all(sequence in terminal.raw[begun:] for sequence in RESTORED)
        assert b"the console was killed. What you typed is kept, but for the last second" in terminal.raw


def test_a_console_outlives_the_process_that_it_was_forked_from(desk: Program) -> None:
    with keeping_warm(desk.places) as warm, warm.terminal() as terminal:
        terminal.wait_for("Username")
        assert warm.the_console()
        warm.process.kill()
        warm.process.wait()
        terminal.read(2.5)
        terminal.feed(b"somebody")
        terminal.wait_for("somebody")


def test_a_window_that_changes_is_drawn_anew(warm: Warm) -> None:
    with warm.terminal() as terminal:
        terminal.wait_for("Username")
        assert warm.the_console()
        terminal.resize(60, 20)
        terminal.wait_for("This window is 60x20; best at 80x24.")


def test_a_console_leaves_a_warm_one_behind_where_that_was_chosen_and_takes_it_away_again(
    desk: Program, codes: dict[str, list[str]]
) -> None:
    with tempfile.TemporaryDirectory(prefix="w") as folder:
        place, leads = place_in(Path(folder), desk.places)
        for order in (b":warm on\r", b":warm off\r"):
            with Terminal(plain(*PROGRAM), environ=leads) as terminal:
                sign_in(terminal, OTHER, codes)
                kept, chosen = beside(place), order == b":warm on\r"
                terminal.feed(order)
                terminal.wait_for("A console is kept ready" if chosen else "No console is kept ready")
                terminal.feed(b":quit\r")
                assert terminal.wait_for_end() == 0
            assert len(kept) == (0 if chosen else 2)  # the one that is kept, and the one that was forked
            if chosen:
                wait_until(place.exists, "nothing was left behind")
        assert not place.exists()
        for pid in beside(place):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("order", ["suspend", "signal"])
def test_the_shell_has_the_terminal_while_it_is_stopped_and_brings_it_back(
    warm: Warm, codes: dict[str, list[str]], order: str
) -> None:
    with warm.terminal(*SHELL, PS1="shell> ") as terminal:
        terminal.wait_for("shell>")
        terminal.feed(shlex.join(plain(*PROGRAM)).encode() + b"\r")
        sign_in(terminal, OTHER, codes)
        assert warm.the_console()
        if order == "suspend":
            terminal.feed(b":suspend\r")
        else:
            os.kill(_holder(terminal), signal.SIGTSTP)
        terminal.wait_for("Stopped")
        terminal.feed(b"echo is $((6*7)) ; bg\r")
        terminal.wait_for("is 42")
        terminal.settle()
        stopped = terminal.text
        begun = len(terminal.raw)
        terminal.feed(b"fg\r")
        terminal.wait_for("LOCKED" if order == "suspend" else "Unassigned")
        terminal.settle()

        assert "agentconsole" in stopped
        assert b"\x1b[?1049h" in terminal.raw[begun:]


def _holder(shell: Terminal) -> int:
    """Return the shell's job."""
    (job,) = Path(f"/proc/{shell.process.pid}/task/{shell.process.pid}/children").read_text().split()
    return int(job)


def test_a_desk_that_is_restarted_is_reached_again_through_who_holds_the_terminal(
    signed_in: Terminal, desk: Program
) -> None:
    os.kill(int(desk_paths(desk.environ).lock.read_text().split()[0]), signal.SIGKILL)
    signed_in.wait_for("The desk is back", 60)
