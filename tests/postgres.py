"""A real PostgreSQL for tests, and a pgbouncer before it: one of each a process, on loopback ports, gone afterwards."""

import atexit
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from tests import needs

HOST = "127.0.0.1"
OWNER = "desk_owner"
APP = "desk_app"
LOCKED = "desk_locked"
PASSWORD = "tr0ub4dor-canary-7f3a"
"""Opens the one role that is not let in without."""
START_SECONDS = 30.0
_ACCOUNT = "postgres"
_SETTINGS = (
    f"listen_addresses={HOST}",
    "unix_socket_directories=",
    # The tests pull plugs of processes, never of the machine: what is lost then is theirs to lose.
    "fsync=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "max_connections=200",
    "log_line_prefix=%m [%p] ",
)


@dataclass(frozen=True)
class Place:
    """Name a database by what its two roles sign in with; `direct` goes past a pool, where `app` goes through one."""

    name: str
    app: str
    owner: str
    direct: str = ""


@dataclass
class Cluster:
    """Drive a running PostgreSQL. Its roles but one need no password: only this machine's own accounts get there."""

    folder: Path
    port: int
    is_durable: bool = False
    _numbers: Any = field(default_factory=itertools.count)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def log(self) -> Path:
        """Return where the server says what it does."""
        return self.folder / "log"

    def conninfo(self, role: str, database: str) -> str:
        """Return what a role signs in to a database with."""
        return f"host={HOST} port={self.port} user={role} dbname={database}"

    def place(self, name: str) -> Place:
        """Return how a database is signed in to."""
        return Place(name, self.conninfo(APP, name), self.conninfo(OWNER, name))

    def ask(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement as the superuser, each in a transaction of its own."""
        with psycopg.connect(self.conninfo(_ACCOUNT, database), autocommit=True) as link:
            cursor = link.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def database(self, template: str = "template0") -> Place:
        """Make a database that the owner's role owns, as a copy of another one."""
        name = f"desk{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")
        return self.place(name)

    def drop(self, place: Place) -> None:
        """Remove a database, whoever is still signed in to it."""
        self.ask(f"DROP DATABASE {place.name} WITH (FORCE)")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = [part for setting in (*_SETTINGS, f"port={self.port}") for part in ("-c", setting)]
        settings += ["-c", "fsync=on", "-c", "full_page_writes=on"] if self.is_durable else []
        with self.log.open("ab") as said:
            self._process = subprocess.Popen(
                _as_account([str(needs.program("postgres")), "-D", str(self.folder / "data"), *settings]),
                **_aside(said),
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.ask("SELECT 1")
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, self.log.read_text(errors="replace")
                time.sleep(0.02)
            else:
                return

    def stop(self, how: int = signal.SIGQUIT) -> None:
        """Stop it: SIGQUIT at once, SIGINT after it has told its clients."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                os.kill(process.pid, how)
            process.wait(timeout=START_SECONDS)

    def start_anew(self, *, is_durable: bool) -> None:
        """Start it anew, as one that waits for its disk or as one that does not."""
        self.stop(signal.SIGINT)
        self.is_durable = is_durable
        self.start()

    def remove(self) -> None:
        """Stop it and take its folder away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Bouncer:
    """Drive a pgbouncer that hands out connections of the cluster by transaction, fewer than one desk has use for."""

    folder: Path
    port: int
    _process: "subprocess.Popen[bytes] | None" = None

    def through(self, place: Place) -> Place:
        """Return how a database is signed in to through the pool; its owner goes past it."""
        pooled = f"host={HOST} port={self.port} user={APP} dbname={place.name}"
        return Place(place.name, pooled, place.owner, place.app)

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "log").open("ab") as said:
            self._process = subprocess.Popen(
                _as_account([str(needs.program("pgbouncer")), str(self.folder / "ini")]), **_aside(said)
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            with suppress(OSError):
                socket.create_connection((HOST, self.port), timeout=1).close()
                return
            assert time.monotonic() < deadline, (self.folder / "log").read_text(errors="replace")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it at once, in the middle of whatever goes through it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(timeout=START_SECONDS)

    def remove(self) -> None:
        """Stop it and take its folder away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@cache
def bouncer() -> Bouncer:
    """Start the one pgbouncer of this process, before its cluster; leave the test out where there is none."""
    needs.program("pgbouncer")
    upstream = cluster().port
    folder = Path(tempfile.mkdtemp(prefix="agentconsole-bouncer-"))
    made = Bouncer(folder, _free_port())
    atexit.register(made.remove)
    (folder / "users").write_text(f'"{APP}" ""\n')
    (folder / "ini").write_text(
        f"[databases]\n* = host={HOST} port={upstream}\n[pgbouncer]\nlisten_addr = {HOST}\nlisten_port = {made.port}\n"
        f"unix_socket_dir =\nauth_type = trust\nauth_file = {folder}/users\npool_mode = transaction\n"
        "default_pool_size = 2\nmax_client_conn = 200\nserver_login_retry = 0.2\nquery_wait_timeout = 2\n"
    )
    for path in (folder, *folder.iterdir()):
        if os.geteuid() == 0:
            shutil.chown(path, _ACCOUNT, _ACCOUNT)
    made.start()
    return made


@cache
def cluster() -> Cluster:
    """Start the one cluster of this process; leave the test out where there is no PostgreSQL."""
    initdb = needs.program("postgres").with_name("initdb")
    folder = Path(tempfile.mkdtemp(prefix="agentconsole-postgres-"))
    made = Cluster(folder, _free_port())
    atexit.register(made.remove)
    if os.geteuid() == 0:
        shutil.chown(folder, _ACCOUNT, _ACCOUNT)
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--username", _ACCOUNT]
    with made.log.open("wb") as said:
        subprocess.run(
            _as_account([str(initdb), "-D", str(folder / "data"), *options]), check=True, timeout=60, **_aside(said)
        )
    allowed = folder / "data" / "pg_hba.conf"
    allowed.write_text(f"host all {LOCKED} {HOST}/32 scram-sha-256\n{allowed.read_text('utf-8')}", "utf-8")
    made.start()
    for role in (OWNER, APP):
        made.ask(f"CREATE ROLE {role} LOGIN")
    made.ask(f"CREATE ROLE {LOCKED} LOGIN PASSWORD '{PASSWORD}'")
    return made


@contextmanager
def durable() -> Iterator[None]:
    """Have the cluster wait for its disk as one does that keeps a desk."""
    cluster().start_anew(is_durable=True)
    try:
        yield
    finally:
        cluster().start_anew(is_durable=False)


def _aside(said: Any) -> dict[str, Any]:
    return {"stdin": subprocess.DEVNULL, "stdout": said, "stderr": said, "start_new_session": True, "cwd": "/"}


def _as_account(command: Sequence[str]) -> list[str]:
    """Run as PostgreSQL's own account where this is root: it refuses to."""
    if os.geteuid() != 0:
        return list(command)
    return ["setpriv", f"--reuid={_ACCOUNT}", f"--regid={_ACCOUNT}", "--clear-groups", *command]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
