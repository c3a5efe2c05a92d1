"""The server's part of a backup: a checked copy of the database, the note that it was used, the key's own copy."""

import asyncio
import secrets

import msgspec

from agentconsole import __version__
from agentconsole.domain.errors import Refused
from agentconsole.domain.roles import Action, permit
from agentconsole.domain.terms import Role
from agentconsole.domain.untrusted import Untrusted
from agentconsole.queries.backups import BACKED_UP
from agentconsole.security.escrow import seal_master
from agentconsole.server.desk import OpenDesk
from agentconsole.storage.backup import copy_database, examine
from agentconsole.storage.database import database_of
from agentconsole.storage.transaction import Actor, Tx
from agentconsole.wire.commands import BeginBackup, EndBackup, ExportKey
from agentconsole.wire.frames import Copied, Done

KEY_EXPORTED = "key.exported"


class Backups:
    """Make copies of the database for the host's account, one at a time."""

    def __init__(self, desk: OpenDesk) -> None:
        self._desk = desk
        self._folder = desk.paths.home / "copies"
        self._last: Copied | None = None

    async def begin(self, actor: Actor, role: Role, _ask: BeginBackup) -> Copied:
        """Copy the database and look the copy through; an earlier copy is dropped."""
        permit(role, Action.BACK_UP, own=False)
        _refuse_signed_in(actor)
        self._last = await asyncio.to_thread(self._copy)
        return self._last

    def _copy(self) -> Copied:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._drop()
        # What other servers took in just now is to be in it.
        self._desk.context.store.mirror()
        target = self._folder / f"{secrets.token_hex(8)}.sqlite3"
        copy_database(database_of(self._desk.paths), target)
        try:
            manifest = examine(target, self._desk.context.audit_key)
        except Refused:
            target.unlink()
            raise
        made = msgspec.structs.replace(manifest, program=__version__, made_at=self._desk.wall.now())
        return Copied(str(target), made)

    def _drop(self) -> None:
        for copy in self._folder.glob("*.sqlite3*"):
            copy.unlink(missing_ok=True)

    async def end(self, actor: Actor, role: Role, ask: EndBackup) -> Done:
        """Drop the copy; a backup that was made of it is noted as of the newest event in it."""
        permit(role, Action.BACK_UP, own=False)
        _refuse_signed_in(actor)
        copied, self._last = self._last, None
        if copied is None:
            raise Refused("There is no copy of the database to end: begin a backup first.")
        await asyncio.to_thread(self._drop)
        if ask.size <= 0:
            return Done()
        manifest = copied.manifest

        def work(tx: Tx) -> None:
            body = {"events": manifest.events, "head": manifest.head, "bytes": ask.size, "sealed": ask.sealed}
            tx.record(BACKED_UP, body=body)

        await asyncio.wrap_future(self._desk.writer.submit(actor, work, behind=True))
        return Done(Untrusted("The backup is noted."))

    async def export_key(self, actor: Actor, role: Role, ask: ExportKey) -> Done:
        """Seal the master key by a passphrase; that it was taken is an event."""
        permit(role, Action.EXPORT_KEY, own=False)
        _refuse_signed_in(actor)
        sealed = await asyncio.to_thread(seal_master, self._desk.master, ask.passphrase)
        await asyncio.wrap_future(self._desk.writer.submit(actor, lambda tx: tx.record(KEY_EXPORTED), behind=True))
        return Done(Untrusted("The master key is sealed."), secret=sealed)


def _refuse_signed_in(actor: Actor) -> None:
    """Leave this to the host's own account, which can read the files anyway."""
    if actor.user_id is not None:
        raise Refused("This is done on the desk's host: `agentconsole backup`, `agentconsole keys`.", code="host")
