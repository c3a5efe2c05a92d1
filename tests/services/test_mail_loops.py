"""Desks, robots and lists that answer each other come to rest (PROMISES 15, H7; RFC 3834)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from agentconsole.channels.email.compose import envelope_sender
from agentconsole.domain.mail import Outgoing
from agentconsole.services.mailboxes import set_mailbox
from tests.desk_bench import ECOLAB, SHOP, Bench, mailbox_nowhere, open_bench

ONE, OTHER = "care@one.test", "care@other.test"


def _connect(bench: Bench, address: str, brand: str = "ecolab") -> None:
    box = mailbox_nowhere(address, brand)
    bench.write(lambda tx: set_mailbox(tx, bench.desk.context, box))


@pytest.fixture(name="desks")
def _desks(tmp_path: Path) -> Iterator[tuple[Bench, Bench]]:
    """Open two desks of different companies, each with a mailbox of its own."""
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    with open_bench(tmp_path / "one") as one, open_bench(tmp_path / "other") as other:
        _connect(one, ONE)
        _connect(other, OTHER)
        yield one, other


def _delivered(mail: Outgoing, message: bytes, lost: str) -> bytes:
    """Deliver a mail as the receiving server does, which notes the envelope's sender; a gateway has `lost` a mark."""
    whole = f"Return-Path: <{envelope_sender(mail)}>\r\n".encode() + message
    return b"".join(line for line in whole.splitlines(keepends=True) if not (lost and line.startswith(lost.encode())))


def _exchange(one: Bench, other: Bench, lost: str) -> int:
    """Let thirteen hours pass on both desks and bring each the other's mail; returns how many mails that were."""
    carried = 0
    for sender, receiver in ((one, other), (other, one)):
        sender.move(hours=13)
        before = len(sender.post.raw)
        for mail, message in zip(sender.deliver(), sender.post.raw[before:], strict=True):
            receiver.raw_mail(_delivered(mail, message, lost))
            carried += 1
    return carried


@pytest.mark.parametrize("lost", ["", "Auto-Submitted:", "Return-Path:", "X-Auto-Response-Suppress:"])
def test_h7_two_desks_that_acknowledge_each_other_are_at_rest_after_one_mail(
    desks: tuple[Bench, Bench], lost: str
) -> None:
    """Each mark of automatic mail is enough by itself: gateways and relays drop some of them."""
    one, other = desks
    one.mail(f"Other desk <{OTHER}>", "Hello", "from one desk to another")

    carried = [_exchange(one, other, lost) for _ in range(6)]

    assert carried == [1, 0, 0, 0, 0, 0]
    assert [event.kind for event in other.events("mail.withheld")] == []


def _robot_answers(bench: Bench, hours: int, *, threaded: bool) -> list[datetime]:
    """Have a robot that marks nothing answer each mail at once; returns when the desk wrote to it by itself."""
    written = []
    bench.mail("robot@shop.test", "Ticket 0", "We have your mail.", message_id="<0@shop.test>")
    for number in range(1, hours * 2):
        bench.move(minutes=30)
        for mail in bench.deliver():
            written.append(bench.clock.now())
            known = {"in_reply_to": mail.message_id} if threaded else {}
            bench.mail("robot@shop.test", f"Ticket {number}", "We have your mail.", message_id=f"<{number}@x>", **known)
    return written


def test_h7_a_robot_that_marks_nothing_has_three_automatic_mails_on_a_case_at_most(bench: Bench) -> None:
    assert len(_robot_answers(bench, 24 * 6, threaded=True)) <= 3


def test_h7_a_robot_that_opens_a_case_with_each_mail_has_one_automatic_mail_an_hour_at_most(bench: Bench) -> None:
    written = _robot_answers(bench, 24 * 6, threaded=False)

    assert len(written) > 3
    assert min(later - earlier for earlier, later in pairwise(written)) >= timedelta(hours=1)


def test_h7_two_brands_of_one_desk_do_not_write_to_each_other(tmp_path: Path) -> None:
    with open_bench(tmp_path, brands=(ECOLAB, SHOP)) as bench:
        _connect(bench, ONE, "ecolab")
        _connect(bench, OTHER, "shop")
        bench.mail(f"Shop <{OTHER}>", "Hello", "from one brand to another", brand="ecolab")

        bench.move(hours=30)

        assert bench.deliver() == []
        (withheld,) = bench.events("mail.withheld")
        assert "The mail comes from one of the desk's own addresses." in withheld.body


def test_h7_a_bounce_of_an_automatic_mail_is_answered_by_nobody(bench: Bench) -> None:
    """It has the null path, so none should come; a server that sends one all the same starts nothing."""
    bench.ticket()
    bench.move(hours=12)
    (notice,) = bench.deliver()
    report = (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.org\r\nTo: care@desk.test\r\nSubject: Undelivered\r\n"
        "Message-ID: <b@mx.example.org>\r\n\r\n"
        "I could not deliver your mail.\r\n\r\n--- Below this line is a copy ---\r\n"
        f"Message-ID: {notice.message_id}\r\n"
    )

    filed = bench.raw_mail(report.encode())
    bench.move(hours=48)

    assert (filed.outcome, bench.deliver()) == ("bounce", [])
