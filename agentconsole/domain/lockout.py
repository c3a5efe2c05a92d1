"""How often a factor may be tried: waits from the fifth failure, off for good at the fiftieth."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from agentconsole.domain.errors import Refused

FIRST_WAIT_AT = 5
"""Consecutive failures after which the first wait stands."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
OFF_AT = 50
"""Consecutive failures that turn the factor off until it is bound again (NIST SP 800-63B 8.2.2 allows at most 100)."""


@dataclass(frozen=True, slots=True)
class Factor:
    """Count what was tried on one factor of one user; `last_attempt_at` is UTC, and a new binding is a new Factor."""

    fails_consecutive: int = 0
    fails_total: int = 0
    last_attempt_at: datetime | None = None
    disabled: bool = False


class Permission(StrEnum):
    """Say whether a factor may be tried now."""

    ALLOWED = "allowed"
    WAIT = "wait"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Answer whether a factor may be tried now; `wait_until` (UTC) is there where the answer is WAIT."""

    permission: Permission
    wait_until: datetime | None = None


def wait_after(fails_consecutive: int) -> timedelta:
    """Tell how long the factor rests after so many failures in a row: 30 s from the fifth, doubling up to an hour."""
    if fails_consecutive < FIRST_WAIT_AT:
        return timedelta()
    doublings = min(fails_consecutive - FIRST_WAIT_AT, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def attempt(factor: Factor, now: datetime) -> Attempt:
    """Judge whether the factor may be tried at `now`."""
    if factor.disabled or factor.fails_consecutive >= OFF_AT:
        return Attempt(Permission.DISABLED)
    wait = wait_after(factor.fails_consecutive)
    if factor.last_attempt_at is None or not wait or now >= factor.last_attempt_at + wait:
        return Attempt(Permission.ALLOWED)
    return Attempt(Permission.WAIT, factor.last_attempt_at + wait)


def reserve(factor: Factor, now: datetime) -> Factor:
    """Count an attempt as failed before it is checked, and refuse one that may not be made.

    Written before the check, it holds in every process at once and when the checking process dies.
    """
    judged = attempt(factor, now)
    if judged.permission is Permission.DISABLED:
        raise Refused(
            "This sign-in is switched off after too many wrong codes; ask a supervisor to set it up anew.",
            code="disabled",
        )
    if judged.wait_until is not None:
        raise Refused(f"Too many wrong codes: try again in {_spoken(judged.wait_until - now)}.", code="wait")
    return replace(
        factor,
        fails_consecutive=factor.fails_consecutive + 1,
        fails_total=factor.fails_total + 1,
        last_attempt_at=now,
    )


def settle(factor: Factor, ok: bool) -> Factor:
    """Close a reserved attempt: a right one ends the row of failures, the fiftieth wrong one turns the factor off.

    A factor that was switched off meanwhile stays off, also when the code was right.
    """
    if ok:
        return replace(factor, fails_consecutive=0, fails_total=max(factor.fails_total - 1, 0))
    return replace(factor, disabled=factor.disabled or factor.fails_consecutive >= OFF_AT)


def _spoken(wait: timedelta) -> str:
    seconds = -(-wait // timedelta(seconds=1))
    if seconds < 120:
        return f"{seconds} second" + ("" if seconds == 1 else "s")
    return f"{-(-seconds // 60)} minutes"
