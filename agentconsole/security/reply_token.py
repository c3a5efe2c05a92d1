"""Reply tokens: what ties a customer's reply to its ticket, in an address or a Message-ID."""

import base64
import hmac
import re

_ID_BYTES = 4
_MAC_BYTES = 16
_HIGHEST_ID = 2 ** (8 * _ID_BYTES) - 1

# 20 bytes are exactly 32 characters of base32, so there is no padding to lose. Some mail servers change the case.
_CANDIDATE = re.compile(r"(?<![a-z0-9])[a-z2-7]{32}(?![a-z0-9])", re.ASCII | re.IGNORECASE)
_LONGEST_TEXT = 1000  # more than an address (RFC 5321) or a header line (RFC 5322) can hold


def reply_token(ticket_id: int, key: bytes) -> str:
    """Write 32 characters of lower-case base32 that carry the ticket's id and 128 bits of proof under `key`.

    They fit a local part (`care+TOKEN@…` leaves 31 characters for the name before it) and a Message-ID.
    """
    if not 0 < ticket_id <= _HIGHEST_ID:
        raise ValueError(f"a reply token carries ticket ids from 1 to {_HIGHEST_ID}, not {ticket_id}")
    number = ticket_id.to_bytes(_ID_BYTES, "big")
    return base64.b32encode(number + _proof(number, key)).decode("ascii").lower()


def ticket_of_reply_token(text: str, key: bytes) -> int | None:
    """Find the ticket whose token stands in a token, an address or a Message-ID; None where no token proves itself.

    The first genuine token counts. It says which ticket is meant, not who writes: the sender must match as well.
    """
    for candidate in _CANDIDATE.findall(text[:_LONGEST_TEXT]):
        raw = base64.b32decode(candidate, casefold=True)
        number, proof = raw[:_ID_BYTES], raw[_ID_BYTES:]
        if hmac.compare_digest(proof, _proof(number, key)):
            return int.from_bytes(number, "big")
    return None


def _proof(number: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"agentconsole/reply-token/1|" + number, "sha256")[:_MAC_BYTES]
