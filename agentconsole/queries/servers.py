"""The servers of a desk: who runs, who does what, how many are signed in there, and how far each has read the feed."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from agentconsole.domain.untrusted import Untrusted
from agentconsole.queries.status import finding
from agentconsole.storage.feed import newest
from agentconsole.storage.tables.lease import Lease
from agentconsole.storage.tables.server import DeskServer
from agentconsole.storage.tables.session import Session as DeskSession
from agentconsole.wire.rows import Finding, ServerRow

SILENT = timedelta(seconds=20)
"""A server counts on every five seconds; after thirty without it is taken for dead."""
FAR_BEHIND = 100
_FREE = sa.text("SELECT name FROM lease WHERE holder = '' ORDER BY name")


def taken_by_others(session: Session, me: str) -> frozenset[str]:
    """Return the leases that other servers have which live."""
    others = select(Lease.name).join(DeskServer, col(DeskServer.id) == Lease.holder).where(Lease.holder != me)
    return frozenset(session.exec(others).all())


def read_servers(session: Session, me: str, now: datetime) -> tuple[ServerRow, ...]:
    """Return the servers of the desk, the one of `me` first; `now` is the machine's time (UTC)."""
    last = newest(session)
    sessions = dict(
        session.exec(
            select(DeskSession.server_id, func.count())
            .where(col(DeskSession.ended_at).is_(None))
            .group_by(DeskSession.server_id)
        ).all()
    )
    does: dict[str, list[str]] = {}
    for lease in session.exec(select(Lease).order_by("name")).all():
        does.setdefault(lease.holder, []).append(lease.name)
    rows = [
        ServerRow(
            name=Untrusted(server.name),
            me=server.id == me,
            since=server.began_at,
            silent=0.0 if server.id == me else max((now - server.seen_at).total_seconds(), 0.0),
            sessions=sessions.get(server.id, 0),
            leases=tuple(map(Untrusted, does.get(server.id, ()))),
            behind=max(last - server.fed, 0),
        )
        for server in session.exec(select(DeskServer).order_by("began_at", "id")).all()
    ]
    return tuple(sorted(rows, key=lambda row: not row.me))


def examine_servers(session: Session, me: str, now: datetime, *, hears: bool) -> tuple[Finding, ...]:
    """Say of each server of a shared database whether it lives and keeps up; `hears`: whether this one's link is up."""
    found = [_examine(row, hears=hears or not row.me) for row in read_servers(session, me, now)]
    free = session.execute(_FREE).scalars().all()
    if free:
        found.append(finding("warn", "leases", f"No server does {', '.join(free)}: it is taken within seconds."))
    return tuple(found)


def _examine(row: ServerRow, *, hears: bool) -> Finding:
    said = server_line(row)
    if row.silent > SILENT.total_seconds():
        return finding("bad", "server", f"{said}. It has said nothing for {row.silent:.0f} s: look at that host.")
    if not hears:
        how = "it looks every two seconds. Is `direct` in database.toml a way past the pool?"
        return finding("warn", "server", f"{said}. It does not hear the others at once, {how}")
    if row.behind > FAR_BEHIND:
        return finding("warn", "server", f"{said}. It has not read {row.behind:,} changes of the others yet.")
    return finding("ok", "server", f"{said}.")


def server_line(row: ServerRow) -> str:
    """Describe a server in a line."""
    does = ", ".join(lease.line(80) for lease in row.leases) or "nothing of its own"
    this = " (this one)" if row.me else ""
    return f"{row.name.line(200)}{this}: {row.sessions} signed in, does {does}"
