"""The Sent folder of a real mailbox: one copy of what left, and what it proves about mail in doubt (PROMISES 6)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agentconsole.channels.email.smtp import Unknown
from agentconsole.server import sent_mail
from agentconsole.server.mail_out import SmtpPostman, send
from agentconsole.server.sent_mail import SentMail
from agentconsole.services import outbox_leaving
from agentconsole.wire import commands as wire
from tests.desk_bench import Bench, open_bench
from tests.server.mail_desk import SENT_FOLDER, answer, connect, mailbox_of, mails
from tests.servers import MailServer, SendServer, dovecot, postfix

ANA, CARE, SALES = "ana@customers.test", "care@desk.test", "sales@desk.test"
LOST = Unknown("the connection was lost")
NOWHERE = 1
"""A port on which nobody listens."""


@pytest.fixture(scope="module", name="servers")
def _servers() -> Iterator[tuple[MailServer, SendServer]]:
    with dovecot(SENT_FOLDER) as mail, postfix(mail) as post:
        yield mail, post


@pytest.fixture(scope="module", name="filing")
def _filing() -> Iterator[tuple[MailServer, SendServer]]:
    """Run servers that put sent mail into the Sent folder by themselves."""
    with dovecot(SENT_FOLDER) as mail, postfix(mail, files_sent_mail=True) as post:
        yield mail, post


@pytest.fixture(name="bench")
def _bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as opened:
        yield opened


def _post(bench: Bench, sent: SentMail | None = None) -> None:
    """Hand over what is due, as the desk server does."""
    postman = SmtpPostman(bench.desk, sent or SentMail(bench.desk))
    for parcel in bench.write(lambda tx: outbox_leaving.collect(tx, bench.desk.context, bench.desk.holder)):
        send(bench.desk, postman, parcel)


def _look(bench: Bench) -> None:
    bench.clock.move(timedelta(seconds=11))
    SentMail(bench.desk).look_for("ecolab")


def _learned(bench: Bench) -> object:
    return bench.scalar("SELECT sent_copy FROM mailbox")


def _file(mail: MailServer, address: str, message_id: str) -> None:
    """Put a mail into the Sent folder as somebody else does."""
    mail.make_folder(address, "Sent")
    place = mail.maildir(address) / ".Sent" / "new" / f"{abs(hash(message_id))}.a"
    place.write_bytes(f"Message-ID: {message_id}\r\nSubject: x\r\n\r\nx\r\n".encode())


def test_each_sent_mail_gets_one_copy_and_the_first_shows_who_makes_it(
    bench: Bench, servers: tuple[MailServer, SendServer]
) -> None:
    mail, post = servers
    before = len(mail.received(CARE, "Sent"))
    connect(bench, mailbox_of(mail, post, CARE, "ecolab"))

    for number in range(3):
        answer(bench, ANA, f"Answer {number}")
        _post(bench)

    copies = mail.received(CARE, "Sent")[before:]
    assert [mails(bench)[number].message_id.encode() in b"".join(copies) for number in range(3)] == [True] * 3
    assert (len(copies), _learned(bench)) == (3, "file")


def test_a_server_that_files_sent_mail_by_itself_gets_no_second_copy(
    bench: Bench, filing: tuple[MailServer, SendServer]
) -> None:
    """As Gmail and others do."""
    mail, post = filing
    connect(bench, mailbox_of(mail, post, CARE, "ecolab"))

    for number in range(3):
        answer(bench, ANA, f"Answer {number}")
        _post(bench)
    mail.wait_received(ANA, 3)

    assert (len(mail.wait_received(CARE, 3, folder="Sent")), _learned(bench)) == (3, "server")


@pytest.mark.parametrize("sent", ["none", "server"])
def test_no_copy_is_kept_where_none_is_wanted(bench: Bench, servers: tuple[MailServer, SendServer], sent: str) -> None:
    mail, post = servers
    before = len(mail.received(SALES, "Sent"))
    connect(bench, mailbox_of(mail, post, SALES, "ecolab", sent=sent))

    answer(bench, ANA)
    _post(bench)

    assert (mails(bench)[0].state, len(mail.received(SALES, "Sent"))) == ("sent", before)


def test_from_automatic_mail_nothing_is_learned(bench: Bench, filing: tuple[MailServer, SendServer]) -> None:
    """Some servers file what people send and leave out what goes with the null path."""
    mail, post = filing
    connect(bench, mailbox_of(mail, post, SALES, "ecolab"))
    bench.ticket(ANA)
    bench.move(hours=12)

    _post(bench)

    assert [(one.automatic, one.state) for one in mails(bench)] == [(True, "sent")]
    assert _learned(bench) is None


def test_a_mailbox_that_is_down_keeps_no_mail_from_leaving(
    bench: Bench, servers: tuple[MailServer, SendServer]
) -> None:
    mail, post = servers
    connect(bench, mailbox_of(mail, post, CARE, "ecolab", sent="file", imap_port=NOWHERE))

    answer(bench, ANA)
    _post(bench)

    assert mails(bench)[0].state == "sent"


def test_a_mailbox_that_is_down_is_left_alone_for_a_while(
    bench: Bench, servers: tuple[MailServer, SendServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    mail, post = servers
    opened: list[str] = []
    real = sent_mail._mailbox
    monkeypatch.setattr(sent_mail, "_mailbox", lambda box: (opened.append(box.brand), real(box))[1])
    connect(bench, mailbox_of(mail, post, CARE, "ecolab", sent="file", imap_port=NOWHERE))
    keeper = SentMail(bench.desk)

    for _ in range(3):
        answer(bench, ANA)
        _post(bench, keeper)

    assert ([one.state for one in mails(bench)], opened) == (["sent"] * 3, ["ecolab"])


def _in_doubt(bench: Bench, servers: tuple[MailServer, SendServer], address: str, **changed: Any) -> MailServer:
    """Answer by mail and lose the connection before the server's word; returns the server that may hold the copy."""
    mail, post = servers
    connect(bench, mailbox_of(mail, post, address, "ecolab", **changed))
    answer(bench, ANA)
    bench.deliver(LOST)
    return mail


def test_a_mail_in_doubt_that_is_in_the_sent_folder_has_left(
    bench: Bench, servers: tuple[MailServer, SendServer]
) -> None:
    mail = _in_doubt(bench, servers, "found@desk.test")
    _file(mail, "found@desk.test", mails(bench)[0].message_id)

    _look(bench)

    assert (mails(bench)[0].state, bench.row(1).status) == ("sent", "resolved")
    assert [news for committed in bench.committed for news in committed.news if "unknown" in news] == []
    assert bench.clocks(1)["email-first"].met_at is not None
    assert len(bench.events("mail.found")) == 1


def test_a_mail_in_doubt_that_is_not_in_the_sent_folder_waits_for_a_person(
    bench: Bench, servers: tuple[MailServer, SendServer]
) -> None:
    _in_doubt(bench, servers, "absent@desk.test")

    _look(bench)

    note = bench.case("ana", 1).contacts[-1].delivery_note.line()
    assert (mails(bench)[0].state, note) == ("unknown", "the connection was lost; it is not in the Sent folder")
    assert bench.committed[-1].news == ("Case 1-3: it is unknown whether the mail left",)
    bench.clock.move(timedelta(days=2))
    assert bench.deliver() == []
    assert bench.read(lambda session: outbox_leaving.brands_with_work(session, bench.clock.now())) == ()


def test_a_server_that_files_by_itself_is_given_time_to_do_so(
    bench: Bench, servers: tuple[MailServer, SendServer]
) -> None:
    mail = _in_doubt(bench, servers, "slow@desk.test", sent="server")

    SentMail(bench.desk).look_for("ecolab")
    early = (mails(bench)[0].state, mails(bench)[0].told_at)
    _file(mail, "slow@desk.test", mails(bench)[0].message_id)
    _look(bench)

    assert early == ("unknown", None)
    assert mails(bench)[0].state == "sent"


def test_while_the_mailbox_is_down_a_person_may_decide_and_it_is_looked_for_later(
    bench: Bench, servers: tuple[MailServer, SendServer]
) -> None:
    mail, post = servers
    connect(bench, mailbox_of(mail, post, "down@desk.test", "ecolab", imap_port=NOWHERE, sent="file"))
    answer(bench, ANA)
    bench.deliver(LOST)
    for _ in range(3):
        bench.clock.move(timedelta(minutes=6))
        _look(bench)
    note = mails(bench)[0].trouble
    asked = (mails(bench)[0].state, [news for one in bench.committed for news in one.news])
    connect(bench, mailbox_of(mail, post, "down@desk.test", "ecolab", sent="file"))
    _file(mail, "down@desk.test", mails(bench)[0].message_id)
    bench.clock.move(timedelta(minutes=6))
    _look(bench)

    assert asked == ("unknown", ["Case 1-3: it is unknown whether the mail left"])
    assert note.startswith("the connection was lost; the Sent folder cannot be read: The mailbox on 127.0.0.1 ")
    assert mails(bench)[0].state == "sent"


def test_what_a_person_decided_meanwhile_stands(bench: Bench, servers: tuple[MailServer, SendServer]) -> None:
    mail = _in_doubt(bench, servers, "decided@desk.test")
    contact = mails(bench)[0].contact_id
    _file(mail, "decided@desk.test", mails(bench)[0].message_id)

    bench.do("ana", wire.Redeliver(contact, "send"))
    _look(bench)

    assert mails(bench)[0].state == "queued"


def test_a_mail_that_a_person_sent_again_is_not_settled_by_its_first_copy(
    bench: Bench, servers: tuple[MailServer, SendServer]
) -> None:
    """Else a mail that came back, was sent again and was lost on the way would count as sent."""
    mail = _in_doubt(bench, servers, "again@desk.test")
    _file(mail, "again@desk.test", mails(bench)[0].message_id)
    bench.do("ana", wire.Redeliver(mails(bench)[0].contact_id, "send"))
    bench.deliver(LOST)

    _look(bench)

    assert (mails(bench)[0].state, mails(bench)[0].look_at) == ("unknown", None)
    assert bench.committed[-1].news == ("Case 1-3: it is unknown whether the mail left",)
