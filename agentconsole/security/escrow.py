"""The master key's copy for the safe: sealed by a passphrase, as text that fits on a sheet of paper."""

import base64
import binascii
import io
import textwrap

from agentconsole.domain.errors import Refused
from agentconsole.security.age import WORK, Passphrase
from agentconsole.security.age_stream import opened_from, sealed_into
from agentconsole.security.masterkey import MasterKey

SHORTEST_PASSPHRASE = 12
LONGEST_ESCROW = 10_000
_BEGIN, _END = "-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"


def check_passphrase(words: str) -> str:
    """Return a passphrase that may seal a key or a backup; refuses a short one: who has the file may try for years."""
    if len(words) < SHORTEST_PASSPHRASE:
        raise Refused(f"A passphrase has {SHORTEST_PASSPHRASE} characters or more; five random words are a good one.")
    return words


def seal_master(master: MasterKey, words: str, *, work: int = WORK) -> str:
    """Seal the master key by a passphrase; `age --decrypt` opens the text, too."""
    out = io.BytesIO()
    with sealed_into(out, [Passphrase(check_passphrase(words), work)]) as sealed:
        sealed.write(f"{master.text()}\n".encode())
    lines = textwrap.wrap(base64.b64encode(out.getvalue()).decode(), 64)
    return "\n".join([_BEGIN, *lines, _END]) + "\n"


def open_master(text: str, words: str) -> MasterKey:
    """Open what `seal_master` sealed; refuses a wrong passphrase and a text that was typed wrong."""
    lines = [line.strip() for line in text[:LONGEST_ESCROW].strip().splitlines()]
    if len(lines) < 3 or (lines[0], lines[-1]) != (_BEGIN, _END):
        raise Refused("This is no copy of a master key: `agentconsole keys export` writes one.")
    try:
        sealed = base64.b64decode("".join(lines[1:-1]), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("This copy of the master key is damaged: a character is wrong or missing.") from None
    opened = opened_from(io.BytesIO(sealed), [Passphrase(words)]).read(LONGEST_ESCROW)
    return MasterKey.of_text(opened.decode("ascii", "replace").strip(), "escrow")
