"""The parts of a mail are found in one pass, however they are nested, torn or repeated."""

import time

import pytest

from agentconsole.channels.email.structure import DEPTH_LIMIT, PARTS_LIMIT, Part, body_of, read_structure


def bodies(raw: bytes) -> list[bytes]:
    """List the bodies of all leaves."""
    waiting = [read_structure(raw).root]
    found: list[bytes] = []
    while waiting:
        part = waiting.pop(0)
        waiting = part.children + waiting
        if not part.children:
            found.append(body_of(raw, part))
    return found


def multipart(*parts: bytes, boundary: bytes = b"x", end: bytes = b"--x--\r\n") -> bytes:
    """Write a multipart."""
    head = b'Content-Type: multipart/mixed; boundary="%b"\r\n\r\n' % boundary
    return head + b"".join(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts) + end


@pytest.mark.parametrize(
    ("situation", "raw", "expected"),
    [
        ("no parts", b"A: 1\r\n\r\nhello", [b"hello"]),
        ("two parts", multipart(b"\r\none", b"\r\ntwo"), [b"one", b"two"]),
        ("never closed", multipart(b"\r\none", b"\r\ntwo", end=b""), [b"one", b"two\r\n"]),
        ("text before and after", multipart(b"\r\none") + b"after", [b"one"]),
        ("Unix line ends", multipart(b"\r\none", b"\r\ntwo").replace(b"\r\n", b"\n"), [b"one", b"two"]),
        ("inner closed by outer", multipart(multipart(b"\r\na", boundary=b"y", end=b""), b"\r\nb"), [b"a\r\n", b"b"]),
        ("a boundary that begins another", multipart(b"\r\n--xyz", b"\r\nb"), [b"--xyz", b"b"]),
        ("spaces behind a boundary", b"Content-Type: multipart/mixed; boundary=x\n\n--x  \n\na\n--x-- \n", [b"a"]),
        ("no boundary named", b"Content-Type: multipart/mixed\r\n\r\nhello", [b"hello"]),
        ("boundary never used", b"Content-Type: multipart/mixed; boundary=x\r\n\r\nhello", [b"hello"]),
        ("base64", b"Content-Transfer-Encoding: BASE64\r\n\r\naGk=", [b"hi"]),
        ("quoted-printable", b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9=\r\nx", [b"\xc3\xa9x"]),
        ("uuencoded", b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\n#0V%T\n`\nend\n", [b"Cat"]),
        ("an encoding nobody knows", b"Content-Transfer-Encoding: rot13\r\n\r\nuv", [b"uv"]),
    ],
)  # fmt: skip
def test_parts_are_found(situation: str, raw: bytes, expected: list[bytes]) -> None:
    assert bodies(raw) == expected, situation


@pytest.mark.parametrize("depth", [21, 300, 1_000, 5_000])
def test_parts_nested_without_end_become_one_leaf(depth: int) -> None:
    raw = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))

    structure = read_structure(raw + b"\r\nhello")

    assert _depth(structure.root) == DEPTH_LIMIT
    assert structure.notes == ["The mail nests its parts more than 20 deep; the inner ones are kept as one attachment."]


def test_two_hundred_thousand_parts_are_not_read() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 200_000
    start = time.process_time()

    structure = read_structure(raw)

    assert len(structure.root.children) == PARTS_LIMIT - 1
    assert "more than 200 parts" in structure.notes[0]
    assert time.process_time() - start < 2.0


def _depth(part: Part) -> int:
    depth = 0
    while part.children:
        part = part.children[0]
        depth += 1
    return depth
