"""The written form of age's key pairs: Bech32, `age1…` for the public half and `AGE-SECRET-KEY-1…` for the other."""

import secrets
from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from agentconsole.domain.errors import Refused
from agentconsole.security.age import Identity, Recipient

_PUBLIC, _SECRET = "age", "age-secret-key-"
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK = 6
_KEY_BYTES = 32
_LONGEST = 128


def new_identity() -> Identity:
    """Draw a key pair."""
    return Identity(secrets.token_bytes(_KEY_BYTES))


def recipient_of(identity: Identity) -> Recipient:
    """Return the public half of a pair."""
    public = X25519PrivateKey.from_private_bytes(identity.secret).public_key()
    return Recipient(public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def identity_text(identity: Identity) -> str:
    """Write the secret half: this is the secret itself."""
    return _encoded(_SECRET, identity.secret).upper()


def recipient_text(recipient: Recipient) -> str:
    """Write the public half."""
    return _encoded(_PUBLIC, recipient.public)


def read_recipient(text: str) -> Recipient:
    """Read a public half; refuses what is none."""
    key = _decoded(_PUBLIC, text.strip())
    if key is None:
        raise Refused("That is no public key: it begins with age1 and `agentconsole keys pair` makes one.")
    return Recipient(key)


def read_identities(text: str) -> tuple[Identity, ...]:
    """Read the secret halves of a key file, one a line; lines that begin with # say something about them."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    keys = [_decoded(_SECRET, line.lower()) for line in lines]
    if not keys or None in keys:
        raise Refused("That file has no secret key of age: each stands on a line, AGE-SECRET-KEY-1 and 58 letters.")
    return tuple(Identity(key) for key in keys if key is not None)


def _encoded(name: str, key: bytes) -> str:
    values = _regrouped(key, 8, 5, pad=True)
    mixed = _checksum([*_spread(name), *values, *([0] * _CHECK)]) ^ 1
    check = [(mixed >> 5 * (_CHECK - 1 - place)) & 31 for place in range(_CHECK)]
    return f"{name}1{''.join(_LETTERS[value] for value in [*values, *check])}"


def _decoded(name: str, text: str) -> bytes | None:
    head, _, tail = text.rpartition("1")
    if len(text) > _LONGEST or head != name or len(tail) <= _CHECK or any(letter not in _LETTERS for letter in tail):
        return None
    values = [_LETTERS.index(letter) for letter in tail]
    if _checksum([*_spread(name), *values]) != 1:
        return None
    key = bytes(_regrouped(values[:-_CHECK], 5, 8, pad=False))
    return key if len(key) == _KEY_BYTES else None


def _regrouped(values: Iterable[int], size: int, wanted: int, *, pad: bool) -> list[int]:
    held, bits, groups = 0, 0, []
    for value in values:
        held = (held << size | value) & 0xFFF
        bits += size
        while bits >= wanted:
            bits -= wanted
            groups.append(held >> bits & (1 << wanted) - 1)
    if pad and bits:
        groups.append(held << wanted - bits & (1 << wanted) - 1)
    return groups


def _spread(name: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in name), 0, *(ord(letter) & 31 for letter in name)]


def _checksum(values: Iterable[int]) -> int:
    mixed = 1
    for value in values:
        top = mixed >> 25
        mixed = (mixed & 0x1FFFFFF) << 5 ^ value
        for place, factor in enumerate(_GENERATOR):
            mixed ^= factor if top >> place & 1 else 0
    return mixed
