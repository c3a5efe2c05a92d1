"""Files in the age format (age-encryption.org/v1): sealed for a public key or by a passphrase, also for the tool `age`.

A backup must open on the day when nothing of this program is left, so it takes a format that others read too.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from agentconsole.domain.errors import Refused

MAGIC = b"age-encryption.org/v1"
WORK = 18
"""The binary logarithm of scrypt's cost for a passphrase: about a second, and 256 MB."""

_FILE_KEY = 16
_NO_NONCE = bytes(12)
_LONGEST_HEADER_LINE = 8192
_MOST_STANZAS = 100
_BODY_COLUMNS = 64
_SALT = b"age-encryption.org/v1/scrypt"
_X25519 = b"age-encryption.org/v1/X25519"


@dataclass(frozen=True, slots=True)
class Stanza:
    """Carry the file key for one reader: the words of its line and the sealed bytes."""

    words: tuple[str, ...]
    body: bytes


class Sealer(Protocol):
    """Seal the key of a file for one reader."""

    def seal(self, file_key: bytes) -> Stanza: ...


class Opener(Protocol):
    """Open the key of a file, None where no stanza is for it."""

    def open(self, stanza: Stanza) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """Seal for the owner of a key pair; `public` are the 32 bytes of her X25519 key."""

    public: bytes

    def seal(self, file_key: bytes) -> Stanza:
        """Return the stanza that only the pair's secret half opens."""
        ephemeral = X25519PrivateKey.generate()
        share = _raw(ephemeral.public_key())
        try:
            shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.public))
        except ValueError:
            raise Refused("This public key is no key to seal for: make one with `agentconsole keys pair`.") from None
        wrapping = _derived(shared, share + self.public, _X25519)
        return Stanza(("X25519", _text(share)), ChaCha20Poly1305(wrapping).encrypt(_NO_NONCE, file_key, None))


@dataclass(frozen=True, slots=True)
class Identity:
    """Open what was sealed for a key pair; `secret` are the 32 bytes of its X25519 key."""

    secret: bytes

    def open(self, stanza: Stanza) -> bytes | None:
        """Return the file key, None where the stanza is another reader's."""
        if len(stanza.words) != 2 or stanza.words[0] != "X25519":
            return None
        mine = X25519PrivateKey.from_private_bytes(self.secret)
        try:
            share = _bytes(stanza.words[1])
            shared = mine.exchange(X25519PublicKey.from_public_bytes(share))
            wrapping = _derived(shared, share + _raw(mine.public_key()), _X25519)
            return ChaCha20Poly1305(wrapping).decrypt(_NO_NONCE, stanza.body, None)
        except (InvalidTag, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Seal and open by words; the cost of trying one is scrypt's, 2 to the power of `work`."""

    words: str
    work: int = WORK

    def seal(self, file_key: bytes) -> Stanza:
        """Return the stanza that the words open."""
        salt = os.urandom(16)
        sealed = ChaCha20Poly1305(self._wrapping(salt, self.work)).encrypt(_NO_NONCE, file_key, None)
        return Stanza(("scrypt", _text(salt), str(self.work)), sealed)

    def open(self, stanza: Stanza) -> bytes | None:
        """Return the file key, None where the words are wrong; a file may not make us work longer than we would."""
        if len(stanza.words) != 3 or stanza.words[0] != "scrypt":
            return None
        work = int(stanza.words[2]) if stanza.words[2].isdecimal() and len(stanza.words[2]) < 3 else WORK + 99
        if work > WORK + 2:
            raise Refused("This file asks for more work to try a passphrase than any of ours does: it is not opened.")
        try:
            return ChaCha20Poly1305(self._wrapping(_bytes(stanza.words[1]), work)).decrypt(_NO_NONCE, stanza.body, None)
        except (InvalidTag, ValueError):
            return None

    def _wrapping(self, salt: bytes, work: int) -> bytes:
        return Scrypt(salt=_SALT + salt, length=32, n=1 << work, r=8, p=1).derive(self.words.encode())


def write_header(out: BinaryIO, readers: Sequence[Sealer]) -> bytes:
    """Write the head of a sealed file and return the key of what follows."""
    file_key = os.urandom(_FILE_KEY)
    lines = [MAGIC.decode()]
    for reader in readers:
        stanza = reader.seal(file_key)
        lines.append(" ".join(("->", *stanza.words)))
        body = _text(stanza.body)
        lines += [body[at : at + _BODY_COLUMNS] for at in range(0, len(body) + 1, _BODY_COLUMNS)]
    head = "\n".join([*lines, "---"]).encode()
    nonce = os.urandom(16)
    out.write(head + b" " + _text(_seal_of(file_key, head)).encode() + b"\n" + nonce)
    return _derived(file_key, nonce, b"payload")


def read_header(source: BinaryIO, readers: Sequence[Opener]) -> bytes:
    """Read the head of a sealed file and return the key of what follows; refuses what none of the readers opens."""
    head, stanzas, seal = _parse(source)
    for stanza in stanzas:
        for reader in readers:
            file_key = reader.open(stanza)
            if file_key is None:
                continue
            if not hmac.compare_digest(seal, _seal_of(file_key, head)):
                raise Refused("The head of this file was changed: it is not opened.")
            return _derived(file_key, source.read(16), b"payload")
    raise Refused("This file does not open: the passphrase or the key is not the one it was sealed for.")


def _parse(source: BinaryIO) -> tuple[bytes, list[Stanza], bytes]:
    head = source.readline(_LONGEST_HEADER_LINE)
    if head.rstrip(b"\n") != MAGIC:
        raise Refused("This is no file in the age format.")
    stanzas: list[Stanza] = []
    words: tuple[str, ...] | None = None
    body = ""
    while True:
        line = source.readline(_LONGEST_HEADER_LINE)
        if not line.endswith(b"\n") or len(stanzas) > _MOST_STANZAS:
            raise Refused("The head of this file is damaged.")
        text = line[:-1].decode("ascii", "replace")
        if text.startswith("--- ") and words is None:
            return head + b"---", stanzas, _bytes(text[4:])
        head += line
        if words is None:
            if not text.startswith("-> "):
                raise Refused("The head of this file is damaged.")
            words, body = tuple(text[3:].split(" ")), ""
        else:
            body += text
            if len(text) < _BODY_COLUMNS:
                stanzas.append(Stanza(words, _bytes(body)))
                words = None


def _seal_of(file_key: bytes, head: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), head, "sha256")


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(key)


def _raw(key: X25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("The head of this file is damaged.") from None
