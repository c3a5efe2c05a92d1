"""Bytes of a mail as text: charset names that mailers misspell, and encoded words in headers (RFC 2047)."""

import binascii
import re

_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ansi": "cp1252",
    "windows-1252": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi-x3.4-1968": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode": "utf-8",
    "utf-8": "utf-8",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks-c-5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "big5": "big5hkscs",
    "windows-874": "cp874",
    "tis-620": "cp874",
}
# Not charsets, or quadratic on hostile input; Python would take them.
_NEVER = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def decode_text(raw: bytes, charset: str) -> str:
    """Decode as the mail says, or as UTF-8, or as Windows-1252; what fits none becomes U+FFFD, nothing raises."""
    declared = _codec(charset)
    for codec in (declared, "utf-8"):
        if codec:
            try:
                return raw.decode(codec)
            except (UnicodeError, LookupError):
                continue
    if declared:
        patched = raw.decode(declared, "replace")
        if patched.count("\ufffd") * 50 <= len(patched) or declared == "cp1252":
            return patched
    return raw.decode("cp1252", "replace")


def decode_words(value: str) -> str:
    """Decode the encoded words of a header value that has been unfolded; what is not one stays as it is."""
    if "=?" not in value:
        return value
    out: list[str] = []
    pending: tuple[str, bytes] | None = None
    position = 0
    for word in _WORD.finditer(value):
        between = value[position : word.start()]
        position = word.end()
        charset = word.group(1).partition("*")[0].lower()
        octets = _word_octets(word.group(2), word.group(3))
        if pending and not between.strip() and pending[0] == charset:
            # A character may be split over two words, so words of one charset are decoded together.
            pending = (charset, pending[1] + octets)
            continue
        if pending:
            out.append(decode_text(pending[1], pending[0]))
            between = between if between.strip() else ""
        out.append(between)
        pending = (charset, octets)
    if pending:
        out.append(decode_text(pending[1], pending[0]))
    return "".join(out) + value[position:]


def decode_base64(raw: bytes) -> bytes:
    """Decode base64 as mailers write it: white space and foreign bytes are skipped, a torn end is given up."""
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        letters = _NOT_BASE64.sub(b"", raw)
        letters = letters[:-1] if len(letters) % 4 == 1 else letters
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _word_octets(encoding: str, text: str) -> bytes:
    octets = text.encode("utf-8", "replace")
    if encoding in "bB":
        return decode_base64(octets)
    return binascii.a2b_qp(octets, header=True)


def _codec(charset: str) -> str:
    """Find the codec of a charset name; empty when there is none."""
    name = charset.strip(" \t\"'").lower().replace("_", "-")[:60]
    name = _ALIASES.get(name, name)
    if not name or name in _NEVER:
        return ""
    try:
        b"a".decode(name, "replace")  # also tells "zlib" and "hex", which are no charsets, from those that are
    except (LookupError, ValueError):
        return ""
    return name
