"""The keyring of the desktop or system, where there is one that is safe and answers."""

import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "agentconsole"
PATIENCE = 3.0
"""Seconds a keyring may take: one that asks its user for a password would otherwise hold the desk's start for ever."""

# Named one by one, because a backend that is merely installed may keep secrets as plain text.
_SAFE = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)
_CHAINER = "keyring.backends.chainer.ChainerBackend"


class KeyringSilent(Exception):
    """Say in half a sentence why the keyring cannot be used."""


def installed_backend() -> "KeyringBackend":
    """Ask the keyring library which backend it would use here."""
    import keyring  # noqa: PLC0415  costs 156 ms and talks to D-Bus: only for a desk whose key is in no file

    return keyring.get_keyring()


class DeskKeyring:
    """Keep one desk's master key in an allow-listed keyring, and never wait for it longer than `patience` seconds."""

    def __init__(
        self, desk_id: str, look: "Callable[[], KeyringBackend]" = installed_backend, patience: float = PATIENCE
    ) -> None:
        self._desk_id = desk_id
        self._look = look
        self._patience = patience

    def read(self) -> str | None:
        """Fetch the key's text, None where there is none; raise KeyringSilent where no safe keyring answers."""
        return self._in_time(lambda: self._safe().get_password(SERVICE, self._desk_id))

    def write(self, text: str) -> None:
        """Store the key's text and read it back. Raise KeyringSilent where that fails."""

        def round_trip() -> str | None:
            backend = self._safe()
            backend.set_password(SERVICE, self._desk_id, text)
            return backend.get_password(SERVICE, self._desk_id)

        if self._in_time(round_trip) != text:
            raise KeyringSilent("the keyring gave back something else than was stored")

    def _safe(self) -> "KeyringBackend":
        found = self._look()
        for backend in [found, *_chained(found)]:
            if _name(backend) in _SAFE:
                return backend
        raise KeyringSilent(f"there is no safe keyring here (found: {_name(found)})")

    def _in_time(self, ask: "Callable[[], str | None]") -> str | None:
        answers: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()

        def run() -> None:
            try:
                answers.put(ask())
            except Exception as error:  # a backend is a plug-in: whatever it raises means that it cannot be used
                answers.put(error)

        # A daemon thread, since one that waits for a password prompt could otherwise keep the process from ending.
        threading.Thread(target=run, name="keyring", daemon=True).start()
        try:
            answer = answers.get(timeout=self._patience)
        except queue.Empty:
            raise KeyringSilent(f"the keyring did not answer within {self._patience:g} s") from None
        if isinstance(answer, KeyringSilent):
            raise answer
        if isinstance(answer, Exception):
            raise KeyringSilent(f"the keyring failed ({type(answer).__name__})") from answer
        return answer


def _chained(backend: "KeyringBackend") -> "list[KeyringBackend]":
    return list(getattr(backend, "backends", ())) if _name(backend) == _CHAINER else []


def _name(backend: object) -> str:
    kind = type(backend)
    return f"{kind.__module__}.{kind.__qualname__}"
