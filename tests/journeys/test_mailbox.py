"""A real mailbox: a customer writes, an agent answers in the console, the customer gets it and answers back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.journeys.first_day import add_user, console, first_sign_in
from tests.pty import Terminal
from tests.servers import PASSWORD as MAIL_PASSWORD
from tests.servers import MailServer, SendServer, dovecot, postfix

CARE, ANA = "care@desk.test", "ana@customers.test"


@contextmanager
def mail_servers() -> Iterator[tuple[MailServer, SendServer]]:
    """Run both servers, where this machine can."""
    with dovecot() as mail, postfix(mail) as sending:
        yield mail, sending


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Program]:
    """Return the program on a founded desk; its server is stopped afterwards."""
    program = Program(tmp_path / "home")
    program.found()
    yield program
    program.stop()


def connect_line(mail: MailServer, sending: SendServer, secret: Path) -> list[str]:
    """Return the line of the README, for these servers."""
    return [
        *("mail", "connect", "--address", CARE, "--password-file", str(secret), "--ca-file", str(mail.ca_file)),
        *("--imap", f"{mail.host}:{mail.imaps_port}", "--smtp", f"{sending.host}:{sending.smtps_port}", "--hold", "0"),
    ]


def letter(subject: str, text: str) -> EmailMessage:
    """Write a customer's mail."""
    message = EmailMessage()
    message["From"] = f"Ana Costumer <{ANA}>"
    message["To"] = CARE
    message["Subject"] = subject
    message["Message-ID"] = f"<{abs(hash((subject, text)))}@customers.test>"
    message.set_content(text)
    return message


def test_a_customer_writes_gets_an_answer_and_answers_back(desk: Program, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(MAIL_PASSWORD + "\n")
    one_time = add_user(desk, "bo")
    with mail_servers() as (mail, sending):
        said = desk(*connect_line(mail, sending, secret))
        assert said.code == 0, said
        assert "new mail becomes cases from now on." in said.out
        assert "Senders are not checked: --authserv-id NAME says by which server." in said.out

        with console(desk) as terminal:
            first_sign_in(terminal, "bo", one_time)
            mail.drop(CARE, bytes(letter("Where is my parcel?", "It is late.")), "1")
            terminal.wait_for("Unassigned 1")
            terminal.feed(b"n")
            terminal.wait_for("It is late.")
            terminal.feed(b"rDear Ana, it comes tomorrow. Bo Example\x04")
            terminal.wait_for("checks before sending")
            terminal.feed(b"e")
            answer = message_from_bytes(mail.wait_received(ANA, 1)[0], policy=policy.default)
            _answer_back(mail, answer)
            terminal.wait_for("Mine 1")
            terminal.feed(b"gq\r")
            terminal.wait_for("Thank you, Bo!")
            assert "it comes tomorrow" in terminal.text
            terminal.feed(b":quit\r")
            terminal.wait_for_end()

    assert answer["From"].addresses[0].addr_spec == CARE
    assert answer["In-Reply-To"] == letter("Where is my parcel?", "It is late.")["Message-ID"]
    assert "Where is my parcel? [#1-3]" in answer["Subject"]
    assert answer["Reply-To"].addresses[0].addr_spec.startswith("care+")


def _answer_back(mail: MailServer, answer: EmailMessage) -> None:
    back = letter(f"Re: {answer['Subject']}", "Thank you, Bo!")
    back["In-Reply-To"] = answer["Message-ID"]
    mail.drop(CARE, bytes(back), "2")


def test_a_mail_that_the_server_refuses_comes_back_and_a_person_decides(desk: Program, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(MAIL_PASSWORD)
    one_time = add_user(desk, "bo")
    with mail_servers() as (mail, sending):
        assert desk(*connect_line(mail, sending, secret)).code == 0
        lost = letter("Anybody there?", "Hello.")
        lost.replace_header("From", "Nobody <nobody@customers.test>")

        with console(desk) as terminal:
            first_sign_in(terminal, "bo", one_time)
            mail.drop(CARE, bytes(lost), "1")
            terminal.wait_for("Unassigned 1")
            terminal.feed(b"n")
            terminal.wait_for("Hello.")
            terminal.feed(b"rDear Nobody, yes. Bo Example\x04")
            terminal.wait_for("checks before sending")
            terminal.feed(b"e:1-3\r")  # by its number: in the list it goes and comes back
            terminal.wait_for("!! not sent: The server said 550")
            terminal.feed(b":resend sent\r")
            terminal.wait_for("noted as sent")
            terminal.feed(b":resend\r")
            terminal.wait_for("No mail of case 1-3 failed or is in doubt.")


@pytest.mark.parametrize(("option", "cases"), [((), ["2"]), (("--existing",), ["1", "2"])], ids=["new", "existing"])
def test_mail_from_before_becomes_a_case_only_where_that_is_asked_for(
    desk: Program, tmp_path: Path, option: tuple[str, ...], cases: list[str]
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(MAIL_PASSWORD)
    one_time = add_user(desk, "bo")
    with mail_servers() as (mail, sending):
        mail.drop(CARE, bytes(letter("Number 1", "From last year.")), "1")
        assert desk(*connect_line(mail, sending, secret), *option).code == 0
        mail.drop(CARE, bytes(letter("Number 2", "From today.")), "2")

        with console(desk) as terminal:
            first_sign_in(terminal, "bo", one_time)
            terminal.feed(b"go")
            terminal.wait_for("Number 2")
            terminal.settle()

    assert [number for number in "12" if f"Number {number}" in terminal.text] == cases


@pytest.mark.parametrize(
    ("situation", "change", "sentence"),
    [
        ("wrong password", {"secret": "wrong"}, "it refuses the user name or password"),
        ("nobody listens", {"imap": "127.0.0.1:1"}, "Not connected: "),
        ("authority unknown", {"ca_file": ""}, "certificate"),
        ("no port", {"imap": "127.0.0.1:soon"}, '"soon" is no port'),
    ],
)
def test_a_mailbox_that_does_not_work_is_not_connected(
    desk: Program, tmp_path: Path, situation: str, change: dict[str, str], sentence: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(change.get("secret", MAIL_PASSWORD))
    with mail_servers() as (mail, sending):
        line = connect_line(mail, sending, secret)
        for name, option in (("imap", "--imap"), ("ca_file", "--ca-file")):
            if name in change:
                line[line.index(option) + 1] = change[name]

        said = desk(*line)

    assert (said.code, said.err.count("\n")) == (1, 1), situation
    assert sentence in said.err


def test_the_password_is_asked_for_on_the_terminal_and_never_shown_and_who_checks_senders_is_proposed(
    desk: Program, tmp_path: Path
) -> None:
    with mail_servers() as (mail, sending):
        mail.drop(CARE, b"Authentication-Results: MX.desk.test; dmarc=pass\r\n" + bytes(letter("Hello", "Hi.")), "1")
        line = connect_line(mail, sending, tmp_path)
        at = line.index("--password-file")
        del line[at : at + 2]
        command = [sys.executable, "-m", "agentconsole", *line]
        with Terminal(command, size=(100, 24), environ=desk.places) as terminal:
            terminal.wait_for("Password of the mailbox:")
            terminal.feed(MAIL_PASSWORD.encode() + b"\r")
            terminal.wait_for("Name of the server [mx.desk.test]:")
            terminal.feed(b"\r")
            code = terminal.wait_for_end(30)
    checked = [line for line in desk("doctor").out.splitlines() if "senders" in line]

    assert (code, checked) == (0, [])
    assert MAIL_PASSWORD not in terminal.text
    assert MAIL_PASSWORD.encode() not in b"".join(path.read_bytes() for path in desk.home.glob("desk.sqlite3*"))
