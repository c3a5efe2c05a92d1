"""Recovery codes: what signs in once when the phone is gone."""

import hmac
import secrets

# Crockford's base32: no I, L, O or U, so that what is read off paper can be told apart.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHARACTERS = 16  # five bits each make 80
_AS_READ = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, "–": None})
_LONGEST_INPUT = 64


def new_recovery_codes(n: int = 10) -> tuple[str, ...]:
    """Draw `n` different codes of 80 bits, written in groups of four."""
    codes: dict[str, None] = {}
    while len(codes) < n:
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_CHARACTERS))
        codes["-".join(code[start : start + 4] for start in range(0, _CHARACTERS, 4))] = None
    return tuple(codes)


def recovery_digest(code: str, pepper: bytes) -> bytes:
    """Digest a code (HMAC-SHA256) to store and look up; case, spaces, dashes, o for 0, i or l for 1 are the same."""
    typed = "".join(code[:_LONGEST_INPUT].split()).upper().translate(_AS_READ)
    return hmac.digest(pepper, b"agentconsole/recovery/1|" + typed.encode("utf-8", "surrogatepass"), "sha256")
