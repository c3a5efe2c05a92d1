"""What the tests of security share: a home for keys and stand-ins for keyrings."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from keyring.backend import KeyringBackend

from agentconsole.security.desk_keyring import DeskKeyring


class MemoryKeyring(KeyringBackend):
    """A keyring that answers, and signs itself as whatever a test needs; `kept` is what it was told to keep."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


def signed_as(name: str, base: type[MemoryKeyring] = MemoryKeyring) -> MemoryKeyring:
    """Make a stand-in whose class carries the dotted name of a real backend."""
    module, _, kind = name.rpartition(".")
    return cast("MemoryKeyring", type(kind, (base,), {"__module__": module, "__qualname__": kind})())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give the desk's private folder."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def keyring_of() -> Callable[..., DeskKeyring]:
    """Make the desk's keyring from a backend."""

    def make(backend: KeyringBackend, patience: float = 3.0) -> DeskKeyring:
        return DeskKeyring("desk-1", lambda: backend, patience)

    return make
