"""Time-based one-time codes (RFC 6238: SHA-1, six digits, thirty seconds), each good for one sign-in."""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from pyotp import TOTP

STEP = timedelta(seconds=30)
DIGITS = 6
SEED_BYTES = 20
"""As long as the HMAC's digest (RFC 6238 5.1)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_INPUT = 32
_LONGEST_URI = 106  # bytes that a QR code of version 5-L holds: the largest that an 80x23 terminal shows


class Outcome(StrEnum):
    """Say what came of holding a code against the clock."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    REPLAYED = "replayed"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Match:
    """Tell the outcome and, where it is ACCEPTED, the time step to store as the factor's `last_step`."""

    outcome: Outcome
    step: int | None = None


def new_seed() -> bytes:
    """Draw a seed of 160 bits."""
    return secrets.token_bytes(SEED_BYTES)


def seed_text(seed: bytes) -> str:
    """Write a seed for typing: base32 in groups of four."""
    text = _base32(seed)
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def uri(seed: bytes, user: str, issuer: str) -> str:
    """Write the seed for a QR code, in the short form that leaves out what every authenticator assumes anyway.

    Where the picture would outgrow an 80x23 terminal, the issuer (which is only shown) loses its last characters.
    """
    shown = issuer[:_LONGEST_URI].strip()
    while shown and len(_uri(seed, user, shown)) > _LONGEST_URI:
        shown = shown[:-1].rstrip()
    return _uri(seed, user, shown)


def step_at(at: datetime) -> int:
    """Number the time step that holds an aware instant."""
    return (at - _EPOCH) // STEP


def code_at(seed: bytes, at: datetime) -> str:
    """Compute the code an authenticator shows at an aware instant."""
    return _code(seed, step_at(at))


def match(seed: bytes, code: str, at: datetime, last_step: int | None, *, window_after: int = 0) -> Match:
    """Hold a typed code against the step of `at` and the one before it, and with `window_after=1` against the next.

    A step counts once: it must be later than `last_step` (RFC 6238 5.2). The caller writes the accepted step only where
    the stored one is still smaller, so that two processes cannot both accept it. Spaces in the code do not matter.
    """
    digits = "".join(code[: _LONGEST_INPUT + 1].split())
    if len(code) > _LONGEST_INPUT or len(digits) != DIGITS or not (digits.isascii() and digits.isdecimal()):
        return Match(Outcome.MALFORMED)
    now = step_at(at)
    steps = [step for step in range(now - 1, now + 1 + window_after) if step >= 0]
    # Every step is compared, whatever the one before it said: the time taken must not tell which one came close.
    equal = [hmac.compare_digest(_code(seed, step), digits) for step in steps]
    hits = [step for step, hit in zip(steps, equal, strict=True) if hit]
    fresh = [step for step in hits if last_step is None or step > last_step]
    if fresh:
        return Match(Outcome.ACCEPTED, max(fresh))
    return Match(Outcome.REPLAYED if hits else Outcome.WRONG)


def _code(seed: bytes, step: int) -> str:
    return TOTP(_base32(seed), digits=DIGITS).generate_otp(step)


def _base32(seed: bytes) -> str:
    return base64.b32encode(seed).decode("ascii").rstrip("=")


def _uri(seed: bytes, user: str, issuer: str) -> str:
    if not issuer:
        return f"otpauth://totp/{_percent(user)}?secret={_base32(seed)}"
    return f"otpauth://totp/{_percent(issuer)}:{_percent(user)}?secret={_base32(seed)}&issuer={_percent(issuer)}"


def _percent(text: str) -> str:
    # A colon parts issuer from user in the label, percent-encoded or not, so neither may bring its own.
    return quote(text.replace(":", " "), safe="", errors="replace")
