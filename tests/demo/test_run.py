"""The demo as a whole: a scratch desk in a child process that ends, and goes, with the console."""

import asyncio
import base64
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agentconsole.demo.people import COLLEAGUES, PASSWORD
from agentconsole.demo.run import DemoOptions, DemoSignIn, run_demo
from agentconsole.demo.tour import load_tour
from agentconsole.domain.errors import Refused
from agentconsole.security.totp import code_at
from agentconsole.wire.commands import SignIn
from agentconsole.wire.frames import AnyAnswer, Page, Welcome
from agentconsole.wire.queries import ReadQueue
from tests.demo.outside import connect, processes_of, until

PARENT = """
import sys, time
from pathlib import Path
from agentconsole.demo.run import DemoOptions, run_demo

def console(socket, sign_in, look_after):
    while not socket.exists():
        time.sleep(0.05)
    print(socket.parent, flush=True)
    time.sleep(600)

run_demo(DemoOptions(), console)
"""


def look(options: DemoOptions) -> tuple[list[Path], list[Welcome], list[AnyAnswer], list[DemoSignIn]]:
    """Run a demo whose console signs in and reads its first list; returns what it saw."""
    homes: list[Path] = []
    welcomes: list[Welcome] = []
    answers: list[AnyAnswer] = []
    lent: list[DemoSignIn] = []

    def console(socket: Path, sign_in: DemoSignIn, look_after: Callable[[], None]) -> int:
        async def session() -> None:
            client = await connect(socket)
            welcomes.append(client.welcome)
            answers.append(await client.ask(SignIn(sign_in.user, sign_in.password, sign_in.code())))
            answers.append(await client.ask(ReadQueue("mine" if sign_in.role != "admin" else "team")))
            await client.close()

        homes.append(socket.parent)
        lent.append(sign_in)
        asyncio.run(session())
        return 0

    assert run_demo(options, console) == 0
    return homes, welcomes, answers, lent


def test_its_console_signs_in_and_sees_the_list_and_nothing_is_left(capfd: pytest.CaptureFixture[str]) -> None:
    (home,), (welcome,), (signed_in, page), (sign_in,) = look(DemoOptions())

    assert capfd.readouterr().out == "demo desk in a scratch folder, nothing leaves this machine\n"
    assert (welcome.demo, welcome.speed, welcome.desk.line()) == (True, 10.0, "Eco Lab Supply, demo desk")
    assert signed_in.login == sign_in.user == "ana"
    assert isinstance(page, Page)
    assert page.page.rows[0].customer.line() == "Rosa Prado"
    assert not home.exists()
    assert processes_of(home) == []


@pytest.mark.parametrize(
    ("role", "user", "other"), [("supervisor", "sam", "ana"), ("manager", "lee", "ana"), ("admin", "pat", "ana")]
)
def test_a_role_chooses_who_signs_in_and_f9_makes_her_somebody_else(role: str, user: str, other: str) -> None:
    _, _, (signed_in, _), (sign_in,) = look(DemoOptions(role=role))

    assert signed_in.login == user
    assert [each.user for each in sign_in.others] == [other]
    assert sign_in.tour == load_tour(role)


def test_a_role_that_is_none_is_refused_before_anything_starts() -> None:
    with pytest.raises(Refused, match="no role"):
        run_demo(DemoOptions(role="king"), lambda *_: pytest.fail("a console was opened"))


def test_a_frozen_instant_is_the_desks_own_time() -> None:
    at = datetime(2026, 11, 23, 10, 42)  # noqa: DTZ001 - without a zone it is the desk's

    _, (welcome,), (_, page), (sign_in,) = look(DemoOptions(at=at, speed=0))

    assert welcome.now.isoformat() == "2026-11-23T15:42:00+00:00"
    assert page.page.as_of == welcome.now
    assert sign_in.tour == load_tour(speed=0)


def test_a_kept_folder_stays_and_is_private(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    homes, _, _, (sign_in,) = look(DemoOptions(keep=True, home=tmp_path / "kept"))

    assert sign_in.tour == load_tour(keep=True)
    home = homes[0]
    said = capfd.readouterr().out
    assert f"kept: AGENTCONSOLE_HOME={home}" in said
    key = base64.b32decode(said.split()[-1])
    at = datetime(2026, 11, 23, 15, 42, tzinfo=UTC)
    assert code_at(key, at) == COLLEAGUES[0].code(at)
    assert f'sign in as ana, password "{PASSWORD}"' in said
    assert (home / "desk.sqlite3").stat().st_mode & 0o077 == 0
    assert (home / "master.key").exists()
    assert home.stat().st_mode & 0o077 == 0
    assert processes_of(home) == []


def test_a_killed_console_takes_the_server_and_the_folder_with_it() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        home = Path(parent.stdout.readline().strip())
        assert home.is_dir()
        assert processes_of(home)

        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()

        assert until(lambda: not processes_of(home))
        assert until(lambda: not home.exists())


def test_everybodys_code_is_six_digits_that_change() -> None:
    now = datetime.fromisoformat("2026-11-20T15:42:00+00:00")
    later = datetime.fromisoformat("2026-11-20T15:43:00+00:00")

    for colleague in COLLEAGUES:
        assert colleague.code(now).isdecimal()
        assert len(colleague.code(now)) == 6
        assert colleague.code(now) != colleague.code(later)


def _refusal(look_after: Callable[[], None]) -> list[str]:
    try:
        look_after()
    except Refused as refused:
        return [refused.sentence]
    return []


def test_a_server_that_ends_before_its_time_is_told_of() -> None:
    said: list[str] = []

    def console(socket: Path, sign_in: DemoSignIn, look_after: Callable[[], None]) -> int:
        until(socket.exists)
        look_after()
        for process in processes_of(socket.parent):
            os.kill(process, signal.SIGKILL)
        assert until(lambda: bool(_refusal(look_after)))
        said.extend(_refusal(look_after))
        return 1

    assert run_demo(DemoOptions(), console) == 1
    assert said == ["The demo's desk server ended before its time: Esc, then ctrl+c leaves; start the demo again."]
