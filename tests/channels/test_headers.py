"""Header blocks are read within limits, and parameters as RFC 2231 writes them."""

import pytest

from agentconsole.channels.email.headers import BLOCK_LIMIT, HEADER_LIMIT, HEADERS_LIMIT, read_headers, read_parameters


@pytest.mark.parametrize(
    ("situation", "raw", "fields", "body"),
    [
        ("two headers", b"A: 1\r\nB: 2\r\n\r\nx", (("a", "1"), ("b", "2")), b"x"),
        ("Unix line ends", b"A: 1\n\nx", (("a", "1"),), b"x"),
        ("folded", b"A: 1\r\n  2\r\n\t3\r\n\r\nx", (("a", "1 2 3"),), b"x"),
        ("no headers", b"\r\nx", (), b"x"),
        ("only a body", b"hello there\r\nx", (), b"hello there\r\nx"),
        ("no blank line before the body", b"A: 1\r\nhello there\r\n", (("a", "1"),), b"hello there\r\n"),
        ("an mbox line first", b"From ana Sun May  3\nA: 1\n\nx", (("a", "1"),), b"x"),
        ("a space before the colon", b"A : 1\n\nx", (("a", "1"),), b"x"),
        ("UTF-8 as it is", "A: é\n\nx".encode(), (("a", "é"),), b"x"),
        ("Latin-1 as it is", b"A: \xe9\n\nx", (("a", "é"),), b"x"),
        ("no end", b"A: 1", (("a", "1"),), b""),
        ("twice", b"A: 1\nA: 2\n\nx", (("a", "1"), ("a", "2")), b"x"),
    ],
)
def test_a_block_is_read(situation: str, raw: bytes, fields: tuple[tuple[str, str], ...], body: bytes) -> None:
    headers, start = read_headers(raw, 0, len(raw))

    assert (headers.fields, raw[start:]) == (fields, body), situation
    assert headers.dropped == 0


@pytest.mark.parametrize(
    ("situation", "block"),
    [
        ("one header too long", b"X: " + b"a" * HEADER_LIMIT + b"\r\n"),
        ("one header too long, folded", b"X: a\r\n" + b" " + b"a" * 900 + b"\r\n" + (b" " + b"a" * 900 + b"\r\n") * 20),
        ("too many bytes", b"".join(b"X-%d: %s\r\n" % (n, b"a" * 900) for n in range(200))),
        ("too many headers", b"X: a\r\n" * (HEADERS_LIMIT + 1)),
        ("a block without end", b"X: a\r\n" * (BLOCK_LIMIT // 4)),
    ],
)
def test_what_is_beyond_the_limits_is_counted(situation: str, block: bytes) -> None:
    raw = b"Subject: first\r\n" + block + b"\r\nbody"

    headers, start = read_headers(raw, 0, len(raw))

    assert headers.dropped > 0, situation
    assert headers.first("subject") == "first"
    assert sum(len(name) + len(value) for name, value in headers.fields) <= BLOCK_LIMIT + HEADER_LIMIT
    assert raw[start:] == b"body"


@pytest.mark.parametrize(
    ("value", "word", "parameters"),
    [
        ("text/plain", "text/plain", {}),
        ("Text/Plain; Charset=UTF-8", "text/plain", {"charset": "UTF-8"}),
        ('a/b; name="x; y=\\"z\\""', "a/b", {"name": 'x; y="z"'}),
        ("a/b; name*=utf-8''caf%C3%A9.txt", "a/b", {"name": "café.txt"}),
        ("a/b; name*0=long; name*1=er.txt", "a/b", {"name": "longer.txt"}),
        ("a/b; name*1*=%C3%A9; name*0*=utf-8''caf", "a/b", {"name": "café"}),
        ("a/b; name=plain.txt; name*=utf-8''better.txt", "a/b", {"name": "better.txt"}),
        ("a/b; name*=broken%ZZ", "a/b", {"name": "broken%ZZ"}),
        ('a/b; boundary="open', "a/b", {"boundary": "open"}),
        ("a/b; x*999999999999=y", "a/b", {"x*999999999999": "y"}),
        ("", "", {}),
    ],
)
def test_parameters_are_read(value: str, word: str, parameters: dict[str, str]) -> None:
    assert read_parameters(value) == (word, parameters)


def test_twenty_thousand_parameters_are_not_read() -> None:
    _, parameters = read_parameters("a/b;" + "".join(f" a{number}=x;" for number in range(20_000)))

    assert len(parameters) == 100
