"""Only our own server's word about a sender counts (RFC 8601, PROMISES H8)."""

import pytest

from agentconsole.channels.email.authentication import sender_result, topmost_server
from agentconsole.channels.email.headers import read_headers
from agentconsole.domain.mail import AuthResult

MINE = "Authentication-Results: mx.desk.example; "


@pytest.mark.parametrize(
    ("situation", "block", "expected"),
    [
        ("nothing said", "Subject: x\n", AuthResult.NONE),
        ("DMARC passed", MINE + "dmarc=pass header.from=bank.example\n", AuthResult.PASS),
        ("DMARC passed for a domain below", MINE + "dmarc=pass header.from=x.bank.example\n", AuthResult.NONE),
        ("DMARC passed for another sender", MINE + "dmarc=pass header.from=evil.example\n", AuthResult.NONE),
        ("DMARC failed", MINE + "dmarc=fail (p=none) header.from=bank.example\n", AuthResult.FAIL),
        ("no policy, DKIM of the sender", MINE + "dmarc=none; dkim=pass header.d=bank.example\n", AuthResult.PASS),
        ("DKIM of the domain above", MINE + "dkim=pass header.i=@example.org\n", AuthResult.NONE),
        ("DKIM of somebody else", MINE + "dkim=pass header.d=evil.example\n", AuthResult.NONE),
        ("DKIM of a domain that ends alike", MINE + "dkim=pass header.d=nk.example\n", AuthResult.NONE),
        ("DKIM of a whole top level", MINE + "dkim=pass header.d=example\n", AuthResult.NONE),
        ("SPF of the sender", MINE + "spf=pass smtp.mailfrom=ana@bank.example\n", AuthResult.PASS),
        ("SPF failed", MINE + "spf=softfail smtp.mailfrom=bank.example\n", AuthResult.FAIL),
        ("DMARC passed though SPF failed", MINE + "spf=fail smtp.mailfrom=x.y; dmarc=pass\n", AuthResult.PASS),
        ("another server", "Authentication-Results: mx.evil.example; dmarc=pass\n", AuthResult.NONE),
        (
            "a name in a comment",
            "Authentication-Results: (mx.desk.example) evil.example; dmarc=pass\n",
            AuthResult.NONE,
        ),
        (
            "written by the sender below ours",
            MINE + "dmarc=none\nReceived: x\n" + MINE + "dmarc=pass\n",
            AuthResult.NONE,
        ),
        ("two of ours in a row", MINE + "spf=none\n" + MINE + "dmarc=pass\n", AuthResult.PASS),
        ("one of two failed", MINE + "dmarc=pass\n" + MINE + "dmarc=fail\n", AuthResult.FAIL),
        ("with a version", "Authentication-Results: mx.desk.example 1; dmarc=pass\n", AuthResult.PASS),
        ("none at all", "Authentication-Results: mx.desk.example; none\n", AuthResult.NONE),
    ],
)
def test_a_sender_is_proved_by_our_server_alone(situation: str, block: str, expected: AuthResult) -> None:
    raw = (block + "\n").encode()
    headers, _ = read_headers(raw, 0, len(raw))

    assert sender_result(headers, "ana@bank.example", ["MX.desk.example"]) is expected, situation


def test_without_a_trusted_server_nothing_counts() -> None:
    raw = (MINE + "dmarc=pass\n\n").encode()
    headers, _ = read_headers(raw, 0, len(raw))

    assert sender_result(headers, "ana@bank.example", []) is AuthResult.NONE


@pytest.mark.parametrize(
    ("head", "server"),
    [
        (b"Received: x\r\nAuthentication-Results: mx.desk.example; spf=pass\r\n", "mx.desk.example"),
        (b"authentication-results:\r\n MX.Desk.Example;\r\n spf=pass\r\n", "mx.desk.example"),
        (b"Authentication-Results: mx.desk.example 1; none\r\nAuthentication-Results: x; none\r\n", "mx.desk.example"),
        (b"ARC-Authentication-Results: i=1; mx.desk.example; none\r\n", ""),
        (b"Authentication-Results: \x1b[2Jmx; none\r\n", ""),
        (b"Authentication-Results:" + b" " * 60_000 + b"\r\n", ""),
        (b"", ""),
    ],
)
def test_who_wrote_the_topmost_result_is_proposed(head: bytes, server: str) -> None:
    assert topmost_server(head) == server
