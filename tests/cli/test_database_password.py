"""The database's password: asked for or read from a file, kept where nobody else reads, and said nowhere."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.program import Program, Said
from tests.journeys.test_first_day import MAIL
from tests.postgres import LOCKED, PASSWORD, Place, cluster
from tests.pty import Terminal


@pytest.fixture(name="place")
def _place() -> Iterator[Place]:
    place = cluster().database()
    yield Place(place.name, cluster().conninfo(LOCKED, place.name), place.owner)
    cluster().ask(f"ALTER ROLE {LOCKED} PASSWORD '{PASSWORD}'")
    cluster().drop(place)


@pytest.fixture(name="program")
def _program(tmp_path: Path) -> Program:
    (tmp_path / "answers.toml").write_text('[[brands]]\npack = "ecolab"\n', encoding="utf-8")
    return Program(tmp_path / "home")


def _words(program: Program, place: Place, *more: str) -> tuple[str, ...]:
    answers = str(program.home.parent / "answers.toml")
    return ("init", "--answers", answers, "--database", place.app, "--database-owner", place.owner, *more)


def _given_in_a_file(program: Program, place: Place) -> Said:
    file = program.home.parent / "given"
    file.write_text(f"{PASSWORD}\n", encoding="utf-8")
    file.chmod(0o600)
    return program(*_words(program, place, "--database-password-file", str(file)))


@contextmanager
def _serving(program: Program, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("ab") as err:
        serving = subprocess.Popen([sys.executable, "-m", "agentconsole", "serve"], env=program.environ, stderr=err)
    try:
        yield serving
    finally:
        serving.terminate()
        serving.wait(30)


def _wait_until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(3000):
        if holds():
            return
        pause.wait(0.02)
    raise AssertionError("it never came to that")


def _processes(top: int) -> Iterator[Path]:
    """Yield a process and all that it started, as /proc shows them."""
    yield Path(f"/proc/{top}")
    for task in Path(f"/proc/{top}/task").iterdir():
        for child in (task / "children").read_text("ascii").split():
            yield from _processes(int(child))


def _places(top: int) -> dict[str, bytes]:
    """Read the arguments and the environment of a process and of all that it started."""
    return {
        f"{process.name} {name}": (process / name).read_bytes()
        for process in _processes(top)
        for name in ("cmdline", "environ")
    }


def test_a_password_is_kept_in_a_file_of_its_own_and_said_nowhere(program: Program, place: Place) -> None:
    """PROMISES 8.4: not in arguments, in no environment, in no log, no traceback, and not in what `doctor` says."""
    said = _given_in_a_file(program, place)
    log = program.home.parent / "log"

    with _serving(program, log) as serving:
        _wait_until(lambda: "serving" in log.read_text("utf-8"))
        mail = program.home.parent / "rosa.eml"
        mail.write_bytes(MAIL)
        told = [program("mail", "import", str(mail))]
        shown = _places(serving.pid)
        told += [program("doctor"), program("status", "--json")]
        cluster().ask(f"ALTER ROLE {LOCKED} PASSWORD 'another'")
        cluster().ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{LOCKED}'")
        _wait_until(lambda: "out of reach" in log.read_text("utf-8"))
        told.append(program("doctor"))
    with _serving(program, log):
        _wait_until(lambda: "password authentication failed" in log.read_text("utf-8"))

    kept = program.home / "database.password"
    everything = {path: path.read_bytes() for path in program.home.rglob("*") if path.is_file() and path != kept}
    words = [said.out, said.err, log.read_text("utf-8"), *(one.out + one.err for one in told)]
    assert (said.code, [one.code for one in told]) == (0, [0, 0, 0, 1])
    assert (kept.read_text("utf-8"), stat.S_IMODE(kept.stat().st_mode)) == (f"{PASSWORD}\n", 0o600)
    assert [name for name, held in shown.items() if PASSWORD.encode() in held] == []
    assert [path for path, held in everything.items() if PASSWORD.encode() in held] == []
    assert [text for text in words if PASSWORD in text or "Traceback" in text] == []
    assert len(shown) >= 4


def test_a_password_that_is_wanted_is_asked_for_on_a_terminal(program: Program, place: Place) -> None:
    words = [sys.executable, "-m", "agentconsole", *_words(program, place)]

    with Terminal(words, environ=program.places) as terminal:
        terminal.wait_for("Password for ")
        terminal.feed(f"{PASSWORD}\r".encode())
        code = terminal.wait_for_end(60)

        assert PASSWORD not in terminal.text
        assert "The desk is in" in terminal.text
    assert code == 0
    assert (program.home / "database.password").read_text("utf-8") == f"{PASSWORD}\n"


def test_where_nobody_can_be_asked_it_says_where_to_put_it_and_nothing_is_made(program: Program, place: Place) -> None:
    said = program(*_words(program, place))

    assert (said.out, said.code) == ("", 1)
    assert "The database wants a password: name a --database-password-file" in said.err
    assert not program.home.exists()


def test_a_wrong_password_makes_nothing(program: Program, place: Place) -> None:
    cluster().ask(f"ALTER ROLE {LOCKED} PASSWORD 'another'")

    said = _given_in_a_file(program, place)

    assert said.code == 1
    assert "password authentication failed" in said.err
    assert PASSWORD not in said.err
    assert not program.home.exists()


@pytest.mark.parametrize(
    ("mode", "text", "told"),
    [(0o644, PASSWORD, "chmod 600"), (0o600, "", "no password in the first line"), (0o000, None, "cannot be read")],
)
def test_a_password_file_that_will_not_do_is_told_of(
    program: Program, place: Place, mode: int, text: str | None, told: str
) -> None:
    file = program.home.parent / "given"
    if text is not None:
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)

    said = program(*_words(program, place, "--database-password-file", str(file)))

    assert said.code == 1
    assert told in said.err
    assert PASSWORD not in said.err
    assert not program.home.exists()


def test_the_server_does_not_sign_in_as_the_owner_while_nothing_is_to_be_changed(
    program: Program, place: Place
) -> None:
    """The owner's password is asked when tables are made, and kept nowhere."""
    owner = Place(place.name, place.app, cluster().conninfo("nobody_of_that_name", place.name))
    _given_in_a_file(program, place)
    named = program.home / "database.toml"
    named.write_text(named.read_text("utf-8").replace(place.owner, owner.owner), "utf-8")
    try:
        said = program("doctor")
    finally:
        program.stop()

    assert said.code == 0, said.err
    assert os.access(named, os.R_OK)
