"""Connections: whatever one of them sends or does not read, the others are served."""

import asyncio
import os
import struct
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.server import sessions
from agentconsole.wire import commands, queries
from agentconsole.wire.client import Client, LinkLost
from agentconsole.wire.frames import LARGEST_FRAME, PROTOCOL, Ask, Changed, frame
from tests.desk_bench import raw_mail
from tests.rows import built
from tests.server_bench import Served, execute, on_a_loop, serve, until

HARMLESS = frame(Ask(1, queries.ReadStatus()))
HOSTILE = {
    "noise": os.urandom(4096),
    "http": b"GET / HTTP/1.1\r\nHost: desk\r\n\r\n",
    "a length beyond the limit": struct.pack(">I", LARGEST_FRAME + 1),
    "the largest length": b"\xff\xff\xff\xff",
    "half a length": b"\x00\x00",
    "half a frame": HARMLESS[:-3],
    "an empty frame": struct.pack(">I", 0),
    "no message of ours": struct.pack(">I", 3) + b"\x93\x01\x02",
    "a message of another type": struct.pack(">I", 8) + b"\x81\xa4type\xa1x",
    "deep nesting": struct.pack(">I", 100_000) + b"\x91" * 100_000,
    "a text that is no utf-8": frame(Ask(1, commands.AddNote(1, "aaaa"))).replace(b"aaaa", b"\xff\xfe\xfd\xfc"),
    "a number beyond 64 bits": frame(Ask(1, commands.AddNote(1, "aaaa"))).replace(b"ticket\x01", b"ticket\xc1"),
}


async def _send(served: Served, data: bytes) -> bytes:
    """Send bytes, close our end, and return all that came back."""
    reader, writer = await asyncio.open_unix_connection(str(served.paths.socket))
    writer.write(data)
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
@on_a_loop
async def test_garbage_on_one_connection_harms_no_other(tmp_path: Path, data: bytes) -> None:
    async with serve(tmp_path) as served:
        ana = await served.sign_in("ana")

        answer = await _send(served, data)
        page = await ana.ask(queries.ReadQueue())

        assert page.page.view == "mine"
        assert b"Welcome" in answer
        await until(lambda: len(served.server.sessions.live) == 1)


@on_a_loop
async def test_a_caller_that_never_finishes_its_frame_keeps_nobody_waiting(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        _, writer = await asyncio.open_unix_connection(str(served.paths.socket))
        writer.write(struct.pack(">I", LARGEST_FRAME) + b"x" * 1000)
        await writer.drain()

        ana = await served.sign_in("ana")
        page = await ana.ask(queries.ReadQueue())
        writer.close()

    assert page.page.rows == ()


@on_a_loop
async def test_a_fault_is_told_by_a_reference_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(tmp_path) as served:
        ana, number = await served.sign_in("ana"), await served.ticket()
        await execute(served, "DROP TABLE draft")

        with pytest.raises(Refused) as refused:
            await ana.ask(commands.SaveDraft(number, "reply", "Dear Rosa"))
        people = await ana.ask(queries.ReadPeople())

    assert people.rows
    assert refused.value.code == "fault"
    reference = refused.value.sentence.split("Reference ")[1].split()[0]
    assert reference in caplog.text
    assert "Traceback" not in refused.value.sentence


@on_a_loop
async def test_who_does_not_read_is_cut_off_and_the_others_are_told_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SLOW_READER_BYTES", 64 * 1024)
    async with serve(tmp_path) as served:
        ana, sam = await served.sign_in("ana"), await served.sign_in("sam")
        (deaf,) = [live for live in served.server.sessions.live if live.login == "sam"]
        sam.client._listener.cancel()
        number = await served.ticket()

        for round_ in range(400):
            if deaf not in served.server.sessions.live:
                break
            deaf.tell(built(Changed, tickets=tuple(range(2000)), news=(f"round {round_}",)))
            await asyncio.sleep(0)
        await ana.ask(commands.AddNote(number, "still here"))
        told = await ana.hears(Changed)
        await until(lambda: deaf not in served.server.sessions.live)

    assert told.queue


@on_a_loop
async def test_a_change_is_told_to_another_session_within_two_seconds(tmp_path: Path) -> None:
    """G16 watches the figure; this holds the promise."""
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana, sam = await served.sign_in("ana"), await served.sign_in("sam")
        sam.told.clear()

        await ana.ask(commands.Take(number, 99))
        told = await sam.hears(Changed, within=2)
        page = await sam.ask(queries.ReadQueue("team"))

    assert told.tickets == (number,)
    assert [row.owner for row in page.page.rows] == ["ana"]


@on_a_loop
async def test_news_of_mail_reach_every_session_but_the_locked_ones(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ana, sam = await served.sign_in("ana"), await served.sign_in("sam")
        await sam.ask(commands.Lock())
        sam.told.clear()

        await served.ticket()
        told = await ana.hears(Changed)
        await ana.ask(queries.ReadQueue())

    assert told.arrived == 1
    assert [one for one in sam.told if isinstance(one, Changed)] == []


@on_a_loop
async def test_a_greeting_says_who_the_desk_is_and_nothing_of_what_is_in_it(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        caller = await served.caller()
        welcome = caller.client.welcome

    assert (welcome.desk.line(), welcome.protocol, welcome.zone, welcome.demo) == (
        "Test desk",
        PROTOCOL,
        "Europe/London",
        False,
    )
    assert welcome.peer.startswith(f"uid {os.geteuid()}, ")


@on_a_loop
async def test_questions_are_answered_in_the_order_in_which_they_were_asked(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")

        answers = await asyncio.gather(*(ana.ask(commands.AddNote(number, f"note {n}")) for n in range(10)))
        case = await ana.ask(queries.ReadCase(number))

    assert [answer.version for answer in answers] == sorted(answer.version for answer in answers)
    notes = [entry.text.lines() for entry in case.case.contacts if entry.kind == "note"]
    assert notes == [f"note {n}" for n in range(10)]


@on_a_loop
async def test_a_socket_is_nobody_else_s_to_open(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        mode = served.paths.socket.stat().st_mode & 0o777

    assert mode == 0o600


@on_a_loop
async def test_a_client_whose_server_stops_hears_of_it(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        client = await Client.connect(served.paths.socket)
        lost = asyncio.Event()
        client.lost = lost.set

        served.server.stop()
        await asyncio.wait_for(lost.wait(), 10)

        with pytest.raises(LinkLost):
            await client.ask(queries.ReadStatus())
        await client.close()


@on_a_loop
async def test_a_full_disk_is_told_and_nothing_is_half_done(tmp_path: Path) -> None:
    """PROMISES R3."""
    big = commands.ImportMail("x.eml", raw_mail("rosa@example.org", "Order", "word " * 100_000))
    async with serve(tmp_path) as served:
        host = await served.caller()
        await execute(served, "PRAGMA max_page_count = 1")
        with pytest.raises(Refused) as full:
            await host.ask(big)
        await execute(served, "PRAGMA max_page_count = 1000000")

        filed = await host.ask(big)

    assert (full.value.code, full.value.sentence[:25]) == ("full", "The desk's disk is full; ")
    assert filed.secret == "new"
