"""What every use case may lean on: the packs in force, the keys, the content store and the desk's settings."""

from dataclasses import dataclass, field

from agentconsole.security.sealing import Vault
from agentconsole.services.shelf import Shelf
from agentconsole.storage.files import Contents


@dataclass(slots=True)
class DeskContext:
    """Carry what a use case needs beside its transaction; made once when the server opens the desk."""

    uid: str
    name: str
    zone: str
    vault: Vault
    store: Contents
    shelf: Shelf
    hold_seconds: int = 10
    late_first: bool = False
    team: bool = False
    """Whether several Unix accounts reach this desk, so that each person's is kept and asked for."""

    server: str = ""
    """Which server of the desk this is, to the others on the same database."""

    addresses: dict[str, str] = field(default_factory=dict)
    """What a brand without a mailbox writes from, where that is to look like one: the demo's letters."""

    troubled: set[int] = field(default_factory=set)
    """The tickets that the sweep could not look after, each logged when it joined them."""

    @property
    def audit_key(self) -> bytes:
        """Return the key that seals the event log."""
        return self.vault.subkey("audit")

    @property
    def reply_key(self) -> bytes:
        """Return the key that makes reply tokens."""
        return self.vault.subkey("reply-token")

    @property
    def recovery_pepper(self) -> bytes:
        """Return the key under which recovery codes are kept."""
        return self.vault.subkey("recovery")

    @property
    def guard_pepper(self) -> bytes:
        """Return the key under which sign-ins with nobody's name are counted."""
        return self.vault.subkey("unknown-name")
