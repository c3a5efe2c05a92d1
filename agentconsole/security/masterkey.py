"""The master key: the one secret from which the desk's others can be opened, and where it is kept."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from agentconsole.domain.errors import Refused
from agentconsole.security.desk_keyring import DeskKeyring, KeyringSilent
from agentconsole.security.keyfile import read_key_file, write_key_file

FILE_VARIABLE = "AGENTCONSOLE_MASTER_KEY_FILE"
CREDENTIALS_VARIABLE = "CREDENTIALS_DIRECTORY"
CREDENTIAL = "agentconsole-master"
FILE_NAME = "master.key"
_KEYRING = "keyring"

_PREFIX = "ackm1_"
_KEY_BYTES = 32
_CHECK_BYTES = 4
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, eq=False)
class MasterKey:
    """Hold 256 bits that are never shown by accident; `store_name` says where they came from, for `doctor`."""

    store_name: str
    _key: bytes = field(repr=False)

    @classmethod
    def in_memory(cls) -> Self:
        """Make a key that is nowhere but here and dies with the process: the demo's."""
        return cls("memory of this process", secrets.token_bytes(_KEY_BYTES))

    @classmethod
    def of_text(cls, text: str, store_name: str) -> Self:
        """Read the text form; refuse one with a typing error."""
        stripped = text.strip()
        try:
            raw = base64.urlsafe_b64decode(stripped.removeprefix(_PREFIX))
        except (binascii.Error, ValueError):
            raw = b""
        key, check = raw[:_KEY_BYTES], raw[_KEY_BYTES:]
        # Decoding skips characters that are none of its alphabet, so what was read must also write itself the same.
        if len(check) != _CHECK_BYTES or not hmac.compare_digest(
            cls(store_name, key).text().encode(), stripped.encode()
        ):
            raise Refused(f"The master key in the {store_name} is damaged (checksum): put your copy of it there.")
        return cls(store_name, key)

    def text(self) -> str:
        """Write the key for keeping: `ackm1_` and 48 characters that end in a checksum. This is the secret itself."""
        return _PREFIX + base64.urlsafe_b64encode(self._key + _checksum(self._key)).decode("ascii")

    def wrap(self, data_key: bytes, kid: str) -> bytes:
        """Lock a data key (AES-256-GCM, bound to its `kid`): nonce, ciphertext and tag."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._key).encrypt(nonce, data_key, _wrapping_of(kid))

    def unwrap(self, wrapped: bytes, kid: str) -> bytes:
        """Unlock a data key; refuse one that another master key locked, or another `kid`'s, or a changed one."""
        try:
            return AESGCM(self._key).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], _wrapping_of(kid))
        except (InvalidTag, ValueError) as error:
            raise Refused(
                f"The master key in the {self.store_name} does not open this desk's data key {kid}."
            ) from error


@dataclass(frozen=True, slots=True)
class Created:
    """Tell where a desk's master key is kept from now on, and why there."""

    key: MasterKey
    where: str
    why: str


def load_master_key(
    home: Path, desk_id: str, env: Mapping[str, str], *, keyring: DeskKeyring | None = None
) -> MasterKey:
    """Fetch the desk's master key from the first place that has one.

    systemd's credential, the file that AGENTCONSOLE_MASTER_KEY_FILE names, `master.key` in `home`, the keyring.
    Refused: a key that is open to others or damaged, a named file that is missing, and a desk without any key.
    """
    found = _in_files(home, env)
    if found:
        return found
    if env.get(FILE_VARIABLE):
        raise Refused(f"{FILE_VARIABLE} names {env[FILE_VARIABLE]}, where there is no file; put the master key there.")
    try:
        text = (keyring or DeskKeyring(desk_id)).read()
    except KeyringSilent as silent:
        raise Refused(f"This desk's master key is not at {home / FILE_NAME}, and {silent}.") from silent
    if text is None:
        raise Refused(f"This desk's master key is neither at {home / FILE_NAME} nor in the keyring.")
    return MasterKey.of_text(text, _KEYRING)


def create_master_key(
    home: Path, desk_id: str, env: Mapping[str, str], *, keyring: DeskKeyring | None = None, prefer_file: bool = False
) -> Created:
    """Make the desk's master key, or take the one that is there already: none is ever written over.

    It goes into the file that AGENTCONSOLE_MASTER_KEY_FILE names, else into a safe keyring that answers, else into
    `master.key` in `home`. `prefer_file` is for a team's server, whose keyring would be locked after a restart.
    """
    found = _in_files(home, env)
    if found:
        return Created(found, found.store_name, "it was there already")
    if env.get(FILE_VARIABLE):
        return _in_new_file(Path(env[FILE_VARIABLE]), f"{FILE_VARIABLE} names it")
    if prefer_file:
        return _in_new_file(home / FILE_NAME, "a server must open it without anybody signing in")
    try:
        return _in_keyring(keyring or DeskKeyring(desk_id))
    except KeyringSilent as silent:
        return _in_new_file(home / FILE_NAME, str(silent))


def _in_files(home: Path, env: Mapping[str, str]) -> MasterKey | None:
    credentials, named = env.get(CREDENTIALS_VARIABLE), env.get(FILE_VARIABLE)
    if credentials:
        text = read_key_file(Path(credentials) / CREDENTIAL, group_may_read=True)
        if text is not None:
            return MasterKey.of_text(text, f"systemd credential {CREDENTIAL}")
    path = Path(named) if named else home / FILE_NAME
    text = read_key_file(path)
    return None if text is None else MasterKey.of_text(text, f"key file {path}")


def _in_new_file(path: Path, why: str) -> Created:
    key = MasterKey(f"key file {path}", secrets.token_bytes(_KEY_BYTES))
    write_key_file(path, key.text())
    return Created(key, f"{key.store_name} (mode 600)", why)


def _in_keyring(keyring: DeskKeyring) -> Created:
    text = keyring.read()
    if text is not None:
        return Created(MasterKey.of_text(text, _KEYRING), _KEYRING, "it was there already")
    key = MasterKey(_KEYRING, secrets.token_bytes(_KEY_BYTES))
    keyring.write(key.text())
    return Created(key, _KEYRING, "it is safe here and answers")


def _checksum(key: bytes) -> bytes:
    return hashlib.sha256(b"agentconsole/master/1|" + key).digest()[:_CHECK_BYTES]


def _wrapping_of(kid: str) -> bytes:
    return f"agentconsole/dek/{kid}".encode()
