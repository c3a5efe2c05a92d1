"""The vault: seals the few values nobody may read in the database, and derives the desk's other keys."""

import base64
import binascii
import os
import re
import secrets
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from agentconsole.domain.errors import Refused
from agentconsole.security.masterkey import MasterKey

PURPOSES = frozenset({"audit", "recovery", "reply-token", "unknown-name", "session"})
"""What `Vault.subkey` derives keys for."""

_FORM = "e1"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_KID = re.compile(r"[a-z0-9]{1,16}")


class Vault:
    """Hold a desk's opened data key; the database has that key wrapped by the master key, and the values it sealed.

    It protects copies of the database and its backups; it does not protect from root or from the server's own account.
    """

    __slots__ = ("_aead", "_key", "kid")

    def __init__(self, master: MasterKey, wrapped: bytes, kid: str) -> None:
        self.kid = kid
        self._key = master.unwrap(wrapped, kid)
        self._aead = AESGCM(self._key)

    def __repr__(self) -> str:
        return f"Vault(kid={self.kid!r})"

    @classmethod
    def create(cls, master: MasterKey, kid: str = "k1") -> tuple[Self, bytes]:
        """Draw a data key: the vault that uses it, and the wrapped key to store beside `kid`."""
        if not _KID.fullmatch(kid):
            raise ValueError(f"a key id is up to 16 small letters and digits, not {kid!r}")
        wrapped = master.wrap(secrets.token_bytes(_KEY_BYTES), kid)
        return cls(master, wrapped, kid), wrapped

    def seal(self, plain: bytes, place: str) -> str:
        """Seal a value for one place (`table.column.rowid`), the only one where it opens: `e1.<kid>.<base64url>`."""
        nonce = os.urandom(_NONCE_BYTES)
        raw = nonce + self._aead.encrypt(nonce, plain, self._bound_to(place))
        return f"{_FORM}.{self.kid}.{base64.urlsafe_b64encode(raw).rstrip(b'=').decode('ascii')}"

    def open(self, sealed: str, place: str) -> bytes:
        """Open a value sealed for this place; refuse one that was changed, moved or sealed by another key."""
        form, _, rest = sealed.partition(".")
        kid, _, text = rest.partition(".")
        if form != _FORM or kid != self.kid:
            raise Refused(f"The secret at {place} was sealed by another key than this desk's {self.kid}.")
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            return self._aead.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], self._bound_to(place))
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise Refused(
                f"The secret at {place} does not open: it was changed, or moved there from elsewhere."
            ) from error

    def subkey(self, purpose: str) -> bytes:
        """Derive 256 bits for one of PURPOSES (HKDF-SHA256 of the data key). They last as long as the data key does."""
        if purpose not in PURPOSES:
            raise ValueError(f"no sub-key for {purpose!r}: one of {', '.join(sorted(PURPOSES))}")
        info = f"agentconsole/subkey/{purpose}".encode()
        return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(self._key)

    def _bound_to(self, place: str) -> bytes:
        return f"{self.kid}|{place}".encode()
