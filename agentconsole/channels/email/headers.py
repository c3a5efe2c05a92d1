"""The header block of a mail or of one of its parts, read within limits."""

import re
from dataclasses import dataclass

from agentconsole.channels.email.charsets import decode_text

BLOCK_LIMIT = 64 * 1024
HEADER_LIMIT = 16 * 1024
HEADERS_LIMIT = 1_000

_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_PARAMETER = re.compile(r";\s*([^\s=;]{1,100})\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)", re.DOTALL)
_BLANK_LINE = re.compile(rb"\n\r?\n")
PARAMETERS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Headers:
    """Hold header fields as they stand: lower-case name, unfolded value; `dropped` counts those cut or left out."""

    fields: tuple[tuple[str, str], ...]
    dropped: int

    def all(self, name: str) -> list[str]:
        """List the values of one header, topmost first."""
        return [value for field, value in self.fields if field == name]

    def first(self, name: str) -> str:
        """Give the topmost value of one header; empty when it is absent."""
        return next((value for field, value in self.fields if field == name), "")

    def has(self, name: str) -> bool:
        """Say whether a header is there."""
        return any(field == name for field, _ in self.fields)


def read_headers(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """Read the header block at `start` and say where the body begins.

    The block ends at a blank line or before the first line that is no header. Lines beyond 64 KB, a header's text
    beyond 16 KB and headers beyond the thousandth are dropped and counted.
    """
    fields: list[tuple[str, list[bytes]]] = []
    dropped = 0
    keeping = False
    position = start
    while position < end:
        if position - start >= BLOCK_LIMIT:
            # Beyond the limit only the blank line matters; reading on line by line would cost seconds on 25 MB.
            blank = _BLANK_LINE.search(raw, position - 1, end)
            beyond = blank.start() + 1 if blank else end
            dropped += raw.count(b"\n", position, beyond)
            position = blank.end() if blank else end
            break
        newline = raw.find(b"\n", position, end)
        after = end if newline < 0 else newline + 1
        line = raw[position : min(after, position + HEADER_LIMIT)].rstrip(b"\r\n")
        if not line:
            position = after
            break
        if line[0] in b" \t" and (fields or dropped):
            if keeping:
                fields[-1][1].append(line.strip())
        elif found := _HEADER.match(line):
            keeping = len(fields) < HEADERS_LIMIT
            dropped += not keeping
            if keeping:
                fields.append((found.group(1).decode("ascii").lower(), [line[found.end() :].strip()]))
        elif position > start or not line.startswith((b"From ", b">From ")):
            break
        position = after
    cut = sum(1 for _, lines in fields if sum(map(len, lines)) > HEADER_LIMIT - 256)
    return Headers(tuple((name, _value(lines)) for name, lines in fields), dropped + cut), position


def read_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split `type/subtype; name=value` into the lower-case word and its parameters, with RFC 2231 pieces joined."""
    word = value.partition(";")[0].strip().lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(value)):
        if count == PARAMETERS_LIMIT:
            break
        name, text = found.group(1).lower(), found.group(2).strip()
        if text[:1] == '"':
            text = re.sub(r"\\(.)", r"\1", text[1:-1] if len(text) > 1 and text[-1] == '"' else text[1:])
        base, star, rest = name.partition("*")
        number = rest.rstrip("*")
        if star and (not number or (number.isascii() and number.isdecimal() and len(number) < 4)):
            pieces.setdefault(base, {})[int(number or 0)] = (name.endswith("*"), text)
        else:
            plain.setdefault(name, text)
    return word, plain | {base: _joined(numbered) for base, numbered in pieces.items()}


def _value(lines: list[bytes]) -> str:
    return decode_text(b" ".join(lines)[:HEADER_LIMIT], "utf-8")


def _joined(numbered: dict[int, tuple[bool, str]]) -> str:
    """Join the pieces of one parameter; the first encoded piece names the charset (RFC 2231 section 4)."""
    charset = "utf-8"
    octets = bytearray()
    for number, (encoded, text) in sorted(numbered.items()):
        if encoded:
            if number == 0 and text.count("'") >= 2:
                charset, _, text = text.split("'", 2)
            octets += _unpercent(text.encode("utf-8", "replace"))
        else:
            octets += text.encode("utf-8", "replace")
    return decode_text(bytes(octets), charset)


def _unpercent(octets: bytes) -> bytes:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda pair: bytes([int(pair.group(1), 16)]), octets)
