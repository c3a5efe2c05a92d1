"""Acceptances as they are stored: what each person accepted of each policy."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from agentconsole.domain.acceptance import Accepted
from agentconsole.storage.types import instant

ByPack = Mapping[str, Sequence[Accepted]]
"""What somebody accepted, by the pack."""
ACCEPTED_BY = "SELECT pack_id, version, at, read_at FROM acceptance WHERE user_id = :me ORDER BY version"
_ALL = sa.text("SELECT user_id, pack_id, version, at, read_at FROM acceptance ORDER BY version")


def by_pack(rows: Iterable[Sequence[Any]]) -> ByPack:
    """Return what was accepted of each pack, from what `ACCEPTED_BY` found."""
    found: dict[str, list[Accepted]] = {}
    for pack, version, at, read_at in rows:
        found.setdefault(pack, []).append(Accepted(version, instant(at), instant(read_at)))
    return found


def accepted_by(session: Session, user_id: int) -> ByPack:
    """Return what somebody accepted of each pack."""
    return by_pack(session.execute(sa.text(ACCEPTED_BY), {"me": user_id}).all())


def accepted_by_all(session: Session) -> dict[int, ByPack]:
    """Return what everybody accepted of each pack, by the person."""
    found: dict[int, list[Sequence[Any]]] = {}
    for user_id, *row in session.execute(_ALL).all():
        found.setdefault(user_id, []).append(row)
    return {user_id: by_pack(rows) for user_id, rows in found.items()}
