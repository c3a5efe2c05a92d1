"""Tests of passwords."""

import statistics
import time
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher, extract_parameters

from agentconsole.domain.errors import Refused
from agentconsole.security.passwords import (
    check_new_password,
    hash_password,
    needs_rehash,
    new_password,
    verify_password,
)


def test_a_password_opens_its_own_hash_only() -> None:
    hashed = hash_password("bramble under glass")

    assert verify_password("bramble under glass", hashed)
    assert not verify_password("bramble under glasS", hashed)
    assert not verify_password("", hashed)


def test_a_hash_is_argon2id_with_the_owasp_parameters() -> None:
    parameters = extract_parameters(hash_password("bramble under glass"))

    assert hash_password("x").startswith("$argon2id$v=19$")
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19 * 1024, 2, 1)


def test_the_same_password_never_hashes_alike() -> None:
    assert hash_password("bramble under glass") != hash_password("bramble under glass")


def test_a_hash_with_older_parameters_asks_to_be_renewed() -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("bramble under glass")

    assert verify_password("bramble under glass", older)
    assert needs_rehash(older)
    assert not needs_rehash(hash_password("bramble under glass"))


@pytest.mark.parametrize("typed", ["caf\u00e9 au lait", "cafe\u0301 au lait", "\uff43af\u00e9 au lait"])
def test_the_same_letter_in_other_code_points_is_the_same_password(typed: str) -> None:
    hashed = hash_password("caf\u00e9 au lait")

    assert verify_password(typed, hashed)


def test_a_password_longer_than_allowed_is_wrong_even_where_it_was_hashed() -> None:
    assert verify_password("x" * 128, hash_password("x" * 128))
    assert not verify_password("x" * 129, hash_password("x" * 129))


@pytest.mark.parametrize("password", ["", "x" * 129, pytest.param("x" * 1_000_000, id="a million"), "\ud800", "\x00"])
def test_a_hostile_password_is_wrong_and_breaks_nothing(password: str) -> None:
    assert not verify_password(password, hash_password("bramble under glass"))


@pytest.mark.parametrize("hashed", ["", "bramble", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2id$" + "x" * 200, "é"])
def test_a_broken_hash_opens_to_nothing(hashed: str) -> None:
    assert not verify_password("bramble under glass", hashed)


@pytest.mark.parametrize("password", ["", "x" * 129, "bramble under glass"])
def test_nobodys_password_is_never_right(password: str) -> None:
    assert not verify_password(password, None)


def test_an_unknown_user_costs_as_much_time_as_a_wrong_password() -> None:
    hashed = hash_password("bramble under glass")
    known, unknown = [], []

    for _ in range(9):
        known.append(_seconds(lambda: verify_password("wrong password", hashed)))
        unknown.append(_seconds(lambda: verify_password("wrong password", None)))

    assert 0.5 < statistics.median(unknown) / statistics.median(known) < 2


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "at least 8"),
        ("seven77", "at least 8"),
        ("x y" * 43, "at most 128"),
        ("bramble\x00glass", "cannot be seen"),
        ("bramble\x1bglass", "cannot be seen"),
        ("bramble\u202eglass", "cannot be seen"),
        ("bramble\ud800glass", "cannot be seen"),
        ("anastasia", "the user name"),
        ("ANASTASIA", "the user name"),
        ("anastasia2026!", "the user name"),
        ("anastasiaanastasia", "the user name"),
        ("password", "first that anyone would try"),
        ("Password123!", "first that anyone would try"),
        ("1234567890", "first that anyone would try"),
        ("aaaaaaaaaaaa", "first that anyone would try"),
        ("abababababab", "first that anyone would try"),
        ("Winter2026!", "first that anyone would try"),
    ],
)
def test_a_bad_new_password_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        check_new_password(password, "anastasia")

    assert [gap.field for gap in refused.value.gaps] == ["password"]


@pytest.mark.parametrize(
    "password", ["bramble under glass", "heron7marble", "Кукушка на дубе", "x7" + "ab c" * 31, "anastasia likes herons"]
)
def test_a_password_nobody_would_try_first_is_taken(password: str) -> None:
    check_new_password(password, "anastasia")


def test_a_nameless_check_does_not_take_digits_for_a_name() -> None:
    check_new_password("8301 9942 7716", "")


def test_a_new_password_can_be_read_out_and_passes_our_own_rules() -> None:
    made = {new_password() for _ in range(200)}

    for password in made:
        check_new_password(password, "anastasia")
    assert len(made) == 200
    assert not set("".join(made)) & set("0o1lIO")


def _seconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start
