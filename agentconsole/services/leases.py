"""Servers and leases: who works on this desk, which of them does a recurring job, and what is left of one that died."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import select

from agentconsole.services.outbox_leaving import abandon
from agentconsole.services.sessions import end_left_sessions
from agentconsole.storage.tables.lease import Lease
from agentconsole.storage.tables.server import DeskServer
from agentconsole.storage.transaction import Tx

SWEEP = "sweep"
_FREE = "UPDATE lease SET holder = '' WHERE holder NOT IN (SELECT id FROM server) AND holder <> ''"
_BURY = "DELETE FROM server WHERE id = :server AND beats = :beats"
_BEATS = "SELECT id, beats FROM server WHERE id <> :me"


@dataclass(frozen=True, slots=True)
class Joining:
    """Say which server enters: its id, what names its host and folder among all, and what says it to people."""

    id: str
    place: str
    name: str


def mail_in(brand: str) -> str:
    """Name the lease of reading a brand's mailbox."""
    return f"mail in {brand}"


def mail_out(brand: str) -> str:
    """Name the lease of sending a brand's mail."""
    return f"mail out {brand}"


def join(tx: Tx, me: Joining, *, alone: bool) -> None:
    """Enter a server that starts, and settle what dead ones left: `alone` no other can live.

    Else those of its own place are dead, for there is a lock in its folder.
    """
    for other in tx.session.exec(select(DeskServer)).all():
        if alone or other.place == me.place:
            tx.session.delete(other)
    _enter(tx, me)
    _settle(tx, "the server was started anew")


def leave(tx: Tx, server: str) -> None:
    """Take out a server that stops, with what it still has."""
    tx.rows("DELETE FROM server WHERE id = :server", server=server)
    _settle(tx, "the server was stopped")


def beat(tx: Tx, me: Joining, fed: int, dead: Mapping[str, int]) -> Mapping[str, int]:
    """Count on, and return how far the others have counted; those that stood still at what `dead` says are buried.

    Who was taken for dead, because it was frozen, enters again; its sessions and leases were others' meanwhile.
    """
    for server, beats in dead.items():
        tx.rows(_BURY, server=server, beats=beats)
    if dead:
        _settle(tx, "its server does not answer any more")
    row = tx.get(DeskServer, me.id) or _enter(tx, me)
    row.beats, row.seen_at, row.fed = row.beats + 1, tx.wall, fed
    return dict(tx.rows(_BEATS, me=me.id))


def _enter(tx: Tx, me: Joining) -> DeskServer:
    return tx.add(DeskServer(id=me.id, place=me.place, name=me.name, began_at=tx.wall, seen_at=tx.wall))


def _settle(tx: Tx, reason: str) -> None:
    """End the sessions of servers that are gone, free their leases, and put in doubt what they were sending."""
    end_left_sessions(tx, reason)
    tx.rows(_FREE)
    abandon(tx)


def hold(tx: Tx, name: str, server: str) -> int:
    """Take or keep the lease of a recurring job and return its number; 0 while another server that lives has it.

    A server that was buried gets none before it has entered again. Asked in the transaction that does the work.
    """
    if tx.get(DeskServer, server) is None:
        return 0
    lease = tx.get(Lease, name)
    if lease is None:
        lease = tx.add(Lease(name=name, holder=server, since=tx.wall))
    elif lease.holder != server:
        if lease.holder and tx.get(DeskServer, lease.holder) is not None:
            return 0
        lease.holder, lease.number, lease.since = server, lease.number + 1, tx.wall
    return lease.number


def held(tx: Tx, names: Collection[str], server: str) -> frozenset[str]:
    """Return which of these leases the server has, or could take just now."""
    return frozenset(name for name in names if hold(tx, name, server))
