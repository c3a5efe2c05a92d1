"""The master key's copy for the safe: sealed by a passphrase, as text that fits on a sheet of paper."""

from agentconsole.domain.errors import Refused
from agentconsole.security.age import open_by_words, seal_by_words
from agentconsole.security.masterkey import MasterKey

SHORTEST_PASSPHRASE = 12
LONGEST_ESCROW = 10_000
_BEGIN, _END = "-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"


def check_passphrase(words: str) -> str:
    """Return a passphrase that may seal a key or a backup; refuses a short one: who has the file may try for years."""
    if len(words) < SHORTEST_PASSPHRASE:
        raise Refused(f"A passphrase has {SHORTEST_PASSPHRASE} characters or more; five random words are a good one.")
    return words


def seal_master(master: MasterKey, words: str) -> str:
    """Seal the master key by a passphrase; `age --decrypt` opens the text, too."""
    return seal_by_words(f"{master.text()}\n".encode(), check_passphrase(words)).decode("ascii")


def open_master(text: str, words: str) -> MasterKey:
    """Open what `seal_master` sealed; refuses a wrong passphrase and a text that was typed wrong."""
    lines = [line.strip() for line in text[:LONGEST_ESCROW].strip().splitlines()]
    if len(lines) < 3 or (lines[0], lines[-1]) != (_BEGIN, _END):
        raise Refused("This is no copy of a master key: `agentconsole keys export` writes one.")
    opened = open_by_words("\n".join([*lines, ""]).encode("ascii", "replace"), words)
    return MasterKey.of_text(opened.decode("ascii", "replace").strip(), "escrow")
