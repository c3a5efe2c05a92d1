"""What the desk writes is one mail with the headers it meant, whatever was in the texts (PROMISES 14, H6)."""

import itertools
import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import compat32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentconsole.channels.email.account import Account, Security
from agentconsole.channels.email.compose import compose, envelope_sender, message_id
from agentconsole.channels.email.parse import parse_mail
from agentconsole.channels.email.site import Site
from agentconsole.channels.email.smtp import Delivered, deliver
from agentconsole.domain.errors import Refused
from agentconsole.domain.mail import Address, Attachment, AutoKind, Outgoing, ParsedMail
from tests.servers import MailServer, SendServer

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HEADERS = {"date", "from", "to", "message-id", "subject", "x-agentconsole-loop", "mime-version"}
HEADERS |= {"content-type", "content-transfer-encoding"}
IDS = {"in-reply-to", "references"}
BREAKS = [
    "\r\n",
    "\r",
    "\n",
    "\x00",
    "\u2028",
    "\x85",
    "=?utf-8?q?=0D=0A?=",
    "=0D=0A",
    "%0d%0a",
    "\r\n\r\n",
    "\n ",
    "\r.\r",
    "\x0b",
]
PAYLOADS = [
    *(
        "Bcc: eve@customers.test",
        "Subject: other",
        "\r\nBcc: eve@customers.test",
        ".\r\nMAIL FROM:<eve@x>",
        "\r\n.\r\n",
    ),
    *("Content-Type: text/html\r\n\r\n<b>", "From: eve@evil.example", "To: eve@customers.test", "--=_x", ""),
]
FRAMES = [
    "{0}{1}",
    "Re: {0}{1}",
    "a{0}{1}",
    "=?utf-8?q?hi{0}{1}?=",
    "é{0}{1}",
    " {0} {1}",
    "{1}{0}{1}{0}",
    "x" * 200 + "{0}{1}",
]
FRAMES += ["<{0}{1}>", '"{0}{1}"', "{0} {1} " * 9, "日本{0}{1}", "a@b.example{0}{1}"]


def outgoing(**changes: object) -> Outgoing:
    """Build a mail to Ana."""
    parts: dict[str, object] = {
        "message_id": "<1@desk.test>",
        "from_": Address("Care", "care@desk.test"),
        "to": (Address("Ana Lee", "ana@customers.test"),),
        "subject": "Re: My order",
        "text": "Dear Ana,\nit has left.\n",
        "in_reply_to": "",
        "references": (),
        "reply_to": None,
        "automatic": False,
    }
    return Outgoing(**(parts | changes))  # type: ignore[arg-type]


def written(**changes: object) -> bytes:
    """Compose a mail to Ana."""
    return compose(outgoing(**changes), desk="desk-1", sent_at=NOON)


def read_back(raw: bytes) -> ParsedMail:
    """Read a composed mail as another desk would."""
    mail = parse_mail(raw, Site("desk-2"))
    assert isinstance(mail, ParsedMail)
    return mail


def payloads() -> list[str]:
    """List hostile texts: every way to break a line, with everything one would put behind it, in every place."""
    combined = itertools.product(FRAMES, BREAKS, PAYLOADS)
    return [frame.format(first, second) for frame, first, second in combined]


def test_a_mail_is_read_back_as_it_was_meant() -> None:
    raw = written(in_reply_to="<2@x>", references=("<1@x>", "<2@x>"), reply_to=Address("Care", "care+t0ken@desk.test"))

    mail = read_back(raw)

    assert (mail.subject, mail.text) == ("Re: My order", "Dear Ana,\nit has left.")
    assert (mail.sender, mail.to) == (Address("Care", "care@desk.test"), (Address("Ana Lee", "ana@customers.test"),))
    assert (mail.in_reply_to, mail.references) == ("<2@x>", ("<1@x>", "<2@x>"))
    assert mail.reply_to == Address("Care", "care+t0ken@desk.test")
    assert mail.sent_at == NOON
    assert mail.auto is AutoKind.NONE


def test_automatic_mail_says_so_and_asks_for_no_bounce() -> None:
    mail = outgoing(automatic=True)
    headers = message_from_bytes(compose(mail, desk="desk-1", sent_at=NOON))

    assert headers["Auto-Submitted"] == "auto-replied"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert headers["X-Agentconsole-Loop"] == "desk-1"
    assert envelope_sender(mail) == ""
    assert envelope_sender(outgoing()) == "care@desk.test"


def test_our_own_mail_is_recognised_when_it_comes_back() -> None:
    mail = parse_mail(written(), Site("desk-1"))

    assert isinstance(mail, ParsedMail)
    assert mail.auto is AutoKind.OWN_LOOP


@pytest.mark.parametrize(
    "text",
    [
        *("", "one line", "\n\nblank lines\n\n\n", "trailing space \nand tab\t", "é" * 1_000, "日本語の注文\n" * 50),
        *("x" * 5_000, ".\n..\n.x\n", "From here\nFrom there\n", "=C3=A9 = equals", "a\r\nb\rc", "🙂" * 30, "שלום"),
    ],
    ids=range(13),
)
def test_the_text_arrives_as_it_was_written(text: str) -> None:
    raw = written(text=text)

    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert not [line for line in raw.split(b"\r\n") if line.startswith((b".", b"From "))]
    assert raw.replace(b"\r\n", b"").count(b"\r") == raw.replace(b"\r\n", b"").count(b"\n") == 0
    body = message_from_bytes(raw).get_payload(decode=True)
    expected = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    assert isinstance(body, bytes)
    assert body.replace(b"\r\n", b"\n").rstrip(b"\n") == expected.rstrip(b"\n")


def test_attachments_arrive_byte_for_byte() -> None:
    content = bytes(range(256)) * 100
    files = tuple(
        Attachment(name, kind, len(content), "", content)
        for name, kind in [
            ("Größe 2.pdf", "application/pdf"),
            ("x" * 100 + ".txt", "text/plain"),
            ("mail.eml", "message/x"),
        ]
    )

    mail = read_back(written(attachments=files))

    assert [file.name for file in mail.attachments] == ["Größe 2.pdf", "x" * 100 + ".txt", "mail.eml"]
    assert {file.content for file in mail.attachments} == {content}
    assert mail.text == "Dear Ana,\nit has left."


@pytest.mark.parametrize(
    "email",
    [
        *("", "ana", "ana@", "@x.example", "a na@x.example", "ana@x.example\r\nBcc: eve@x", "a,b@x.example"),
        *(
            "ana@x.example, eve@x.example",
            '"a b"@x.example',
            "änna@x.example",
            "ana@-",
            "a@x\x00.example",
            "<ana@x.example>",
        ),
    ],
)
def test_an_address_that_cannot_be_written_is_refused(email: str) -> None:
    with pytest.raises(Refused):
        written(to=(Address("Ana", email),))


def test_a_domain_of_another_alphabet_is_written_in_ascii() -> None:
    raw = written(to=(Address("", "ana@bücher.example"),))

    assert b"To: ana@xn--bcher-kva.example\r\n" in raw


@pytest.mark.parametrize("known", ["", "1@x", "<1@x>\r\nBcc: x", "<a b@x>", "<é@x>", "<1@x><2@x>"])
def test_a_message_id_that_cannot_be_written_is_refused(known: str) -> None:
    with pytest.raises(Refused):
        written(message_id=known)


def test_a_customers_odd_message_id_is_left_out_and_no_reason_not_to_answer() -> None:
    raw = written(in_reply_to="<é@x>", references=("<1@x>", "<a\r\nBcc: x@y>"))

    assert b"References: <1@x>\r\n" in raw
    assert b"In-Reply-To" not in raw


def test_a_message_id_is_the_same_for_every_attempt_and_no_other_entry() -> None:
    first = message_id(1, "desk-1", "desk.test")

    assert first == message_id(1, "desk-1", "desk.test")
    assert len({first, message_id(2, "desk-1", "desk.test"), message_id(1, "desk-2", "desk.test")}) == 3
    assert written(message_id=first)


@pytest.mark.parametrize("field", ["subject", "sender name", "recipient name", "ids", "desk", "text", "file name"])
def test_h6_no_text_becomes_a_header(field: str) -> None:
    """Some 10,000 mails in all; the extra header and part names of a mail with a file are the only others."""
    for payload in payloads():
        raw = compose(_with(field, payload), desk=payload if field == "desk" else "desk-1", sent_at=NOON)

        message = message_from_bytes(raw, policy=compat32)
        names = [name.lower() for name in message.keys()]  # noqa: SIM118 - iterating a message gives its values' keys once
        assert set(names) <= (HEADERS | IDS if field == "ids" else HEADERS), payload
        assert len(names) == len(set(names)), payload
        assert raw.isascii()
        assert raw.replace(b"\r\n", b"").translate(None, b"\r\n\x00") == raw.replace(b"\r\n", b"")


@given(st.text(max_size=300), st.text(max_size=80))
@settings(deadline=None)
def test_any_subject_and_name_are_read_back(subject: str, name: str) -> None:
    mail = read_back(written(subject=subject, to=(Address(name, "ana@customers.test"),)))

    assert [address.email for address in mail.to] == ["ana@customers.test"]


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("step", [120, pytest.param(1, marks=pytest.mark.long)], ids=["short", "10,000"])
def test_h6_a_real_server_sees_no_extra_header_and_no_extra_recipient(
    mail: MailServer, post: SendServer, step: int
) -> None:
    """Every mail arrives once, at Ana's alone, with the headers it was given."""
    account = Account(post.host, post.smtp_port, Security.PLAIN)
    fields = ("subject", "sender name", "recipient name", "ids", "text", "file name")
    sample = [_with(field, text) for field in fields for text in payloads()[::step]]
    before = len(mail.received("ana@customers.test"))
    logged = post.log.stat().st_size if post.log.exists() else 0

    for item in sample:
        raw = compose(item, desk="desk-1", sent_at=NOON)
        assert isinstance(deliver(raw, "care@desk.test", ["ana@customers.test"], account), Delivered)

    arrived = mail.wait_received("ana@customers.test", before + len(sample), seconds=600)[before:]
    allowed = HEADERS | IDS | {"return-path", "x-original-to", "delivered-to", "received"}
    for raw in arrived:
        assert {name.lower() for name in message_from_bytes(raw).keys()} <= allowed  # noqa: SIM118
    assert len(arrived) == len(sample)
    assert set(re.findall(rb" to=<([^>]*)>", post.log.read_bytes()[logged:])) == {b"ana@customers.test"}


def _with(field: str, payload: str) -> Outgoing:
    changes: dict[str, dict[str, object]] = {
        "subject": {"subject": payload},
        "sender name": {"from_": Address(payload, "care@desk.test")},
        "recipient name": {"to": (Address(payload, "ana@customers.test"),)},
        "ids": {"in_reply_to": payload, "references": ("<1@x>", payload)},
        "text": {"text": payload},
        "file name": {"attachments": (Attachment(payload, payload, 1, "", b"x"),)},
    }
    return outgoing(**changes.get(field, {}))
