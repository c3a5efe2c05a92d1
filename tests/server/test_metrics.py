"""Figures for Prometheus: in its form, true, and with nothing in them that a person said or is called."""

import asyncio
import re
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.server.metrics import SOCKET, Metrics, metrics_socket, written
from agentconsole.wire import commands
from tests.server_bench import Served, execute, on_a_loop, serve

SAMPLE = re.compile(r'agentconsole_[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [0-9.e+-]+')
REQUEST = b"GET /metrics HTTP/1.1\r\nHost: desk\r\n\r\n"


@asynccontextmanager
async def _measured(folder: Path) -> AsyncIterator[tuple[Served, Path]]:
    async with serve(folder) as served:
        metrics = Metrics(served.desk, served.server.sessions, served.clock.now())
        listening = await metrics.listen(SOCKET)
        try:
            yield served, metrics_socket(served.paths)
        finally:
            listening.close()


async def _asked(place: Path, request: bytes = REQUEST) -> tuple[str, dict[str, float]]:
    reader, writer = await asyncio.open_unix_connection(str(place))
    writer.write(request)
    answer = (await asyncio.wait_for(reader.read(), 10)).decode()
    writer.close()
    head, _, body = answer.partition("\r\n\r\n")
    lines = [line for line in body.splitlines() if SAMPLE.fullmatch(line)]
    return head + "\r\n\r\n" + body, {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


@on_a_loop
async def test_the_figures_are_those_of_the_desk(tmp_path: Path) -> None:
    async with _measured(tmp_path) as (served, place):
        number = await served.ticket()
        ana = await served.sign_in("ana")
        await ana.ask(commands.Reply(number, 99, "Dear Rosa"))
        host = await served.caller()
        await host.ask(commands.BeginBackup())
        await host.ask(commands.EndBackup(1000, False))
        _, figures = await _asked(place)
        now = served.clock.now().timestamp()

    expected = {"sessions": 1, "cases_live": 1, "mails_leaving": 1, "mails_in_trouble": 0, "mails_not_filed": 0}
    assert {name: figures[f"agentconsole_{name}"] for name in expected} == expected
    assert figures["agentconsole_events_total"] > 5
    assert figures["agentconsole_last_backup_time_seconds"] == now
    assert figures["agentconsole_disk_free_bytes"] > 0


@on_a_loop
async def test_every_line_has_prometheus_form_and_no_person_is_in_it(tmp_path: Path) -> None:
    async with _measured(tmp_path) as (served, place):
        await served.ticket("Rosa Prado <rosa@example.org>", "Secret subject")
        await served.sign_in("ana")
        await execute(
            served,
            "INSERT INTO mailbox (brand_id, address, imap_host, imap_port, imap_security, smtp_host, smtp_port,"
            " smtp_security, user, sealed_password, folder, ca_file, uidvalidity, uid, trouble)"
            " VALUES ('ecolab', 'care@desk.to', 'h', 1, 'ssl', 'h', 1, 'ssl', 'care', 'e', 'INBOX', '', 0, 0, 'down')",
        )
        answer, figures = await _asked(place)

    head, _, body = answer.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4")
    assert [line for line in body.splitlines() if not line.startswith("# ") and not SAMPLE.fullmatch(line)] == []
    assert figures['agentconsole_mailbox_reachable{brand="ecolab"}'] == 0
    assert [word for word in ("Rosa", "rosa", "Secret", "ana", "care@", "down") if word in body] == []
    assert body.count("# TYPE agentconsole_mailbox_reachable gauge\n") == 1


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "404 Not Found"),
        (b"POST /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
        (b"\x1b[2J\x00\r\n\r\n", "405 Method Not Allowed"),
        (b"GET /metrics?x=1 HTTP/1.0\r\n\r\n", "200 OK"),
        (b"x" * 20_000 + b"\r\n\r\n", ""),
    ],
    ids=["another path", "another method", "garbage", "a question", "endless"],
)
@on_a_loop
async def test_whatever_is_asked_gets_a_short_answer_or_none(tmp_path: Path, request_: bytes, status: str) -> None:
    async with _measured(tmp_path) as (_, place):
        try:
            answer, _figures = await _asked(place, request_)
        except ConnectionError:
            answer = ""
        again, _figures = await _asked(place)

    assert answer.partition("\r\n")[0] == (f"HTTP/1.1 {status}" if status else "")
    assert again.startswith("HTTP/1.1 200 OK")


@on_a_loop
async def test_the_socket_is_private_and_a_port_is_of_loopback_only(tmp_path: Path) -> None:
    async with _measured(tmp_path) as (served, place):
        mode = stat.S_IMODE(place.stat().st_mode)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        metrics = Metrics(served.desk, served.server.sessions, served.clock.now())
        listening = await metrics.listen(str(port))
        hosts = {one.getsockname()[0] for one in listening.sockets}
        listening.close()
        refused = []
        for where in ("80", "65536", "socket2", "-1", "９４６４", "1" * 5000):
            with pytest.raises(Refused, match="AGENTCONSOLE_METRICS is") as refusal:
                await metrics.listen(where)
            refused.append(refusal.value.sentence)

    assert (mode, hosts) == (0o600, {"127.0.0.1"})
    assert max(map(len, refused)) < 100


def test_a_label_cannot_end_its_line() -> None:
    assert written([("x", "gauge", "Y.", {"a": 'b"\\\nc'}, 1)]).splitlines()[2] == 'agentconsole_x{a="b\\"\\\\\\nc"} 1'
