"""Tests of how often a factor may be tried."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.domain.lockout import Attempt, Factor, Permission, attempt, reserve, settle

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fails", "seconds"),
    [
        (5, 30),
        (6, 60),
        (7, 120),
        (8, 240),
        (11, 1920),
        (12, 3600),
        (13, 3600),
        (49, 3600),
    ],
)
def test_waits_start_at_the_fifth_failure_and_double_up_to_an_hour(fails: int, seconds: int) -> None:
    factor = Factor(fails_consecutive=fails, fails_total=fails, last_attempt_at=NOW)
    end = NOW + timedelta(seconds=seconds)

    just_before = attempt(factor, end - timedelta(microseconds=1))

    assert just_before == Attempt(Permission.WAIT, end)
    assert attempt(factor, end) == Attempt(Permission.ALLOWED)


@pytest.mark.parametrize("fails", [0, 1, 4])
def test_the_first_four_failures_cost_no_wait(fails: int) -> None:
    factor = Factor(fails_consecutive=fails, fails_total=fails, last_attempt_at=NOW)

    assert attempt(factor, NOW) == Attempt(Permission.ALLOWED)


@pytest.mark.parametrize("seconds_back", [1, 3600, 86_400])
def test_a_clock_that_went_back_does_not_hold_up_somebody_who_owes_no_wait(seconds_back: int) -> None:
    factor = Factor(fails_consecutive=4, fails_total=4, last_attempt_at=NOW)

    assert attempt(factor, NOW - timedelta(seconds=seconds_back)) == Attempt(Permission.ALLOWED)


def test_a_clock_that_went_back_shortens_no_wait() -> None:
    factor = Factor(fails_consecutive=5, fails_total=5, last_attempt_at=NOW)

    judged = attempt(factor, NOW - timedelta(hours=2))

    assert judged == Attempt(Permission.WAIT, NOW + timedelta(seconds=30))


@pytest.mark.parametrize(
    "factor",
    [
        Factor(fails_consecutive=50, fails_total=50, last_attempt_at=NOW),
        Factor(disabled=True),
    ],
)
def test_a_factor_that_is_off_stays_off_for_years(factor: Factor) -> None:
    later = NOW + timedelta(days=5000)

    with pytest.raises(Refused) as refused:
        reserve(factor, later)

    assert attempt(factor, later) == Attempt(Permission.DISABLED)
    assert refused.value.code == "disabled"


def test_an_attempt_counts_as_failed_before_it_is_checked() -> None:
    reserved = reserve(Factor(fails_consecutive=2, fails_total=7), NOW)

    assert reserved == Factor(fails_consecutive=3, fails_total=8, last_attempt_at=NOW)


def test_a_right_answer_ends_the_row_and_takes_back_its_own_count() -> None:
    reserved = reserve(Factor(fails_consecutive=2, fails_total=7), NOW)

    settled = settle(reserved, ok=True)

    assert settled == Factor(fails_consecutive=0, fails_total=7, last_attempt_at=NOW)


def test_the_fiftieth_try_may_still_be_right() -> None:
    reserved = reserve(Factor(fails_consecutive=49, fails_total=49), NOW)

    settled = settle(reserved, ok=True)

    assert attempt(settled, NOW) == Attempt(Permission.ALLOWED)


def test_the_fiftieth_failure_in_a_row_turns_the_factor_off() -> None:
    reserved = reserve(Factor(fails_consecutive=49, fails_total=60), NOW)

    settled = settle(reserved, ok=False)

    assert settled.disabled


def test_nobody_tries_while_the_fiftieth_try_is_being_checked() -> None:
    reserved = reserve(Factor(fails_consecutive=49, fails_total=49), NOW)

    assert attempt(reserved, NOW + timedelta(days=1)) == Attempt(Permission.DISABLED)


@pytest.mark.parametrize("ok", [True, False])
def test_no_answer_turns_on_what_a_supervisor_turned_off_meanwhile(ok: bool) -> None:
    reserved = reserve(Factor(fails_consecutive=1, fails_total=1), NOW)

    settled = settle(replace(reserved, disabled=True), ok=ok)

    assert attempt(settled, NOW) == Attempt(Permission.DISABLED)


@pytest.mark.parametrize(
    ("fails", "passed", "spoken"),
    [
        (5, timedelta(), "30 seconds"),
        (5, timedelta(seconds=29, microseconds=1), "1 second."),
        (7, timedelta(), "2 minutes"),
        (8, timedelta(seconds=1), "4 minutes"),
        (20, timedelta(), "60 minutes"),
    ],
)
def test_a_wait_is_said_in_words(fails: int, passed: timedelta, spoken: str) -> None:
    factor = Factor(fails_consecutive=fails, fails_total=fails, last_attempt_at=NOW)

    with pytest.raises(Refused) as refused:
        reserve(factor, NOW + passed)

    assert spoken in refused.value.sentence
    assert refused.value.code == "wait"


def test_a_guesser_who_never_tires_reaches_the_verifier_fifty_times() -> None:
    factor, now, reached = Factor(), NOW, 0

    for _ in range(100_000):
        now += timedelta(seconds=10)
        if attempt(factor, now).permission is Permission.ALLOWED:
            factor = settle(reserve(factor, now), ok=False)
            reached += 1

    assert reached == 50
    assert factor.disabled
