"""Two people on two servers of one desk in PostgreSQL (U13): side by side as on one, also when a server is killed."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.config.paths import desk_paths
from agentconsole.security.recovery import new_recovery_codes, recovery_digest
from agentconsole.services.users import find_user
from agentconsole.storage.tables.recovery_code import RecoveryCode
from agentconsole.storage.transaction import DESK, Tx
from tests.desk_bench import PASSWORD, Bench
from tests.pty import Terminal
from tests.server.twins import Twin, Twins, bench_of, twins

SOON = 2.0
LONG = 60.0
CONSOLE = "from pathlib import Path; import sys; from agentconsole.tui.entry import run; run(Path(sys.argv[1]))"

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(name="pair")
def _pair(tmp_path: Path) -> Iterator[Twins]:
    """Return two homes of one desk whose servers do not run yet."""
    with twins(tmp_path) as made:
        yield made


@pytest.fixture(name="codes")
def _codes(pair: Twins) -> dict[str, list[str]]:
    """Put two cases on the desk, start both servers, and return printed codes of ana and sam."""
    with bench_of(pair.both[0].home) as bench:
        for _ in range(2):
            bench.ticket()
        codes = {login: list(new_recovery_codes(2)) for login in ("ana", "sam")}
        bench.desk.writer.run(DESK, lambda tx: _keep(tx, bench, codes))
    for twin in pair.both:
        twin.start()
    return codes


def _keep(tx: Tx, bench: Bench, codes: dict[str, list[str]]) -> None:
    for login, printed in codes.items():
        for code in printed:
            digest = recovery_digest(code, bench.desk.context.recovery_pepper)
            tx.session.add(RecoveryCode(digest=digest, user_id=find_user(tx, login).id or 0))


def _signs_in(terminal: Terminal, login: str, codes: dict[str, list[str]]) -> None:
    terminal.wait_for("Username")
    terminal.feed(f"{login}\t{PASSWORD}\x1bOQ{codes[login].pop()}\r".encode())
    terminal.wait_for(lambda: "Username" not in terminal.text)


def _console(twin: Twin) -> Terminal:
    """Open a team's console on one of the servers: it starts none by itself."""
    return Terminal([sys.executable, "-c", CONSOLE, str(desk_paths(os.environ, twin.home).socket)])


def test_two_on_two_servers_see_each_other_and_send_nothing_past_each_other(
    pair: Twins, codes: dict[str, list[str]]
) -> None:
    with _console(pair.both[0]) as ana, _console(pair.both[1]) as sam:
        _signs_in(ana, "ana", codes)
        _signs_in(sam, "sam", codes)
        sam.feed(b"gt")
        sam.wait_for("[Team 2]")

        ana.feed(b":1-3\r")
        ana.wait_for("nobody has it")
        sam.wait_for("<ana", SOON)
        ana.feed(b"t")
        ana.wait_for("assigned to ana")
        ana.feed(b"r")
        sam.wait_for("*ana", SOON)
        sam.feed(b":1-3\r")
        sam.wait_for("assigned to ana")
        sam.wait_for("ANA is writing to this case.", SOON)
        ana.feed(b"Dear Rosa, it left")
        ana.wait_for("it left")
        sam.feed(b"e")
        sam.wait_for("resolved, assigned to ana")
        ana.feed(b"\x04y")
        ana.wait_for("NOT SENT.")
        ana.wait_for("resolved")

    assert pair.rows("SELECT count(*) FROM outbox") == [(0,)]


def test_who_loses_her_server_to_a_kill_signs_in_at_it_again_and_has_her_text(
    pair: Twins, codes: dict[str, list[str]]
) -> None:
    hers, his = pair.both
    with _console(hers) as ana, _console(his) as sam:
        _signs_in(ana, "ana", codes)
        _signs_in(sam, "sam", codes)
        sam.feed(b"gt")
        sam.wait_for("[Team 2]")
        ana.feed(b":1-3\r")
        ana.wait_for("nobody has it")
        ana.feed(b"r")
        ana.wait_for("reply to 1-3")
        ana.feed(b"Dear Rosa, it is on")
        ana.wait_for("draft saved")
        sam.wait_for("*ana", SOON)

        hers.kill()
        hers.ended()
        ana.wait_for("The link to the desk is lost", SOON)
        sam.wait_for(lambda: "*ana" not in sam.text, LONG)
        sam.feed(b":1-3\r")
        sam.wait_for("ana has begun a reply")
        ana.feed(b" its way")

        hers.start()
        ana.wait_for("The desk is back", LONG)
        ana.feed(b"\x1b")
        ana.wait_for("Username")
        ana.feed(f"{PASSWORD}\x1bOQ{codes['ana'].pop()}\r".encode())
        ana.wait_for("Dear Rosa, it is on", LONG)
        sam.wait_for("ana is writing since", LONG)
        ana.feed(b" its way\x04y")
        ana.wait_for("sending in")
        sam.wait_for("Ana replied")
