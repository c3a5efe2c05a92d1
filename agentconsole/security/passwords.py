"""Passwords: hashing, checking in constant effort, and what a new one must be."""

import secrets
import string
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from agentconsole.domain.errors import Gap, Refused
from agentconsole.security.commonest import COMMONEST

SHORTEST = 8
"""Characters a password needs at least (ASVS 6.2.1)."""
LONGEST = 128
"""Characters a password may have at most, so that nobody pays for hashing a novel."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# The hash of 32 random bytes nobody kept, made with the parameters of _HASHER: it is checked where there is no user.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$HwCMb7I8Kz3891fzr8TPjg$HBKhf18iQojEdEIHwVadaezP/5ZAj8Sm5EkXVSDnNsY"

# Letters and digits that nobody takes for one another when reading them out.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def hash_password(password: str) -> str:
    """Hash with argon2id at 19 MiB, two passes, one lane (OWASP); the answer carries salt and parameters."""
    return _HASHER.hash(_canonical(password))


def verify_password(password: str, hashed: str | None) -> bool:
    """Say whether the password is the hashed one; without a hash (no such user) spend the same time and say no."""
    if hashed is None or len(password) > LONGEST:
        _matches(b"", _NOBODY)
        return False
    return _matches(_canonical(password), hashed)


def needs_rehash(hashed: str) -> bool:
    """Say whether the hash was made with other parameters than today's, so that the next sign-in should renew it."""
    return _HASHER.check_needs_rehash(hashed)


def check_new_password(password: str, user_name: str) -> None:
    """Refuse a password that is too short or long, unprintable, the user's name, or among the first anyone would try.

    Length and guessability decide (ASVS 6.2.1, 6.2.4, 6.2.11), not a mixture of character classes (6.2.5).
    """
    wrong = _wrong_with(password, user_name)
    if wrong:
        raise Refused(f"Choose another password: {wrong}.", gaps=(Gap("password", wrong),))


def new_password() -> str:
    """Make a one-time password to read out or type: 16 unmistakable characters in fours, 79 bits."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def _matches(password: bytes, hashed: str) -> bool:
    try:
        return _HASHER.verify(hashed.encode("utf-8", "replace"), password)
    except (VerificationError, InvalidHashError):
        return False


def _canonical(password: str) -> bytes:
    # One keyboard sends é as one code point, another as two: NFKC makes them the same password (SP 800-63B 5.1.1.2).
    # A lone surrogate is no character of anybody's password; it must fail to match, not fail to encode.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _wrong_with(password: str, user_name: str) -> str:
    if len(password) < SHORTEST:
        return f"it needs at least {SHORTEST} characters"
    if len(password) > LONGEST:
        return f"it may have at most {LONGEST} characters"
    if any(unicodedata.category(character) in _INVISIBLE for character in password):
        return "it contains a character that cannot be seen"
    folded = password.casefold()
    core = folded.strip(string.digits + string.punctuation + " ")
    name = user_name.casefold()
    if name and (core == name or folded == name * (len(folded) // len(name))):
        return "it is made of the user name"
    if len(set(folded)) <= 2 or folded in COMMONEST or core in COMMONEST:
        return "it is one of the first that anyone would try"
    return ""
