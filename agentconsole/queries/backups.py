"""When the desk was last backed up, by its own log, and what happened since."""

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from agentconsole.storage.tables.event import Event

BACKED_UP = "backup.made"
RESTORED = "desk.restored"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """Tell of the newest backup: when it was made, how large it is, and how many facts came after what it holds."""

    at: datetime
    size: int
    sealed: bool
    events_since: int


def read_last_backup(session: Session) -> LastBackup | None:
    """Return the newest backup that the log knows of, None where there is none."""
    made = select(Event).where(Event.kind == BACKED_UP).order_by(col(Event.seq).desc()).limit(1)
    event = session.exec(made).first()
    if event is None:
        return None
    body = json.loads(event.body)
    newest = int(session.scalar(sa.select(sa.func.max(col(Event.seq)))) or 0)
    return LastBackup(event.at, body["bytes"], body["sealed"], newest - body["events"] - 1)


def read_restores(session: Session) -> tuple[int, ...]:
    """Return the numbers of the events by which a backup was restored."""
    return tuple(session.exec(select(Event.seq).where(Event.kind == RESTORED).order_by("seq")).all())
