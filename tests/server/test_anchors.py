"""Anchors: the newest event is said to the host's journal in time, and the log is held against what it was told."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agentconsole.config.syslog import tell_journal
from agentconsole.domain.anchor import Anchor, read_anchors
from agentconsole.domain.errors import Refused
from agentconsole.server.anchors import MOST_EVENTS, Anchors
from agentconsole.wire import commands, queries
from agentconsole.wire.rows import AuditReport, DeskStatus
from tests.server_bench import Caller, Served, execute, on_a_loop, serve


@contextmanager
def _journal(folder: Path, kind: int = socket.SOCK_DGRAM) -> Iterator[tuple[Path, socket.socket]]:
    place = folder / "log"
    with socket.socket(socket.AF_UNIX, kind) as listening:
        listening.bind(str(place))
        listening.setblocking(False)
        yield place, listening


def _lines(journal: socket.socket) -> list[str]:
    found = []
    try:
        while True:
            found.append(journal.recv(4096).decode())
    except BlockingIOError:
        return found


async def _verified(served: Served, *anchors: Anchor) -> AuditReport:
    host = await served.caller()
    told = tuple((anchor.desk, anchor.seq, anchor.hash) for anchor in anchors)
    report: AuditReport = (await host.ask(queries.VerifyAudit(told))).report
    return report


async def _notes(ana: Caller, number: int, many: int) -> None:
    for note in range(many):
        await ana.ask(commands.AddNote(number, f"note {note}"))


@on_a_loop
async def test_the_newest_event_is_said_at_once_and_again_after_a_hundred(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number, ana = await served.ticket(), await served.sign_in("ana")
        with _journal(tmp_path) as (place, journal):
            anchors = Anchors(served.desk, place)
            await anchors.anchor()
            first = _lines(journal)
            await _notes(ana, number, 10)
            await anchors.anchor()
            early = _lines(journal)
            await _notes(ana, number, MOST_EVENTS)
            await anchors.anchor()
            later = _lines(journal)
            report = await _verified(served, *read_anchors(first + later))

    assert (len(first), early, len(later)) == (1, [], 1)
    assert first[0].startswith("<29>agentconsole[")
    assert report.sound
    assert "2 anchors from outside agree." in report.sentence.line()
    assert read_anchors([report.anchor])[0].seq == report.events


@on_a_loop
async def test_a_log_that_does_not_have_what_was_anchored_is_broken(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        uid = served.desk.context.uid
        gone = await _verified(served, Anchor(uid, 999, "a" * 64))
        other = await _verified(served, Anchor(uid, 2, "a" * 64))
        with pytest.raises(Refused, match="None of these 1 anchors is of this desk"):
            await _verified(served, Anchor("f" * 32, 2, "a" * 64))

    assert (gone.sound, "event 999, which was anchored outside, and all after" in gone.sentence.line()) == (False, True)
    assert (other.sound, "event 2 is not the one that was anchored" in other.sentence.line()) == (False, True)


@on_a_loop
async def test_doctor_says_whether_a_journal_knows_the_newest_event(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        host = await served.caller()
        await Anchors(served.desk, tmp_path / "nobody").anchor()
        without: DeskStatus = (await host.ask(queries.ReadStatus(doctor=True))).status
        with _journal(tmp_path) as (place, _):
            await Anchors(served.desk, place).anchor()
        known: DeskStatus = (await host.ask(queries.ReadStatus(doctor=True))).status

    levels = [[one.level for one in status.findings if one.subject == "anchors"] for status in (without, known)]
    assert levels == [["note"], ["ok"]]


@on_a_loop
async def test_an_event_that_cannot_be_read_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await execute(served, "DROP TRIGGER event_no_update")
        await execute(served, "UPDATE event SET subject = CAST(x'ff' AS TEXT) WHERE seq = 2")
        report = await _verified(served)

    assert (report.sound, "cannot be read" in report.sentence.line()) == (False, True)


def test_a_journal_on_a_stream_is_told_too_and_nobody_is_no_journal(tmp_path: Path) -> None:
    with _journal(tmp_path, socket.SOCK_STREAM) as (place, listening):
        listening.listen()
        told = tell_journal("a line", place)
        link, _ = listening.accept()
        said = link.recv(100)
        link.close()

    assert (told, said.endswith(b": a line\0"), tell_journal("a line", tmp_path / "nobody")) == (True, True, False)


def test_anchors_are_found_among_other_lines_and_each_once() -> None:
    anchor = Anchor("a" * 32, 17, "b" * 64)
    lines = ["Nov 22 host agentconsole[7]: " + anchor.line(), f"> {anchor.line()}\r\n", "anchor desk=x seq=1", ""]
    cut = [anchor.line()[:-1], anchor.line() + "b", "x" * 10_000 + anchor.line(), anchor.line().replace("17", "0")]

    assert read_anchors([*lines, *cut]) == (anchor,)
