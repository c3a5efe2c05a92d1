"""Which ticket a mail joins (issue 2 section 5, PROMISES 6.11, H8)."""

import pytest

from agentconsole.domain.mail import Address, AuthResult, AutoKind, ParsedMail
from agentconsole.domain.threading import (
    Join,
    NewTicket,
    Thread,
    case_number_in,
    join,
    reply_address,
    threads_nearest_first,
    token_places,
)

ANAS = Thread(7, frozenset({"ana@example.com"}))
BOBS = Thread(8, frozenset({"bob@example.com"}))


def mail_from(email: str, auth: AuthResult = AuthResult.NONE, **changes: object) -> ParsedMail:
    """Build a mail from somebody."""
    parts: dict[str, object] = {
        "message_id": "<m@x>",
        "in_reply_to": "",
        "references": (),
        "sender": Address("", email),
        "reply_to": None,
        "to": (),
        "cc": (),
        "subject": "",
        "sent_at": None,
        "text": "",
        "html_used": False,
        "attachments": (),
        "auto": AutoKind.NONE,
        "bounce": None,
        "auth": auth,
        "headers_dropped": 0,
        "notes": (),
    }
    return ParsedMail(**(parts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("situation", "sender", "auth", "proofs", "expected"),
    [
        ("token and sender", "ana@example.com", AuthResult.NONE, {"by_token": ANAS}, Join(7)),
        ("References and sender", "ana@example.com", AuthResult.NONE, {"by_references": [ANAS]}, Join(7)),
        ("another spelling of the sender", "Ana@Example.COM", AuthResult.PASS, {"by_token": ANAS}, Join(7)),
        ("token, a stranger", "eve@example.com", AuthResult.PASS, {"by_token": ANAS}, NewTicket(7)),
        (
            "References of another customer's ticket",
            "bob@example.com",
            AuthResult.PASS,
            {"by_references": [ANAS]},
            NewTicket(7),
        ),
        ("a forged sender", "ana@example.com", AuthResult.FAIL, {"by_token": ANAS}, NewTicket(7)),
        ("the number in the subject", "ana@example.com", AuthResult.PASS, {"named": ANAS}, NewTicket(7)),
        (
            "token of one, References of another",
            "bob@example.com",
            AuthResult.NONE,
            {"by_token": ANAS, "by_references": [BOBS]},
            Join(8),
        ),
        ("nothing", "ana@example.com", AuthResult.PASS, {}, NewTicket(None)),
        ("no sender", "", AuthResult.NONE, {"by_token": Thread(7, frozenset({""}))}, NewTicket(7)),
        (
            "proof before the named one",
            "eve@example.com",
            AuthResult.NONE,
            {"by_token": ANAS, "named": BOBS},
            NewTicket(7),
        ),
    ],
)
def test_a_mail_joins_only_by_proof_and_sender(
    situation: str, sender: str, auth: AuthResult, proofs: dict[str, object], expected: Join | NewTicket
) -> None:
    decided = join(mail_from(sender, auth), **proofs)  # type: ignore[arg-type]

    assert decided == expected, situation


@pytest.mark.parametrize(
    ("subject", "number"),
    [("Re: [#1042] Order", 1042), ("Re: #1042", None), ("[#]", None), ("[#99999999999]", None), ("", None)],
)
def test_a_subject_names_a_case_only_in_brackets(subject: str, number: int | None) -> None:
    assert case_number_in(subject) == number


def test_the_thread_is_read_from_its_end() -> None:
    mail = mail_from("ana@example.com", in_reply_to="<3@x>", references=("<1@x>", "<2@x>", "<3@x>"))

    assert threads_nearest_first(mail) == ("<3@x>", "<2@x>", "<1@x>")


def test_a_token_may_stand_in_a_recipient_or_a_message_id() -> None:
    desk = Address("Desk", "care@example.com")
    mail = mail_from("ana@example.com", to=(reply_address(desk, "t0ken"),), cc=(desk,), references=("<1@x>",))

    assert token_places(mail) == ("care+t0ken@example.com", "care@example.com", "<1@x>")
