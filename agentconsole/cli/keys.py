"""`agentconsole keys`: the master key's sealed copy, and key pairs that backups are sealed for."""

import argparse
import os
from pathlib import Path

from agentconsole.cli.ask import ask, the_desk
from agentconsole.cli.passphrase import known_passphrase, new_passphrase
from agentconsole.cli.say import tell
from agentconsole.domain.errors import Refused
from agentconsole.security.age import new_identity
from agentconsole.security.escrow import LONGEST_ESCROW, open_master
from agentconsole.security.keyfile import write_key_file
from agentconsole.security.masterkey import FILE_NAME, FILE_VARIABLE
from agentconsole.storage.backup import foundation_of
from agentconsole.wire.client import Client
from agentconsole.wire.commands import ExportKey
from agentconsole.wire.frames import Done


def export_key(line: argparse.Namespace) -> int:
    """Write the master key, sealed by a passphrase, into a new file."""
    file = Path(line.file)
    _refuse_there(file)
    words = new_passphrase(line.passphrase_file)

    async def work(client: Client) -> Done:
        done = await client.ask(ExportKey(words))
        assert isinstance(done, Done)
        return done

    write_key_file(file, ask(work).secret.rstrip("\n"))
    tell(
        f"The master key, sealed, is in {file}: keep it and the passphrase apart from each other and from the backups."
    )
    tell("`agentconsole keys import` brings it back, and `age --decrypt` opens it without us.")
    return 0


def import_key(line: argparse.Namespace) -> int:
    """Put the master key back where this desk looks for it; refuses to write over one."""
    with Path(line.file).open(encoding="ascii", errors="replace") as opened:
        text = opened.read(LONGEST_ESCROW)
    paths = the_desk()
    place = Path(os.environ.get(FILE_VARIABLE) or paths.home / FILE_NAME)
    _refuse_there(place)
    master = open_master(text, known_passphrase(line.passphrase_file))
    if paths.database.exists() and paths.database.stat().st_size:
        _, kid, wrapped, _ = foundation_of(paths.database)
        master.unwrap(wrapped, kid)
    paths.make()
    write_key_file(place, master.text())
    tell(f"The master key is at {place} (mode 600).")
    return 0


def make_pair(line: argparse.Namespace) -> int:
    """Make a key pair: the secret half goes into a new file, the public half is printed."""
    file = Path(line.file)
    _refuse_there(file)
    pair = new_identity()
    public = str(pair.to_public())
    write_key_file(file, f"# public key: {public}\n{pair}")
    tell(f"Public key: {public}\n`agentconsole backup --to {public}` seals a backup that only {file} opens.")
    tell("Keep that file off this host: whoever has both it and a backup reads every case.")
    return 0


def _refuse_there(place: Path) -> None:
    if place.exists():
        raise Refused(f"There is something at {place} already: move it away, or name another file.")
