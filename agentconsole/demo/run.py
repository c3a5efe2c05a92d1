"""`agentconsole demo`: a scratch desk, its server in a child process, and the console in front of it."""

import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from agentconsole.config.clock import SystemClock
from agentconsole.config.paths import desk_paths
from agentconsole.demo.days import beginning
from agentconsole.demo.people import PASSWORD, ZONE, Colleague, colleague, counterpart
from agentconsole.demo.tour import TourStep, load_tour
from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Role

ANNOUNCEMENT = "demo desk in a scratch folder, nothing leaves this machine"
STOP_SECONDS = 10.0
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """Say which demo: `at` without a zone is the desk's time, None a working day's morning; `home` stays if given."""

    keep: bool = False
    speed: float = 10.0
    role: str = Role.AGENT
    at: datetime | None = None
    seed: int = 7
    home: Path | None = None


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """Lend the console somebody to sign in as; `code` is what her phone shows now, `others` whom F9 makes of her."""

    user: str
    name: str
    role: str
    password: str
    code: Callable[[], str]
    others: tuple["DemoSignIn", ...] = ()
    tour: tuple[TourStep, ...] = ()


def run_demo(options: DemoOptions, console: Callable[[Path, DemoSignIn, Callable[[], None]], int]) -> int:
    """Run the demo until `console` (socket, sign-in, what to call before it tries the link) returns its exit code.

    Nothing is left: no process, and no folder unless it is to be kept. Refuses an unknown role.
    """
    person = colleague(options.role)
    print(ANNOUNCEMENT, flush=True)
    with _folder(options) as home:
        socket = desk_paths({}, home).socket
        with _server(options, home) as look_after:
            code = console(socket, _sign_in(person, options), look_after)
    if options.keep:
        print(f"kept: AGENTCONSOLE_HOME={home}", flush=True)
        key = base64.b32encode(person.seed).decode()
        print(f'sign in as {person.login}, password "{PASSWORD}", authenticator key {key}', flush=True)
    return code


def _sign_in(person: Colleague, options: DemoOptions) -> DemoSignIn:
    tour = load_tour(person.role, speed=options.speed, keep=options.keep or options.home is not None)

    def lent(who: Colleague, others: tuple[DemoSignIn, ...]) -> DemoSignIn:
        return DemoSignIn(
            user=who.login,
            name=who.name,
            role=who.role.value,
            password=PASSWORD,
            code=lambda: who.code(SystemClock().now()),
            others=others,
            tour=tour if who is person else (),
        )

    return lent(person, (lent(counterpart(person), ()),))


@contextlib.contextmanager
def _folder(options: DemoOptions) -> Iterator[Path]:
    home = options.home or Path(tempfile.mkdtemp(prefix="agentconsole-demo-"))
    try:
        yield home
    finally:
        if not options.keep and options.home is None:
            shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def _server(options: DemoOptions, home: Path) -> Iterator[Callable[[], None]]:
    """Run the desk server beside us: it ends when its standard input does, and so with us, however we end.

    What comes back refuses once the server has ended before its time.
    """
    play = {
        "home": str(home),
        "base": _base(options).isoformat(),
        "speed": options.speed,
        "seed": options.seed,
        "keep": options.keep or options.home is not None,
    }
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = os.open(desk_paths({}, home).log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-I", "-m", "agentconsole.demo.begin", json.dumps(play)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd="/",
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            start_new_session=True,
        )
    finally:
        os.close(log)

    def look_after() -> None:
        if child.poll() is not None:
            raise Refused(
                "The demo's desk server ended before its time: Esc, then ctrl+c leaves; start the demo again."
            )

    try:
        yield look_after
    finally:
        _stop(child)


def _base(options: DemoOptions) -> datetime:
    if options.at is None:
        return beginning(SystemClock().now(), ZoneInfo(ZONE))
    if options.at.tzinfo is None:
        return options.at.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    return options.at.astimezone(UTC)


def _stop(child: "subprocess.Popen[bytes]") -> None:
    """Let the server finish what it has acknowledged; one that does not come to an end is ended."""
    if child.stdin is not None:
        child.stdin.close()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
