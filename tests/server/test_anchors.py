"""Anchors: the newest event is said to the host's journal in time, and the log is held against what it was told."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.channels.email.smtp import Delivered, Refusal
from agentconsole.config.clock import SystemClock
from agentconsole.config.syslog import tell_journal
from agentconsole.domain.anchor import Anchor, read_anchors
from agentconsole.domain.errors import Refused
from agentconsole.server.anchors import MOST_EVENTS, Anchors, MailedAnchors
from agentconsole.server.mail_out import SmtpPostman
from agentconsole.server.sent_mail import SentMail
from agentconsole.wire import commands, queries
from agentconsole.wire.anchors import MailAnchors
from agentconsole.wire.rows import AuditReport, DeskStatus
from tests.server.mail_desk import mailbox_of
from tests.server_bench import Caller, Served, execute, on_a_loop, serve
from tests.servers import dovecot, postfix

MAILBOX = (
    "INSERT INTO mailbox (brand_id, address, imap_host, imap_port, imap_security, smtp_host, smtp_port, smtp_security,"
    ' "user", sealed_password, folder, ca_file, uidvalidity, uid, trouble)'
    " SELECT id, 'care@desk.test', 'h', 1, 'ssl', 'h', 1, 'ssl', 'care', '', 'INBOX', '', 0, 0, '' FROM brand LIMIT 1"
)


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

    assert (report.sound, "event 2" in report.sentence.line()) == (False, True)


@on_a_loop
async def test_a5_the_newest_event_is_mailed_each_day_and_a_mail_shows_what_was_cut(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        host = await served.caller()
        with pytest.raises(Refused, match="no mailbox can send it"):
            await host.ask(MailAnchors("sam@out.test"))
        await execute(served, MAILBOX)
        said = (await host.ask(MailAnchors("sam@out.test"))).said.line(200)
        job = MailedAnchors(served.desk, served.post)
        await job.mail_anchor()
        await job.mail_anchor()
        served.clock.move(timedelta(hours=23))
        await job.mail_anchor()
        served.clock.move(timedelta(hours=1))
        await job.mail_anchor()
        known: DeskStatus = (await host.ask(queries.ReadStatus(doctor=True))).status
        mails, lines = served.post.mails, b"".join(served.post.raw).decode("ascii").splitlines()
        report = await _verified(served, *read_anchors(lines))
        anchor = read_anchors(lines)[-1]
        await execute(served, "DROP TRIGGER event_no_delete")
        await execute(served, f"DELETE FROM event WHERE seq >= {anchor.seq}")
        cut = await _verified(served, *read_anchors(lines))

    assert "The first mail leaves now" in said
    assert [mail.to[0].email for mail in mails] == ["sam@out.test"] * 2
    assert all(mail.automatic for mail in mails)
    assert [one.level for one in known.findings if one.subject == "anchors"] == ["ok"]
    assert report.sound
    assert (cut.sound, "which was anchored outside" in cut.sentence.line()) == (False, True)


@on_a_loop
async def test_a_mail_with_the_anchor_that_cannot_leave_is_tried_again_and_doctor_says_so(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await execute(served, MAILBOX)
        host, job = await served.caller(), MailedAnchors(served.desk, served.post)
        await host.ask(MailAnchors("sam@out.test"))
        served.post.outcome = Refusal(False, "the server is away")
        with pytest.raises(Refused, match="not mailed: the server is away"):
            await job.mail_anchor()
        late: DeskStatus = (await host.ask(queries.ReadStatus(doctor=True))).status
        served.post.outcome = Delivered("taken")
        await job.mail_anchor()
        await host.ask(MailAnchors(""))
        served.clock.move(timedelta(days=2))
        await job.mail_anchor()
        with pytest.raises(Refused, match="an address like"):
            await host.ask(MailAnchors("sam@out.test\nBcc: eve@x.test"))

    assert [one.level for one in late.findings if one.subject == "anchors"] == ["warn"]
    assert len(served.post.mails) == 2


@on_a_loop
async def test_a5_a_real_server_brings_the_mail_and_its_file_is_read_as_it_lies_there(tmp_path: Path) -> None:
    with dovecot() as mail, postfix(mail) as post:
        async with serve(tmp_path, real_post=True, at=SystemClock().now()) as served:
            host = await served.caller()
            await host.ask(mailbox_of(mail, post, "care@desk.test", ""))
            await host.ask(MailAnchors("eve@customers.test"))
            sent_mail = SentMail(served.desk)
            await MailedAnchors(served.desk, SmtpPostman(served.desk, sent_mail)).mail_anchor()
            (raw, *_) = await asyncio.to_thread(mail.wait_received, "eve@customers.test", 1)
            report = await _verified(served, *read_anchors(raw.decode("ascii").splitlines(keepends=True)))

    assert b"Return-Path: <>" in raw
    assert report.sound
    assert "1 anchors from outside agree." in report.sentence.line()


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

    other = Anchor("c" * 32, 18, "d" * 64)
    letter = [f"> {line}\r\n" for line in other.letter().splitlines()]

    assert read_anchors([*lines, *cut]) == (anchor,)
    assert read_anchors([*letter, *letter[:2], *lines]) == (other, anchor)
