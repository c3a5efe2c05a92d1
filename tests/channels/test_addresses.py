"""Address headers are read as people and attackers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.channels.email.addresses import read_addresses
from agentconsole.domain.mail import Address


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        ("ana@example.com", [("", "ana@example.com")]),
        ("Ana Lee <ana@example.com>", [("Ana Lee", "ana@example.com")]),
        ('"Lee, Ana" <ana@example.com>, b@c.d', [("Lee, Ana", "ana@example.com"), ("", "b@c.d")]),
        ("ana@example.com (Ana (home) Lee)", [("Ana home Lee", "ana@example.com")]),
        ("=?utf-8?q?J=C3=BCrgen=2C_x?= <j@c.d>", [("Jürgen, x", "j@c.d")]),
        ('"=?utf-8?q?J=C3=BCrgen?=" <j@c.d>', [("Jürgen", "j@c.d")]),
        ("Team: a@b.c, d@e.f;, g@h.i", [("", "a@b.c"), ("", "d@e.f"), ("", "g@h.i")]),
        ("undisclosed-recipients:;", []),
        ("a@b.c; d@e.f", [("", "a@b.c"), ("", "d@e.f")]),
        ("<@relay.x,@y.z:ana@example.com>", [("", "ana@example.com")]),
        ('"support@bank.example" <eve@evil.example>', [("support@bank.example", "eve@evil.example")]),
        ("just a name", [("just a name", "")]),
        ("Ana <not an address>", [("Ana", "")]),
        ("Ana <a@b@c>", [("Ana", "")]),
        ("Ana <a\u202eb@c.d>", [("Ana", "")]),
        ("\u202eanA <a@b.c>", [("<U+202E>anA", "a@b.c")]),
        ("=?utf-8?q?a=1B[2J?= <a@b.c>", [("a\u241b[2J", "a@b.c")]),
        ("Ana <a@b.c", [("Ana", "a@b.c")]),
        ("", []),
        (",,;;", []),
    ],
)
def test_an_address_header_is_read(value: str, addresses: list[tuple[str, str]]) -> None:
    assert read_addresses(value) == tuple(Address(name, email) for name, email in addresses)


def test_only_so_many_are_read() -> None:
    assert len(read_addresses("a@b.c, " * 20_000)) == 500


@given(st.text(alphabet='"\\<>(),;:@ab. \x00\u202e=?é'))
def test_nothing_raises_and_every_address_can_be_written_to(value: str) -> None:
    for address in read_addresses(value):
        assert address.email == "" or address.email.count("@") == 1
        assert not set(address.email) & set('<>"(),;:\\ \r\n\x00')
