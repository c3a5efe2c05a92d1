"""The parts of a mail, found in one pass without recursion and within limits (RFC 2046)."""

import binascii
from dataclasses import dataclass, field

from agentconsole.channels.email.charsets import decode_base64
from agentconsole.channels.email.headers import Headers, read_headers, read_parameters

DEPTH_LIMIT = 20
PARTS_LIMIT = 200
_BOUNDARY_LIMIT = 250


@dataclass(slots=True)
class Part:
    """Hold one part: its headers, what it says it is, where its body stands in the raw mail, the parts inside it."""

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    start: int
    end: int
    depth: int
    children: list["Part"] = field(default_factory=list)


@dataclass(slots=True)
class Structure:
    """Hold a mail's outermost part, and in `notes` what the limits left out."""

    root: Part
    notes: list[str]


def read_structure(raw: bytes) -> Structure:
    """Find the parts of a mail: at most 200, at most 20 deep. A part never closed ends where an outer one goes on."""
    root = _entity(raw, 0, 0, "text/plain")
    notes: list[str] = []
    open_parts: list[tuple[bytes, Part]] = []
    leaf = _open(root, open_parts, notes)
    count = 1
    position = root.start
    while open_parts:
        line_start, line_end, line = _next_delimiter(raw, position)
        if line_start < 0:
            break
        position = line_end
        level, closes = _level(line, open_parts)
        if level < 0:
            continue
        if leaf is not None:
            leaf.end = max(leaf.start, _before_newline(raw, line_start))
        del open_parts[level + 1 :]
        if closes:
            del open_parts[level:]
            leaf = None
            continue
        if count == PARTS_LIMIT:
            notes.append(f"The mail has more than {PARTS_LIMIT} parts; the rest is only in the raw message.")
            return Structure(root, notes)
        count += 1
        parent = open_parts[level][1]
        default = "message/rfc822" if parent.content_type == "multipart/digest" else "text/plain"
        child = _entity(raw, line_end, parent.depth + 1, default)
        parent.children.append(child)
        leaf = _open(child, open_parts, notes)
        position = child.start
    return Structure(root, notes)


def body_of(raw: bytes, part: Part) -> bytes:
    """Take the transfer encoding off a part's body; damage is tolerated, nothing raises."""
    body = raw[part.start : part.end]
    encoding = part.headers.first("content-transfer-encoding").strip().lower()
    if encoding == "base64":
        return decode_base64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding in ("x-uuencode", "uuencode", "x-uue"):
        return _uudecode(body)
    return body


def _entity(raw: bytes, start: int, depth: int, default: str) -> Part:
    headers, body = read_headers(raw, start, len(raw))
    content_type, parameters = read_parameters(headers.first("content-type"))
    if content_type.count("/") != 1:
        content_type = default
    return Part(headers, content_type, parameters, body, len(raw), depth)


def _open(part: Part, open_parts: list[tuple[bytes, Part]], notes: list[str]) -> Part | None:
    """Begin a multipart, or hand the part back as the leaf that the next delimiter ends."""
    boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
    if not part.content_type.startswith("multipart/") or not 0 < len(boundary) <= _BOUNDARY_LIMIT:
        return part
    if part.depth >= DEPTH_LIMIT:
        notes.append(
            f"The mail nests its parts more than {DEPTH_LIMIT} deep; the inner ones are kept as one attachment."
        )
        return part
    open_parts.append((boundary, part))
    return None


def _next_delimiter(raw: bytes, position: int) -> tuple[int, int, bytes]:
    """Find the next line that begins with two hyphens: its start, where the next line starts, and what follows them."""
    if position == 0 and raw.startswith(b"--"):
        found = 0
    else:
        found = raw.find(b"\n--", max(0, position - 1)) + 1
        if found == 0:
            return -1, -1, b""
    newline = raw.find(b"\n", found)
    after = len(raw) if newline < 0 else newline + 1
    return found, after, raw[found + 2 : min(after, found + _BOUNDARY_LIMIT + 50)].rstrip()


def _level(line: bytes, open_parts: list[tuple[bytes, Part]]) -> tuple[int, bool]:
    """Find which open multipart a delimiter belongs to, innermost first, and whether it closes it; -1 for none."""
    for level in range(len(open_parts) - 1, -1, -1):
        boundary = open_parts[level][0]
        if line == boundary:
            return level, False
        if line == boundary + b"--":
            return level, True
    return -1, False


def _before_newline(raw: bytes, line_start: int) -> int:
    """Leave off the line end before a delimiter, which belongs to the delimiter."""
    end = line_start - (line_start > 0)
    return end - 1 if end > 0 and raw[end - 1 : end] == b"\r" else end


def _uudecode(body: bytes) -> bytes:
    out = bytearray()
    for line in body.splitlines():
        if line.startswith((b"begin ", b"end")):
            continue
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            continue
    return bytes(out)
