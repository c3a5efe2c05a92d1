"""A real mailbox is read once, in order, and again from the start when its server renumbers it (PROMISES 5)."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from agentconsole.channels.email.account import Account, Security
from agentconsole.channels.email.frames import RAW_LIMIT
from agentconsole.channels.email.imap import Fetched, Mailbox, MailboxDown, Position
from agentconsole.domain.errors import Refused
from tests.servers import HOST, PASSWORD, MailServer, dovecot

START = Position()


def account_of(mail: MailServer, user: str, security: Security = Security.PLAIN, **changes: object) -> Account:
    """Name a user's account on the tests' server."""
    port = mail.imaps_port if security is Security.SSL else mail.imap_port
    parts: dict[str, object] = {"host": HOST, "port": port, "security": security, "user": user, "password": PASSWORD}
    return Account(**(parts | {"ca_file": str(mail.ca_file), "timeout": 5.0} | changes))  # type: ignore[arg-type]


def numbered(number: int) -> bytes:
    """Write a small mail."""
    return b"From: ana@customers.test\nSubject: mail %d\n\nhello %d\n" % (number, number)


def position_of(fetched: list[Fetched]) -> Position:
    """Say how far a mailbox was read."""
    return Position(fetched[-1].uidvalidity, fetched[-1].uid)


def test_new_mails_are_fetched_in_order_and_only_once(mail: MailServer) -> None:
    user = "order@desk.test"
    for number in range(3):
        mail.drop(user, numbered(number), f"{number:03}.a")

    with Mailbox(account_of(mail, user)) as mailbox:
        first = list(mailbox.fetch_new(START))
        mail.drop(user, numbered(3), "003.a")
        second = list(mailbox.fetch_new(position_of(first)))
        third = list(mailbox.fetch_new(position_of(second)))

    assert [item.raw for item in first] == [numbered(number).replace(b"\n", b"\r\n") for number in range(3)]
    assert [item.uid for item in first] == [1, 2, 3]
    assert [item.uid for item in second] == [4]
    assert third == []
    assert all(item.size == len(item.raw) for item in first)
    arrived = first[0].internal_date
    assert arrived is not None
    assert abs(datetime.now(UTC) - arrived) < timedelta(minutes=5)


def test_reading_marks_nothing_read(mail: MailServer) -> None:
    user = "unread@desk.test"
    mail.drop(user, numbered(0), "000.a")

    with Mailbox(account_of(mail, user)) as mailbox:
        list(mailbox.fetch_new(START))

    flags = [path.name for part in ("new", "cur") for path in (mail.maildir(user) / part).iterdir()]
    assert not [name for name in flags if "S" in name.partition(":2,")[2]]


def test_a_renumbered_mailbox_is_read_again_from_the_start(mail: MailServer) -> None:
    user = "renumbered@desk.test"
    for number in range(2):
        mail.drop(user, numbered(number), f"{number:03}.a")
    with Mailbox(account_of(mail, user)) as mailbox:
        first = list(mailbox.fetch_new(START))

    # The server forgets its numbers, and keeps the file that says which it has used.
    for index in (*mail.maildir(user).glob("dovecot.*"), mail.maildir(user) / "dovecot-uidlist"):
        index.unlink()
    with Mailbox(account_of(mail, user)) as mailbox:
        again = list(mailbox.fetch_new(position_of(first)))

    assert [item.raw for item in again] == [item.raw for item in first]
    assert {item.uid for item in again} == {item.uid for item in first}
    assert {item.uidvalidity for item in again} != {item.uidvalidity for item in first}


def test_more_mails_than_a_batch_are_all_fetched(mail: MailServer) -> None:
    user = "many@desk.test"
    for number in range(120):
        mail.drop(user, numbered(number), f"{number:03}.a")

    with Mailbox(account_of(mail, user)) as mailbox:
        fetched = list(mailbox.fetch_new(START))

    assert [item.raw for item in fetched] == [numbered(number).replace(b"\n", b"\r\n") for number in range(120)]


def test_of_a_huge_mail_only_so_much_is_read(mail: MailServer) -> None:
    user = "huge@desk.test"
    mail.drop(user, b"Subject: huge\r\n\r\n" + (b"x" * 998 + b"\r\n") * 27_000, "000.a")
    mail.drop(user, numbered(1), "001.a")

    with Mailbox(account_of(mail, user)) as mailbox:
        huge, small = mailbox.fetch_new(START)

    assert len(huge.raw) == RAW_LIMIT + 1 < huge.size
    assert small.uid == 2


def test_new_mail_wakes_who_waits(mail: MailServer) -> None:
    user = "waiting@desk.test"
    mail.drop(user, numbered(0), "000.a")
    with Mailbox(account_of(mail, user)) as mailbox:
        seen = list(mailbox.fetch_new(START))
        arriving = threading.Timer(0.3, mail.drop, (user, numbered(1), "001.a"))
        arriving.start()
        start = time.monotonic()

        woken = mailbox.wait(20.0)

        waited = time.monotonic() - start
        arriving.join()
        assert woken
        assert waited < 10.0
        assert [item.uid for item in mailbox.fetch_new(position_of(seen))] == [2]


def test_waiting_ends_when_nothing_comes(mail: MailServer) -> None:
    with Mailbox(account_of(mail, "nothing@desk.test")) as mailbox:
        list(mailbox.fetch_new(START))

        assert not mailbox.wait(0.2)


def test_mail_that_came_between_looking_and_waiting_is_not_missed(mail: MailServer) -> None:
    user = "between@desk.test"
    with Mailbox(account_of(mail, user)) as mailbox:
        list(mailbox.fetch_new(START))
        mail.drop(user, numbered(0), "000.a")

        assert mailbox.wait(10.0)


def test_a_server_without_idle_is_asked_after_the_interval() -> None:
    user = "poll@desk.test"
    with dovecot("imap_capability = IMAP4rev1\n") as mail, Mailbox(account_of(mail, user), poll=0.2) as mailbox:
        list(mailbox.fetch_new(START))
        silent = mailbox.wait(10.0)
        mail.drop(user, numbered(0), "000.a")

        assert not silent
        assert mailbox.wait(10.0)


@pytest.mark.parametrize("security", [Security.SSL, Security.STARTTLS])
def test_a_protected_connection_reads_mail(security: Security, mail: MailServer) -> None:
    user = f"{security.value}@desk.test"
    mail.drop(user, numbered(0), "000.a")

    with Mailbox(account_of(mail, user, security)) as mailbox:
        assert len(list(mailbox.fetch_new(START))) == 1


@pytest.mark.parametrize(
    ("situation", "security", "changes", "folder", "words"),
    [
        ("wrong password", Security.SSL, {"password": "wrong"}, "INBOX", "refuses the user name or password"),
        ("an unknown authority", Security.SSL, {"ca_file": ""}, "INBOX", "certificate is not trusted"),
        (
            "an unknown authority after STARTTLS",
            Security.STARTTLS,
            {"ca_file": ""},
            "INBOX",
            "certificate is not trusted",
        ),
        ("another name", Security.SSL, {"host": "127.0.0.2"}, "INBOX", "127.0.0.2"),
        ("nobody listens", Security.PLAIN, {"port": 1}, "INBOX", "cannot be read"),
        ("no such folder", Security.PLAIN, {}, "Nowhere", "cannot be read"),
        ("unprotected to another machine", Security.PLAIN, {"host": "192.0.2.1"}, "INBOX", "must use TLS"),
        ("no such file", Security.SSL, {"ca_file": "/nowhere/ca.pem"}, "INBOX", "cannot be read"),
    ],
)
def test_a_mailbox_that_is_down_is_told_in_a_sentence(
    situation: str, security: Security, changes: dict[str, object], folder: str, words: str, mail: MailServer
) -> None:
    with pytest.raises(MailboxDown) as down:
        Mailbox(account_of(mail, "down@desk.test", security, **changes), folder).connect()

    assert words in down.value.sentence, situation
    assert PASSWORD not in down.value.sentence


def test_a_server_that_goes_away_is_told() -> None:
    with dovecot() as mail:
        mailbox = Mailbox(account_of(mail, "gone@desk.test"))
        mailbox.connect()

    with pytest.raises(MailboxDown):
        list(mailbox.fetch_new(START))
    mailbox.close()


SENT_BY_MARK = """
namespace inbox {
  inbox = yes
  mailbox Gesendet {
    auto = create
    special_use = \\Sent
  }
  mailbox Sent {
    auto = create
  }
}
"""


@pytest.fixture(scope="module", name="marked")
def _marked() -> Iterator[MailServer]:
    """Run a Dovecot that says which folder is for sent mail."""
    with dovecot(SENT_BY_MARK) as server:
        yield server


def test_the_sent_folder_is_known_by_its_mark_before_its_name(marked: MailServer) -> None:
    """RFC 6154."""
    with Mailbox(account_of(marked, "marked@desk.test")) as mailbox:
        assert mailbox.open_sent() == "Gesendet"


@pytest.mark.parametrize(("folder", "expected"), [("Sent", "Sent"), ("Sent Items", "Sent Items"), ("Archive", "")])
def test_the_sent_folder_is_known_by_its_name_where_no_folder_is_marked(
    folder: str, expected: str, mail: MailServer
) -> None:
    address = f"named-{folder.lower().replace(' ', '')}@desk.test"
    mail.make_folder(address, folder)

    with Mailbox(account_of(mail, address)) as mailbox:
        assert mailbox.open_sent() == expected
        assert not mailbox.files_sent_mail()


def test_a_sent_mail_is_found_by_its_message_id(marked: MailServer) -> None:
    sent = b"Message-ID: <sent-1@desk.test>\r\nSubject: x\r\n\r\nhello\r\n"
    with Mailbox(account_of(marked, "sent@desk.test")) as mailbox:
        folder = mailbox.open_sent()
        before = mailbox.find_in_sent("<sent-1@desk.test>")
        mailbox.append_sent(folder, sent, datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
        after = mailbox.find_in_sent("<sent-1@desk.test>")
        other = mailbox.find_in_sent("<sent-2@desk.test>")

        assert (before, after, other) == (False, True, False)
        assert list(mailbox.fetch_new(START)) == []


@pytest.mark.parametrize("known", ["", "x", '<a"@x> ALL', "<a@x>\r\nA1 DELETE INBOX", "<a b@x>"])
def test_a_message_id_that_could_be_a_command_is_refused(known: str, mail: MailServer) -> None:
    with Mailbox(account_of(mail, "refused@desk.test")) as mailbox, pytest.raises(Refused):
        mailbox.find_in_sent(known)
