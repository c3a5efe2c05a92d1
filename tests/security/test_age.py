"""Sealed files in the age format: what we seal `age` opens, what it seals we open, and nothing changed opens at all."""

import io
import os
import subprocess
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.security.age import Opener, Passphrase, Sealer
from agentconsole.security.age_keys import (
    identity_text,
    new_identity,
    read_identities,
    read_recipient,
    recipient_of,
    recipient_text,
)
from agentconsole.security.age_stream import PIECE, opened_from, sealed_into
from tests import needs

SIZES = (0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 200_000)
QUICK = Passphrase("five random words are fine", work=4)


def _sealed(data: bytes, *readers: Sealer) -> bytes:
    out = io.BytesIO()
    with sealed_into(out, readers) as file:
        file.write(data)
    return out.getvalue()


def _opened(sealed: bytes, *readers: Opener) -> bytes:
    return opened_from(io.BytesIO(sealed), readers).read()


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_back(size: int) -> None:
    data, pair = os.urandom(size), new_identity()

    assert _opened(_sealed(data, recipient_of(pair)), pair) == data
    assert _opened(_sealed(data, QUICK), QUICK) == data


@pytest.mark.parametrize("size", SIZES)
def test_the_tool_age_opens_what_we_seal_and_we_what_it_seals(tmp_path: Path, size: int) -> None:
    tool, data, pair = str(needs.program("age")), os.urandom(size), new_identity()
    secret = tmp_path / "key"
    secret.write_text(f"# a comment\n{identity_text(pair)}\n")

    theirs = subprocess.run(
        [tool, "--decrypt", "-i", str(secret)], input=_sealed(data, recipient_of(pair)), capture_output=True, check=True
    )
    sealed = subprocess.run(
        [tool, "-r", recipient_text(recipient_of(pair))], input=data, capture_output=True, check=True
    )

    assert theirs.stdout == data
    assert _opened(sealed.stdout, *read_identities(secret.read_text())) == data


def test_any_of_several_readers_opens_it_and_a_stranger_does_not() -> None:
    ana, bo, eve = new_identity(), new_identity(), new_identity()
    sealed = _sealed(b"cases", recipient_of(ana), recipient_of(bo))

    assert (_opened(sealed, ana), _opened(sealed, eve, bo)) == (b"cases", b"cases")
    with pytest.raises(Refused, match="does not open"):
        _opened(sealed, eve)


def test_a_wrong_passphrase_opens_nothing() -> None:
    with pytest.raises(Refused, match="does not open"):
        _opened(_sealed(b"cases", QUICK), Passphrase("five random words are fime", work=4))


def test_a_file_cannot_make_us_work_for_hours_on_a_passphrase() -> None:
    sealed = _sealed(b"cases", QUICK).replace(b" 4\n", b" 40\n", 1)

    with pytest.raises(Refused, match="more work"):
        _opened(sealed, QUICK)


def test_every_change_and_every_cut_is_noticed() -> None:
    pair = new_identity()
    sealed = _sealed(os.urandom(PIECE + 100), recipient_of(pair))
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


def test_pieces_cannot_be_exchanged_or_dropped() -> None:
    pair = new_identity()
    sealed = _sealed(os.urandom(3 * PIECE), recipient_of(pair))
    whole, last = PIECE + 16, len(sealed) - PIECE - 16
    first, second = last - 2 * whole, last - whole

    for wrong in (
        sealed[:first] + sealed[second:last] + sealed[first:second] + sealed[last:],
        sealed[:first] + sealed[second:],
        sealed[:last],
    ):
        with pytest.raises(Refused):
            _opened(wrong, pair)


@pytest.mark.parametrize(
    "text", ["", "age1", "age1qqqq", "AGE-SECRET-KEY-1QQ", "ssh-ed25519 AAAA", "age1\x1b[2J" + "q" * 52]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_recipient(text)
    with pytest.raises(Refused):
        read_identities(text)


def test_a_letter_that_was_typed_wrong_in_a_public_key_is_noticed() -> None:
    text = recipient_text(recipient_of(new_identity()))

    for place in range(4, len(text)):
        wrong = text[:place] + ("q" if text[place] != "q" else "p") + text[place + 1 :]
        with pytest.raises(Refused, match="no public key"):
            read_recipient(wrong)
