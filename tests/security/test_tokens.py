"""Tests of tokens."""

import re

from agentconsole.security.tokens import new_token, token_digest


def test_a_token_is_long_random_and_safe_to_paste() -> None:
    made = {new_token() for _ in range(1000)}

    assert len(made) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", token) for token in made)


def test_a_digest_depends_on_token_and_key() -> None:
    digest = token_digest("abc", b"k" * 32)

    assert digest == token_digest("abc", b"k" * 32)
    assert digest != token_digest("abd", b"k" * 32)
    assert digest != token_digest("abc", b"l" * 32)
    assert len(digest) == 32


def test_a_hostile_token_has_a_digest_too() -> None:
    assert token_digest("\ud800", b"k" * 32) != token_digest("", b"k" * 32)
