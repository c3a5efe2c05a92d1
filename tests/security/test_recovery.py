"""Tests of recovery codes."""

import re

import pytest

from agentconsole.security.recovery import new_recovery_codes, recovery_digest

PEPPER = b"p" * 32


def test_ten_different_codes_of_eighty_bits_come_in_groups() -> None:
    codes = new_recovery_codes()

    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)


def test_codes_use_the_whole_alphabet() -> None:
    characters = set("".join(new_recovery_codes(500))) - {"-"}

    assert len(characters) == 32


@pytest.mark.parametrize(
    "typed",
    [
        "0A1B-C2D3-E4F5-01G1",
        "0a1b-c2d3-e4f5-01g1",
        "oaib-c2d3-e4f5-oLgl",
        " 0A1B C2D3 E4F5 01G1 ",
        "0A1BC2D3E4F501G1",
        "0A1B–C2D3–E4F5–01G1",
        "0A1B-C2D3-E4F5-01G1\n",
    ],
)
def test_a_code_is_recognised_however_it_is_typed(typed: str) -> None:
    assert recovery_digest(typed, PEPPER) == recovery_digest("0A1B-C2D3-E4F5-01G1", PEPPER)


@pytest.mark.parametrize(
    "typed", ["", "0A1B-C2D3-E4F5-01G2", "0A1B-C2D3-E4F5", "\ud800", pytest.param("0" * 1_000_000, id="a million")]
)
def test_another_code_is_another_digest(typed: str) -> None:
    assert recovery_digest(typed, PEPPER) != recovery_digest("0A1B-C2D3-E4F5-01G1", PEPPER)


def test_a_digest_is_worth_nothing_without_the_pepper() -> None:
    digest = recovery_digest("0A1B-C2D3-E4F5-01G1", PEPPER)

    assert len(digest) == 32
    assert digest != recovery_digest("0A1B-C2D3-E4F5-01G1", b"q" * 32)
