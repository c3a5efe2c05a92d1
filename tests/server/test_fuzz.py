"""The socket's protocol with what no console would send: the server keeps serving, with bounded memory."""

import asyncio
import contextlib
import random
import re
import socket
import subprocess
import sys
import threading
import typing
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from agentconsole.config.paths import desk_paths
from agentconsole.domain.errors import Refused
from agentconsole.wire import commands, queries
from agentconsole.wire.client import Client
from agentconsole.wire.commands import AnyCommand
from agentconsole.wire.frames import (
    LARGEST_FRAME,
    LARGEST_OF_STRANGER,
    Answer,
    Ask,
    BadFrame,
    Status,
    frame,
    read_ask,
    read_body,
    read_tell,
)
from agentconsole.wire.queries import AnyQuery
from tests.cli.program import Program
from tests.server.test_roles import ASKED
from tests.server_bench import Served, for_strangers, on_a_loop, serve

BODIES = (*ASKED, commands.SignIn("ana", "no", "000000"), commands.ConfirmEnrolment("000000"), queries.ReadStatus())
CONNECTIONS = 1_000
MEGABYTE = 1 << 20
Bytes = Callable[[random.Random], bytes]


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


def _asked(chance: random.Random) -> bytes:
    return frame(Ask(chance.randrange(1 << 32), chance.choice(BODIES), f"request {chance.random()}"))


def _changed(chance: random.Random) -> bytes:
    """Return a good question of which a few bytes are others; its length is right."""
    body = bytearray(_asked(chance)[4:])
    for _ in range(chance.randint(1, 4)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return _framed(bytes(body))


def _cut(chance: random.Random) -> bytes:
    whole = _asked(chance)
    return whole[: chance.randrange(len(whole))]


def _any_value(chance: random.Random, depth: int = 0) -> object:
    made: list[Callable[[], object]] = [
        lambda: None,
        lambda: chance.choice((True, False)),
        lambda: chance.choice((0, -1, 1 << 31, -(1 << 63), (1 << 64) - 1)),
        lambda: chance.choice((0.0, float("nan"), float("inf"), -1e308)),
        lambda: chance.choice(("", "x" * 3000, "\x1b[2J", "\u202e\x00", "e" + "\u0301" * 500, "' OR 1=1 --")),
        lambda: chance.randbytes(chance.randrange(40)),
    ]
    if depth < 3:
        made.append(lambda: [_any_value(chance, depth + 1) for _ in range(chance.randrange(5))])
        made.append(lambda: {f"{n}": _any_value(chance, depth + 1) for n in range(chance.randrange(5))})
    return chance.choice(made)()


def _other_values(chance: random.Random) -> bytes:
    """Return a question whose shape is right but for the values of some fields."""
    whole = msgspec.msgpack.decode(_asked(chance)[4:])
    fields = [name for name in whole["body"] if name != "type"]
    for name in chance.sample(fields, min(len(fields), 2)):
        whole["body"][name] = _any_value(chance)
    return _framed(msgspec.msgpack.encode(whole))


NOISE: dict[str, Bytes] = {
    "a good question before the sign-in": _asked,
    "a question with changed bytes": _changed,
    "a question cut short": _cut,
    "a question with other values": _other_values,
    "noise": lambda chance: chance.randbytes(chance.randrange(1, 3000)),
    "noise in a frame": lambda chance: _framed(chance.randbytes(chance.randrange(3000))),
    "any message in a frame": lambda chance: _framed(msgspec.msgpack.encode(_any_value(chance))),
    "a length that lies": lambda chance: chance.randrange(1 << 32).to_bytes(4, "big") + chance.randbytes(100),
    "several at once": lambda chance: b"".join(_asked(chance) for _ in range(20)) + _cut(chance),
}


def _does_harm(data: bytes) -> bool:
    """Tell whether a question that is whole would rightly stop the server: the host may."""
    return b"Shutdown" in data


async def _answers(served: Served, data: bytes) -> list[Answer]:
    """Send bytes on a connection of their own and return what was answered until it closed."""
    reader, writer = await asyncio.open_unix_connection(str(served.paths.socket))
    writer.write(data)
    writer.write_eof()
    answers = []
    with contextlib.suppress(ConnectionError):
        while (body := await asyncio.wait_for(read_body(reader), 10)) is not None:
            if isinstance(told := read_tell(body), Answer):
                answers.append(told)
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return answers


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("rounds", [40, pytest.param(5_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("kind", list(NOISE))
@on_a_loop
async def test_whatever_bytes_come_no_question_is_a_fault_and_the_others_are_served(
    tmp_path: Path, kind: str, rounds: int, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(kind)
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")
        number = await served.ticket()

        said = []
        for _ in range(rounds):
            data = NOISE[kind](chance)
            if not _does_harm(data):
                said += await _answers(served, data)
        await ana.ask(commands.AddNote(number, "still here"))
        case = await ana.ask(queries.ReadCase(number))

    codes = {getattr(one.body, "code", "") for one in said}
    assert "fault" not in codes, caplog.text[-3000:]
    assert "Traceback" not in caplog.text
    assert case.case.contacts[-1].text.lines() == "still here"


@pytest.mark.parametrize("role", ["ana", "ada"])
@on_a_loop
async def test_no_value_in_a_question_of_somebody_signed_in_is_a_fault(
    tmp_path: Path, role: str, caplog: pytest.LogCaptureFixture
) -> None:
    chance, faults = random.Random(role), []
    async with serve(tmp_path) as served:
        number = await served.ticket()
        caller = await served.sign_in(role)
        for _ in range(300):
            try:
                ask = read_ask(_other_values(chance)[4:])
            except BadFrame:
                continue
            if isinstance(ask.body, commands.Shutdown | commands.SignOut | commands.Lock):
                continue
            try:
                await caller.ask(ask.body, request=ask.request)
            except Refused as refused:
                if refused.code == "fault":
                    faults.append(ask.body)
        again = await served.sign_in("sam")
        case = await again.ask(queries.ReadCase(number))

    assert faults == [], caplog.text[-3000:]
    assert case.case.ticket == number


@pytest.mark.parametrize(
    "body",
    [
        commands.Take((1 << 64) - 1, 1),
        commands.Wait(1, (1 << 64) - 1),
        queries.ReadCase((1 << 64) - 1),
        commands.Redeliver((1 << 64) - 1, "send"),
    ],
)
@on_a_loop
async def test_a_number_that_no_database_counts_to_is_refused_in_a_sentence(tmp_path: Path, body: AnyCommand) -> None:
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")
        with pytest.raises(Refused) as refused:
            await ana.ask(body)

    assert refused.value.sentence == "There is no such number at this desk."


@contextlib.contextmanager
def _real_server(folder: Path, *, files: int) -> Iterator[tuple[Program, int]]:
    """Serve a desk in a process of its own that may have so many files open without asking."""
    program = Program(folder / "home")
    program.found()
    limited = f"import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {4 * CONNECTIONS})); "
    run = "sys.argv[1:] = ['serve']; runpy.run_module('agentconsole', run_name='__main__')"
    command = [sys.executable, "-I", "-c", limited + run]
    with subprocess.Popen(command, env=program.environ, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as server:
        assert server.stderr is not None
        assert any(line.startswith(b"serving") for line in server.stderr), "the desk server did not start"
        reading = threading.Thread(target=server.stderr.read)
        reading.start()
        try:
            yield program, server.pid
        finally:
            server.terminate()
            reading.join()


def _memory(pid: int) -> int:
    """Return how much memory a process has in use (bytes)."""
    found = re.search(r"VmRSS:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


@contextlib.contextmanager
def _crowd(path: Path, count: int) -> Iterator[None]:
    """Hold so many connections, each with the beginning of a frame that never ends."""
    with contextlib.ExitStack() as held:
        for _ in range(count):
            link = held.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            link.connect(str(path))  # waits for its turn; the test's own time limit ends a wait without end
            link.settimeout(20)
            link.sendall(LARGEST_OF_STRANGER.to_bytes(4, "big") + b"\x81" * 20_000)
        yield


async def _ask_status(path: Path) -> object:
    client = await asyncio.wait_for(Client.connect(path), 20)
    answer = await asyncio.wait_for(client.ask(queries.ReadStatus()), 20)
    await client.close()
    return answer


def test_a_thousand_connections_that_never_finish_leave_room_for_the_next(tmp_path: Path) -> None:
    """It may have 512 files open unless it asks for more."""
    with _real_server(tmp_path, files=512) as (program, pid):
        path = desk_paths(program.environ).socket
        before = _memory(pid)

        with _crowd(path, CONNECTIONS):
            answer = asyncio.run(_ask_status(path))
            during = _memory(pid)
        verified = program("audit", "verify")

    assert isinstance(answer, Status)
    assert during - before < CONNECTIONS * (LARGEST_OF_STRANGER + 40_000)
    assert verified.code == 0


@pytest.mark.parametrize(("size", "heard"), [(LARGEST_OF_STRANGER - 1_000, True), (LARGEST_OF_STRANGER + 1, False)])
@on_a_loop
async def test_what_a_stranger_sends_before_the_sign_in_is_short(tmp_path: Path, size: int, heard: bool) -> None:
    async with serve(tmp_path) as served, for_strangers(served, tmp_path) as path:
        reader, writer = await asyncio.open_unix_connection(path)
        await read_body(reader)
        writer.write(frame(Ask(1, commands.SignIn("ana", "x" * size, "000000"))))
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        answer = await asyncio.wait_for(read_body(reader), 10)
        writer.close()

    assert (answer is not None) is heard


def test_every_message_is_among_those_that_are_changed() -> None:
    kinds = {type(body) for body in BODIES}

    assert kinds >= set(typing.get_args(AnyCommand | AnyQuery)) - {commands.Shutdown, commands.SignOut}
    assert LARGEST_OF_STRANGER < LARGEST_FRAME
