"""Bytes become text whatever the mailer called them (LIBRARIES 5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.channels.email.charsets import decode_base64, decode_text, decode_words


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("iso-8859-8-i", "iso-8859-8", "שלום"),
        ("utf8mb4", "utf-8", "café ☕"),
        ("gb2312", "gb18030", "訂單 订单"),
        ("ks_c_5601-1987", "cp949", "주문"),
        ("iso-8859-1", "cp1252", "“smart” €"),
        ("us-ascii", "utf-8", "naïve"),
        ("SHIFT_JIS", "cp932", "①注文"),
        ('"utf-8"', "utf-8", "quoted é"),
        ("x-unknown", "utf-8", "café"),
        ("x-unknown", "cp1252", "café"),
        ("", "utf-8", "café"),
        ("utf-8", "cp1252", "café costs €"),
        ("zlib", "utf-8", "no charset"),
        ("idna", "utf-8", "café"),
        ("\x00", "utf-8", "café"),
        ("ünknown", "utf-8", "café"),
        ("koi8-r", "koi8-r", "заказ"),
        ("utf-7", "utf-7", "Füße"),
    ],
)
def test_text_survives_its_charset(charset: str, codec: str, text: str) -> None:
    assert decode_text(text.encode(codec), charset) == text


def test_one_broken_byte_does_not_spoil_the_rest() -> None:
    assert decode_text("注文".encode() * 100 + b"\xff", "utf-8") == "注文" * 100 + "\ufffd"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?caf=C3=A9_bar?=", "café bar"),
        ("=?UTF-8?B?Y2Fmw6k=?=", "café"),
        ("=?utf-8?b?ww==?= =?utf-8?b?qQ==?=", "é"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),
        ("=?utf-8?q?a?=  =?utf-8?q?b?= c", "ab c"),
        ("a =?iso-8859-1?q?=E9?= b", "a é b"),
        ("=?utf-8*en?q?x?=", "x"),
        ("=?x-unknown?q?caf=C3=A9?=", "café"),
        ("=?utf-8?q?hi=0D=0ABcc:_evil@x?=", "hi\r\nBcc: evil@x"),
        ("=?utf-8?q?open", "=?utf-8?q?open"),
    ],
)
def test_encoded_words_are_read(value: str, text: str) -> None:
    assert decode_words(value) == text


@given(
    st.binary(), st.one_of(st.text(max_size=20), st.sampled_from(["utf-16", "utf-7", "hz", "rot13", "mbcs", "cp65001"]))
)
def test_decoding_never_raises(raw: bytes, charset: str) -> None:
    assert isinstance(decode_text(raw, charset), str)


@given(st.text(alphabet="=?utf-8qbQB_ \n\x00é*iso"))
def test_reading_words_never_raises(value: str) -> None:
    assert isinstance(decode_words(value), str)


@pytest.mark.parametrize(
    ("raw", "octets"),
    [
        (b"aGk=", b"hi"),
        (b"aGk", b"hi"),
        (b"a G\r\nk", b"hi"),
        (b"aGk=!", b"hi"),
        (b"a", b""),
        (b"", b""),
        (b"aGkhx", b"hi!"),
    ],
)
def test_torn_base64_gives_what_it_has(raw: bytes, octets: bytes) -> None:
    assert decode_base64(raw) == octets
