"""Tests of the picture at the first sign-in: an independent reader decodes it from the characters on the screen."""

import subprocess
from pathlib import Path
from typing import Literal

import pytest

from agentconsole.security.enrolment import MOST_ROWS, qr_rows
from agentconsole.security.totp import new_seed, uri
from tests.needs import program

DOTS = 6
# What a character shows on its upper and lower half, where a mark is light.
HALVES = {"█": (True, True), "▀": (True, False), "▄": (False, True), " ": (False, False)}
SHORT = "otpauth://totp/AC:anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=AC"
LONG = SHORT + "&x=" + "x" * 22


@pytest.mark.parametrize(
    ("text", "columns", "rows"),
    [
        (SHORT, 37, 19),
        (SHORT + "x" * 6, 37, 19),
        (LONG, 39, 20),
        (LONG + "x" * 9, 39, 20),
        (LONG + "x" * 10, 43, 22),
    ],
    ids=["short", "fullest 4-L", "97 characters", "fullest 5-L", "6-L"],
)
def test_the_picture_is_as_small_as_its_text_allows(text: str, columns: int, rows: int) -> None:
    drawn = qr_rows(text)

    assert (len(drawn[0]), len(drawn)) == (columns, rows)


@pytest.mark.parametrize("user", ["ana", "konstantin.o"])
@pytest.mark.parametrize("issuer", ["AC", "Eco Lab Supply", "カスタマーサービス部門", "x" * 100])
def test_the_picture_of_any_users_key_fits_80_by_23_and_decodes(tmp_path: Path, user: str, issuer: str) -> None:
    text = uri(new_seed(), user, issuer)

    drawn = qr_rows(text)

    assert len(drawn) <= MOST_ROWS
    assert max(map(len, drawn)) <= 41
    assert _decoded(_half_dots(drawn), tmp_path) == text


def test_fifty_random_keys_decode(tmp_path: Path) -> None:
    texts = [uri(new_seed(), "ana", "desk") for _ in range(50)]

    decoded = [_decoded(_half_dots(qr_rows(text)), tmp_path) for text in texts]

    assert decoded == texts


@pytest.mark.parametrize("text", [SHORT, LONG])
def test_the_picture_in_hash_marks_decodes(tmp_path: Path, text: str) -> None:
    drawn = qr_rows(text, style="hash")

    dots = [[mark == "#" for mark in row[::2]] for row in drawn]

    assert set("".join(drawn)) == {"#", " "}
    assert all(row[::2] == row[1::2] for row in drawn)
    assert _decoded(dots, tmp_path) == text


@pytest.mark.parametrize("style", ["half", "hash"])
def test_the_picture_is_a_rectangle_with_its_quiet_zone(style: Literal["half", "hash"]) -> None:
    drawn = qr_rows(SHORT, style=style)

    mark = "█" if style == "half" else "#"
    assert len({len(row) for row in drawn}) == 1
    assert {*drawn[0], *drawn[-1]} == {mark}
    assert {row[0] + row[-1] for row in drawn} == {mark * 2}


def test_the_reader_can_fail(tmp_path: Path) -> None:
    dots = _half_dots(qr_rows(SHORT))

    spoilt = [[True] * len(row) if 8 < number < 20 else row for number, row in enumerate(dots)]

    assert _decoded(spoilt, tmp_path) == ""


def _half_dots(drawn: tuple[str, ...]) -> list[list[bool]]:
    return [[HALVES[mark][half] for mark in row] for row in drawn for half in (0, 1)]


def _decoded(light: list[list[bool]], folder: Path) -> str:
    # A PBM picture: 0 is white, 1 is black. Around the drawing the terminal is black, as most are.
    width = len(light[0])
    framed = (
        [[False] * (width + 4)] * 2
        + [[False, False, *row, False, False] for row in light]
        + [[False] * (width + 4)] * 2
    )
    lines = [" ".join(("0" if dot else "1") for dot in row for _ in range(DOTS)) for row in framed for _ in range(DOTS)]
    path = folder / "screen.pbm"
    path.write_text(f"P1\n{(width + 4) * DOTS} {len(framed) * DOTS}\n" + "\n".join(lines) + "\n")
    read = subprocess.run(
        [str(program("zbarimg")), "-q", "--raw", str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    return read.stdout.strip()
