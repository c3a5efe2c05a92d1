"""A raw mail becomes a `ParsedMail`, whatever it is (PROMISES 8.7, H3, H5, H8)."""

import hashlib
import unicodedata
from datetime import UTC, datetime
from email.message import EmailMessage

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentconsole.channels.email.frames import RAW_LIMIT
from agentconsole.channels.email.parse import parse_mail
from agentconsole.channels.email.site import Site
from agentconsole.domain.mail import Address, AuthResult, AutoKind, Bounce, ParsedMail, Unparsable
from tests.channels.mails import BOMBS, PLAIN

SITE = Site("desk-1", ("mx.desk.example",))


def parsed(raw: bytes) -> ParsedMail:
    """Parse what must be parsable."""
    mail = parse_mail(raw, SITE)
    assert isinstance(mail, ParsedMail)
    return mail


def test_a_plain_mail_is_read() -> None:
    mail = parsed(b"Authentication-Results: mx.desk.example; dmarc=pass\r\n" + PLAIN)

    assert mail.sender == Address("Ana Lee", "ana@example.com")
    assert mail.to == (Address("", "care@desk.example"),)
    assert (mail.subject, mail.text) == ("My order", "Where is it?")
    assert mail.message_id == "<1@example.com>"
    assert mail.sent_at == datetime(2026, 5, 3, 8, 0, tzinfo=UTC)
    assert (mail.auto, mail.auth, mail.notes) == (AutoKind.NONE, AuthResult.PASS, ())


def test_text_html_and_files_of_a_usual_mail_are_told_apart() -> None:
    message = EmailMessage()
    message["From"] = "ana@example.com"
    message.set_content("The plain words\n")
    message.add_alternative("<p>The rich words</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Rechnung März.pdf")
    message.add_attachment("a,b\n", subtype="csv", filename="../../list.csv")

    mail = parsed(message.as_bytes())

    assert (mail.text, mail.html_used) == ("The plain words", False)
    assert [(file.name, file.content_type) for file in mail.attachments] == [
        ("Rechnung März.pdf", "application/pdf"),
        ("list.csv", "text/csv"),
    ]
    assert mail.attachments[0].content == b"%PDF"
    assert mail.attachments[0].sha256 == hashlib.sha256(b"%PDF").hexdigest()


@pytest.mark.parametrize(
    ("situation", "headers", "is_text"),
    [
        ("the whole mail, with a name", b"Content-Type: text/plain; name=mail.txt\n", True),
        ("the whole mail, as a file", b"Content-Disposition: attachment; filename=list.txt\n", False),
        ("a calendar", b"Content-Type: text/calendar\n", False),
    ],
)
def test_words_and_files_are_told_apart(situation: str, headers: bytes, is_text: bool) -> None:
    mail = parsed(b"From: a@b.c\n" + headers + b"\nwords")

    assert (mail.text == "words") is is_text, situation
    assert len(mail.attachments) == (not is_text)


def test_html_alone_is_laid_out() -> None:
    mail = parsed(b"From: a@b.c\r\nContent-Type: text/html\r\n\r\n<p>see <a href='http://x.example'>this</a></p>")

    assert (mail.text, mail.html_used) == ("see this <http://x.example>", True)


def test_html_is_used_where_the_plain_words_are_blank() -> None:
    message = EmailMessage()
    message["From"] = "ana@example.com"
    message.set_content("  \n")
    message.add_alternative("<p>The rich words</p>", subtype="html")

    assert parsed(message.as_bytes()).text == "The rich words"


def test_files_between_alternatives_are_kept() -> None:
    raw = (
        b"From: a@b.c\nContent-Type: multipart/alternative; boundary=o\n\n--o\nContent-Type: text/plain\n\nwords\n"
        b"--o\nContent-Type: multipart/mixed; boundary=i\n\n--i\nContent-Type: text/html\n\n<p>rich</p>\n"
        b"--i\nContent-Type: application/pdf; name=a.pdf\n\n%PDF\n--i--\n--o--\n"
    )

    mail = parsed(raw)

    assert mail.text == "words"
    assert [file.name for file in mail.attachments] == ["a.pdf"]


def test_a_forwarded_mail_is_an_attachment() -> None:
    head = (
        b"From: a@b.c\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nsee\n--o\nContent-Type: message/rfc822\n\n"
    )
    raw = head + PLAIN + b"\n--o--\n"

    mail = parsed(raw)

    assert (mail.text, mail.subject) == ("see", "")
    assert [(file.name, file.content) for file in mail.attachments] == [("message.eml", PLAIN)]


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [("iso-8859-8-i", "iso-8859-8", "שלום"), ("x-unknown", "utf-8", "café"), ("utf8mb4", "utf-8", "☕")],
)
def test_no_byte_of_the_text_is_lost_to_its_charset(charset: str, codec: str, text: str) -> None:
    raw = f"From: a@b.c\nContent-Type: text/plain; charset={charset}\n\n".encode() + text.encode(codec)

    assert parsed(raw).text == text


@pytest.mark.parametrize(
    ("date", "instant"),
    [
        ("Sun, 3 May 2026 10:00:00 +0200", datetime(2026, 5, 3, 8, tzinfo=UTC)),
        ("3 May 2026 10:00:00 GMT", datetime(2026, 5, 3, 10, tzinfo=UTC)),
        ("Sun, 3 May 2026 10:00:00 -0000", datetime(2026, 5, 3, 10, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        ("Wed, 1 Jan 1800 00:00:00 +0000", None),
        ("Mon, 1 Jan 9999 23:59:59 -2359", None),
        ("Mon, 1 Jan 2024 00:00:00 +99999999999", None),
    ],
)
def test_a_date_is_an_instant_or_nothing(date: str, instant: datetime | None) -> None:
    assert parsed(f"From: a@b.c\nDate: {date}\n\nx".encode()).sent_at == instant


def test_two_senders_are_noted() -> None:
    mail = parsed(b"From: ana@example.com\nFrom: eve@evil.example\n\nx")

    assert mail.sender.email == "ana@example.com"
    assert mail.notes == ("The mail names more than one sender; the first is shown.",)


def test_a_mail_without_sender_is_read_and_noted() -> None:
    mail = parsed(b"Subject: x\n\nhello")

    assert (mail.sender, mail.text) == (Address("", ""), "hello")
    assert mail.notes == ("The mail names no sender that can be answered.",)


@pytest.mark.parametrize(
    ("reply_to", "notes"),
    [
        ("Rosa <ROSA@example.org>", ()),
        ("other@example.net", ("The mail asks for answers to other@example.net; the desk answers its sender.",)),
    ],
)
def test_a_wish_for_answers_elsewhere_is_told(reply_to: str, notes: tuple[str, ...]) -> None:
    mail = parsed(f"From: rosa@example.org\nReply-To: {reply_to}\n\nhi".encode())

    assert mail.notes == notes


@pytest.mark.parametrize(
    ("situation", "headers", "kind"),
    [
        ("a person", b"", AutoKind.NONE),
        ("out of office", b"Auto-Submitted: auto-replied\n", AutoKind.AUTO_REPLY),
        ("an old responder", b"X-Autoreply: yes\n", AutoKind.AUTO_REPLY),
        ("a null path", b"Return-Path: <>\n", AutoKind.AUTO_REPLY),
        ("a path", b"Return-Path: <ana@example.com>\n", AutoKind.NONE),
        ("a list", b"List-Id: <x.example>\n", AutoKind.BULK),
        ("our own", b"X-Agentconsole-Loop: desk-1\n", AutoKind.OWN_LOOP),
        ("a read receipt", b"Content-Type: multipart/report; boundary=x\n", AutoKind.AUTO_REPLY),
    ],
)
def test_a_machine_is_known_by_its_headers(situation: str, headers: bytes, kind: AutoKind) -> None:
    assert parsed(headers + b"From: ana@example.com\n\nx").auto is kind, situation


DSN = (
    b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nContent-Type: multipart/report;"
    b" report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n"
    b"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ana@example.com\nAction: %b\nStatus: %b\n\n"
    b"--b\nContent-Type: message/rfc822\n\nMessage-ID: <sent-1@desk.example>\nSubject: Re\n\nhello\n--b--\n"
)


@pytest.mark.parametrize(
    ("action", "status", "hard"),
    [
        (b"failed", b"5.1.1", True),
        (b"failed", b"4.4.1", False),
        (b"failed", b"5.2.2", False),
        (b"delayed", b"4.0.0", False),
    ],
)
def test_a_report_of_non_delivery_names_the_mail(action: bytes, status: bytes, hard: bool) -> None:
    mail = parsed(DSN % (action, status))

    assert mail.auto is AutoKind.BOUNCE
    assert mail.bounce == Bounce(
        "<sent-1@desk.example>", "ana@example.com", status.decode(), hard, delayed=action == b"delayed"
    )


def test_a_report_of_delivery_is_no_bounce() -> None:
    mail = parsed(DSN % (b"delivered", b"2.0.0"))

    assert (mail.auto, mail.bounce) == (AutoKind.AUTO_REPLY, None)


def test_a_report_in_prose_is_a_bounce() -> None:
    raw = (
        b"Return-Path: <>\nFrom: MAILER-DAEMON@qmail.example\n\nHi. I could not deliver your message.\n\n"
        b"<ana@example.com>:\nno mailbox here by that name. (#5.1.1)\n\n--- Below is a copy.\n\n"
        b"Message-ID: <sent-1@desk.example>\n"
    )

    mail = parsed(raw)

    assert (mail.auto, mail.bounce) == (
        AutoKind.BOUNCE,
        Bounce("<sent-1@desk.example>", "ana@example.com", "5.1.1", True),
    )


def test_names_and_subjects_cannot_drive_a_terminal() -> None:
    raw = (
        b"From: =?utf-8?b?G101MjtjO3gH?= <a@b.c>\nSubject: =?utf-8?b?G1sySg==?= [/red]\n"
        b"Content-Type: application/x; name*=utf-8''..%2F%1b%5d52\n\nx"
    )

    mail = parsed(raw)

    assert mail.sender.name == "\u241b]52;c;x\u2407"
    assert mail.subject == "\u241b[2J [/red]"
    assert mail.attachments[0].name == "]52"


def test_a_mail_that_is_too_large_or_empty_is_not_read() -> None:
    assert parse_mail(b"x" * (RAW_LIMIT + 1), SITE) == Unparsable("The message is larger than 25 MB.")
    assert parse_mail(b"\r\n \r\n", SITE) == Unparsable("The message is empty.")


def test_long_text_is_cut_and_noted() -> None:
    mail = parsed(b"From: a@b.c\n\n" + b"x" * 1_200_000)

    assert len(mail.text) == 1_000_000
    assert mail.notes == ("The text is longer than 1,000,000 characters; the rest is in the raw message.",)


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_read(bomb: str) -> None:
    mail = parsed(BOMBS[bomb])

    assert len(mail.notes) <= 6
    _holds(mail)


PIECES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from(
        [
            *(b"\r\n", b"\n", b"\r\n\r\n", b"--x\r\n", b"--x--\r\n", b"\x00", b"\x1b[2J", b"=?utf-8?q?=1B?=", b"<p>"),
            *(b"From: ", b"To: a@b.c, ", b"Subject: ", b"Date: ", b"Message-ID: <a@b>", b"References: <a@b> <c@d>"),
            *(b"Content-Type: multipart/mixed; boundary=x\r\n", b"Content-Type: text/html\r\n", b"Content-Type: "),
            *(b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n", b"Return-Path: <>\r\n"),
            *(b"Content-Type: message/delivery-status\r\n", b"Action: failed\r\n", b"Status: 5.1.1\r\n", b"<a href='"),
            *(b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n", b"=E9="),
            *(b"Content-Disposition: attachment; filename*0*=utf-8''%2e%2e%2f", b"; charset=utf-7", b"+AAA-"),
            *(b"Authentication-Results: mx.desk.example; ", b"dkim=pass header.d=b.c", b"Auto-Submitted: "),
        ]
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25).map(b"".join))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    mail = parse_mail(raw, SITE)

    if isinstance(mail, ParsedMail):
        _holds(mail)
    else:
        assert mail == Unparsable("The message is empty.")


@pytest.mark.long
@pytest.mark.timeout(1_800)
@settings(max_examples=100_000, deadline=None)
@given(st.lists(PIECES, max_size=25).map(b"".join))
def test_a_hundred_thousand_mails_are_read_or_refused(raw: bytes) -> None:
    mail = parse_mail(raw, SITE)

    assert isinstance(mail, ParsedMail | Unparsable)


def _holds(mail: ParsedMail) -> None:
    """Assert what holds for every mail: clean texts, one line where promised, and it can cross a process border."""
    lines = [mail.subject, mail.sender.name, mail.sender.email, mail.message_id, *mail.references]
    lines += [text for address in (*mail.to, *mail.cc) for text in (address.name, address.email)]
    lines += [file.name for file in mail.attachments]
    for text in (*lines, mail.text.replace("\n", "")):
        assert not [letter for letter in text if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")]
    assert len(mail.to) <= 500
    assert len(mail.text) <= 8_000_000
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(mail), type=ParsedMail) == mail
