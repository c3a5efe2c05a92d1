"""After handing a mail over the desk knows: taken, refused, or nobody can say (PROMISES 6)."""

import dataclasses
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from agentconsole.channels.email.account import Account, Security
from agentconsole.channels.email.parse import parse_mail
from agentconsole.channels.email.site import Site
from agentconsole.channels.email.smtp import Delivered, Refusal, Unknown, deliver, try_account
from agentconsole.domain.mail import AutoKind, Bounce, ParsedMail
from tests.servers import BOUNCING_DOMAIN, HOST, PASSWORD, MailServer, SendServer

MAIL = b"From: care@desk.test\r\nSubject: x\r\n\r\nhello\r\n"
FRIENDLY = {"": "220 hello", "EHLO": "250 hello", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go"}
FRIENDLY |= {".": "250 taken", "QUIT": "221 bye"}
HANG_UP = ""


@contextmanager
def scripted(answers: Mapping[str, str], heard: list[bytes]) -> Iterator[Account]:
    """Run a server that answers each command as written, and hangs up where the answer is empty."""
    listening = socket.create_server((HOST, 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as lines:
            in_data = False
            command = ""
            while True:
                answer = answers[command]
                if answer == HANG_UP:
                    return
                connection.sendall(answer.encode() + b"\r\n")
                in_data = answer.startswith("354")
                for line in lines:
                    heard.append(line)
                    if not in_data or line == b".\r\n":
                        break
                else:
                    return
                command = "." if in_data else line[:4].decode().strip().upper()

    server = threading.Thread(target=serve)
    server.start()
    try:
        yield Account(HOST, listening.getsockname()[1], Security.PLAIN, timeout=5.0)
    finally:
        listening.close()
        server.join(timeout=5)


@pytest.mark.parametrize(
    ("situation", "command", "answer", "expected"),
    [
        ("taken", "QUIT", "221 bye", Delivered),
        ("taken, then a rude goodbye", "QUIT", HANG_UP, Delivered),
        ("no greeting", "", HANG_UP, Refusal),
        ("not now", "", "421 busy", Refusal),
        ("sender refused", "MAIL", "550 no", Refusal),
        ("lost before the recipients", "RCPT", HANG_UP, Refusal),
        ("recipient refused", "RCPT", "550 no", Refusal),
        ("no data wanted", "DATA", "451 later", Refusal),
        ("lost before the data", "DATA", HANG_UP, Refusal),
        ("refused after the data", ".", "554 spam", Refusal),
        ("put off after the data", ".", "451 later", Refusal),
        ("lost after the data", ".", HANG_UP, Unknown),
    ],
)
def test_the_outcome_is_known_or_said_to_be_unknown(
    situation: str, command: str, answer: str, expected: type[object]
) -> None:
    heard: list[bytes] = []

    with scripted(FRIENDLY | {command: answer}, heard) as account:
        outcome = deliver(MAIL, "care@desk.test", ["ana@customers.test"], account)

    assert type(outcome) is expected, situation
    assert (b".\r\n" in heard) is (command in ("QUIT", "."))


@pytest.mark.parametrize(("answer", "permanent"), [("550 5.1.1 no such user", True), ("451 4.7.1 later", False)])
def test_a_refusal_says_whether_trying_again_helps(answer: str, permanent: bool) -> None:
    with scripted(FRIENDLY | {"RCPT": answer}, []) as account:
        outcome = deliver(MAIL, "care@desk.test", ["ana@customers.test"], account)

    assert outcome == Refusal(permanent, f"The server said {answer}")


def test_what_a_server_says_cannot_drive_a_terminal() -> None:
    with scripted(FRIENDLY | {"MAIL": "550 \x1b[2J\u202eno"}, []) as account:
        outcome = deliver(MAIL, "care@desk.test", ["ana@customers.test"], account)

    assert outcome == Refusal(True, "The server said 550 \u241b[2J<U+202E>no")


def test_no_byte_of_a_mail_can_end_it() -> None:
    heard: list[bytes] = []
    raw = b"Subject: x\r\n\r\na\n.\nb\r.\rMAIL FROM:<eve@x>\r\n.\r\nRCPT TO:<eve@x>\r\n..\r\n.end"

    with scripted(FRIENDLY, heard) as account:
        outcome = deliver(raw, "care@desk.test", ["ana@customers.test"], account)

    assert isinstance(outcome, Delivered)
    data = heard[heard.index(b"DATA\r\n") + 1 : heard.index(b".\r\n")]
    assert data == [
        *(b"Subject: x\r\n", b"\r\n", b"a\r\n", b"..\r\n", b"b\r\n", b"..\r\n", b"MAIL FROM:<eve@x>\r\n", b"..\r\n"),
        *(b"RCPT TO:<eve@x>\r\n", b"...\r\n", b"..end\r\n"),
    ]
    assert heard.count(b".\r\n") == 1


def test_a_server_that_does_not_offer_tls_gets_neither_password_nor_mail() -> None:
    heard: list[bytes] = []

    with scripted(FRIENDLY, heard) as account:
        wanted = dataclasses.replace(account, security=Security.STARTTLS, user="care@desk.test", password=PASSWORD)
        outcome = deliver(MAIL, "care@desk.test", ["ana@customers.test"], wanted)

    assert isinstance(outcome, Refusal)
    assert not outcome.permanent
    assert heard == [b"ehlo [127.0.0.1]\r\n"]


@pytest.mark.parametrize("email", ["", "ana@x.example\r\nRCPT TO:<eve@x>", "ana", "a@b> SIZE=1", "a b@x.example"])
def test_an_unusable_recipient_is_refused_before_anything_is_sent(email: str) -> None:
    outcome = deliver(MAIL, "care@desk.test", [email], Account(HOST, 1, Security.PLAIN))

    assert isinstance(outcome, Refusal)
    assert outcome.permanent


@pytest.mark.parametrize("security", list(Security))
def test_a_real_server_takes_mail_on_every_protected_way(
    security: Security, mail: MailServer, post: SendServer
) -> None:
    before = len(mail.received("bob@customers.test"))
    port = post.smtps_port if security is Security.SSL else post.smtp_port
    account = Account(HOST, port, security, "care@desk.test", PASSWORD, ca_file=str(mail.ca_file))

    outcome = deliver(MAIL, "care@desk.test", ["bob@customers.test"], account)

    assert isinstance(outcome, Delivered)
    assert b"Return-Path: <care@desk.test>" in mail.wait_received("bob@customers.test", before + 1)[-1]


def test_an_account_is_tried_without_sending(mail: MailServer, post: SendServer) -> None:
    account = Account(HOST, post.smtps_port, Security.SSL, "care@desk.test", PASSWORD, ca_file=str(mail.ca_file))

    assert try_account(account) == ""


def test_automatic_mail_arrives_with_the_null_path(mail: MailServer, post: SendServer) -> None:
    before = len(mail.received("sales@desk.test"))

    deliver(MAIL, "", ["sales+token@desk.test"], Account(HOST, post.smtp_port, Security.PLAIN))

    assert mail.wait_received("sales@desk.test", before + 1)[-1].startswith(b"Return-Path: <>")


def test_recipients_a_real_server_refuses_are_named(mail: MailServer, post: SendServer) -> None:
    account = Account(HOST, post.smtp_port, Security.PLAIN)

    outcome = deliver(MAIL, "care@desk.test", ["ana@customers.test", "nobody@customers.test"], account)
    alone = deliver(MAIL, "care@desk.test", ["nobody@customers.test"], account)

    assert isinstance(outcome, Delivered)
    assert [email for email, _ in outcome.refused] == ["nobody@customers.test"]
    assert isinstance(alone, Refusal)
    assert alone.permanent


@pytest.mark.parametrize(
    ("situation", "account", "words"),
    [
        ("wrong password", {"password": "wrong"}, "refuses the user name or password"),
        ("no trusted certificate", {"ca_file": ""}, "certificate is not trusted"),
        ("nobody listens", {"port": 1}, "cannot be used"),
        ("unprotected to another machine", {"host": "192.0.2.1", "security": Security.PLAIN}, "must use TLS"),
        ("no such file", {"ca_file": "/nowhere/ca.pem"}, "cannot be read"),
    ],
)
def test_an_account_that_does_not_work_is_told_in_a_sentence(
    situation: str, account: dict[str, object], words: str, mail: MailServer, post: SendServer
) -> None:
    working: dict[str, object] = {"host": HOST, "port": post.smtps_port, "security": Security.SSL}
    working |= {"user": "care@desk.test", "password": PASSWORD, "ca_file": str(mail.ca_file)}

    broken = Account(**(working | account))  # type: ignore[arg-type]
    outcome = deliver(MAIL, "care@desk.test", ["ana@customers.test"], broken)

    assert isinstance(outcome, Refusal), situation
    assert not outcome.permanent
    assert words in outcome.sentence
    assert words in try_account(broken)


def test_a_bounce_from_a_real_server_names_our_mail(mail: MailServer, post: SendServer) -> None:
    before = len(mail.received("care@desk.test"))
    raw = b"Message-ID: <bounced-1@desk.test>\r\n" + MAIL

    deliver(raw, "care@desk.test", [f"ana@{BOUNCING_DOMAIN}"], Account(HOST, post.smtp_port, Security.PLAIN))

    report = parse_mail(mail.wait_received("care@desk.test", before + 1)[-1], Site("desk-1"))
    assert isinstance(report, ParsedMail)
    assert report.auto is AutoKind.BOUNCE
    assert report.bounce == Bounce("<bounced-1@desk.test>", f"ana@{BOUNCING_DOMAIN}", "5.1.1", hard=True)
