"""Sealed files in the age format: what we seal `age` opens, what it seals we open, and nothing changed opens at all."""

import io
import os
import subprocess
import sys
import tarfile
import threading
from pathlib import Path
from typing import Any

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.security.age import (
    new_identity,
    open_by_words,
    opened_from,
    read_identities,
    read_recipient,
    seal_by_words,
    sealed_into,
)
from agentconsole.security.age_boxed import HEAD, boxed_into, unboxed_from
from tests import needs

PIECE = 64 * 1024
SIZES = (0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 2_000_000)
WORDS = "five random words are fine"


def _sealed(data: bytes, *pairs: Any) -> bytes:
    out = io.BytesIO()
    with sealed_into(out, [pair.to_public() for pair in pairs]) as file:
        file.write(data)
    return out.getvalue()


def _opened(sealed: bytes, *pairs: Any) -> bytes:
    return opened_from(io.BytesIO(sealed), pairs).read()


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_back(size: int) -> None:
    data, pair = os.urandom(size), new_identity()

    assert _opened(_sealed(data, pair), pair) == data


@pytest.mark.parametrize("size", [0, PIECE, 200_000])
def test_the_tool_age_opens_what_we_seal_and_we_what_it_seals(tmp_path: Path, size: int) -> None:
    tool, data, pair = str(needs.program("age")), os.urandom(size), new_identity()
    secret = tmp_path / "key"
    secret.write_text(f"# a comment\n{pair}\n")

    theirs = subprocess.run(
        [tool, "--decrypt", "-i", str(secret)], input=_sealed(data, pair), capture_output=True, check=True
    )
    sealed = subprocess.run([tool, "-r", str(pair.to_public())], input=data, capture_output=True, check=True)

    assert theirs.stdout == data
    assert _opened(sealed.stdout, *read_identities(secret.read_text())) == data


def test_any_of_several_readers_opens_it_and_a_stranger_does_not() -> None:
    ana, bo, eve = new_identity(), new_identity(), new_identity()
    sealed = _sealed(b"cases", ana, bo)

    assert (_opened(sealed, ana), _opened(sealed, eve, bo)) == (b"cases", b"cases")
    with pytest.raises(Refused, match="does not open"):
        _opened(sealed, eve)


def test_every_change_and_every_cut_is_noticed() -> None:
    pair = new_identity()
    sealed = _sealed(os.urandom(PIECE + 100), pair)
    places = [*range(0, 250, 7), *range(250, len(sealed), 4099), len(sealed) - 1]

    unnoticed = []
    for place in places:
        changed = bytearray(sealed)
        changed[place] ^= 1
        for name, wrong in (("changed", bytes(changed)), ("cut", sealed[:place])):
            try:
                _opened(wrong, pair)
            except Refused:
                continue
            unnoticed.append((name, place))

    assert unnoticed == []


def test_a_file_that_is_left_in_the_middle_leaves_nobody_at_work() -> None:
    pair = new_identity()
    reading = opened_from(io.BytesIO(_sealed(os.urandom(5_000_000), pair)), [pair])

    assert len(reading.read(10)) == 10
    reading.close()

    with pytest.raises(ZeroDivisionError), sealed_into(io.BytesIO(), [pair.to_public()]) as file:
        file.write(bytes(1 // 0))
    assert [thread.name for thread in threading.enumerate() if thread.name == "age"] == []


def test_a_full_disk_is_told_of() -> None:
    pair = new_identity()

    def seal() -> None:
        with open("/dev/full", "wb", buffering=0) as full, sealed_into(full, [pair.to_public()]) as file:  # noqa: PTH123
            while True:
                file.write(bytes(PIECE))

    with pytest.raises(Refused, match="No space left on device"):
        seal()


def test_words_open_what_they_sealed_and_the_tools_open_it_too(tmp_path: Path) -> None:
    data, box = os.urandom(300_000), io.BytesIO()

    with boxed_into(box, WORDS) as file:
        file.write(data)
    box.seek(0)
    again = unboxed_from(box, WORDS).read()
    box.seek(0)
    with tarfile.open(fileobj=box) as tar:
        tar.extractall(tmp_path, filter="data")
    (tmp_path / "opened").write_bytes(open_by_words((tmp_path / "key.age").read_bytes(), WORDS))
    theirs = subprocess.run(
        [str(needs.program("age")), "--decrypt", "-i", str(tmp_path / "opened"), str(tmp_path / "content.age")],
        capture_output=True,
        check=True,
    )

    assert again == theirs.stdout == data
    assert box.getvalue().startswith(HEAD)
    assert (tmp_path / "key.age").read_bytes().startswith(b"-----BEGIN AGE ENCRYPTED FILE-----")
    for wrong in (box.getvalue()[:100], box.getvalue()[:2000], box.getvalue()[:200_000], HEAD + bytes(5000)):
        with pytest.raises(Refused, match="changed or cut short"):
            unboxed_from(io.BytesIO(wrong), WORDS).read()


def test_wrong_words_open_nothing() -> None:
    with pytest.raises(Refused, match="does not open"):
        open_by_words(seal_by_words(b"cases", WORDS), f"{WORDS}!")


_LARGE = """
import sys
from pathlib import Path
from agentconsole.security.age import new_identity, opened_from, sealed_into
pair, piece, many = new_identity(), bytes(1_000_000), 200
with open(sys.argv[1], "w+b") as file:
    with sealed_into(file, [pair.to_public()]) as sealed:
        for _ in range(many):
            sealed.write(piece)
    file.seek(0)
    opened = opened_from(file, [pair])
    count = 0
    while piece := opened.read(1_000_000):
        count += len(piece)
print(count, Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def test_a_large_file_is_sealed_and_opened_in_little_memory(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", _LARGE, str(tmp_path / "large")], capture_output=True, check=True, text=True
    )

    count, kilobytes = map(int, said.stdout.split())
    assert (count, kilobytes < 80_000) == (200_000_000, True), kilobytes


@pytest.mark.parametrize(
    "text", ["", "age1", "age1qqqq", "AGE-SECRET-KEY-1QQ", "ssh-ed25519 AAAA", "age1\x1b[2J" + "q" * 52]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_recipient(text)
    with pytest.raises(Refused):
        read_identities(text)


def test_a_letter_that_was_typed_wrong_in_a_public_key_is_noticed() -> None:
    text = str(new_identity().to_public())

    for place in range(4, len(text)):
        wrong = text[:place] + ("q" if text[place] != "q" else "p") + text[place + 1 :]
        with pytest.raises(Refused, match="no public key"):
            read_recipient(wrong)
