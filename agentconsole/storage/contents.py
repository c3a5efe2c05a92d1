"""Where a desk's content lies: in files beside its database, and in rows too where several servers must reach it.

In PostgreSQL every content is a row, for hosts share no folder; and each host has all of it in files, as a desk of one
file does, so that reading, `doctor`, backups and a move need not care which database it is.
"""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from agentconsole.storage.backup import content_names
from agentconsole.storage.files import ContentStore
from agentconsole.storage.reading import Reader
from agentconsole.storage.tables.content import Content
from agentconsole.storage.transaction import DESK, Tx, Writer

MARGIN = timedelta(minutes=5)
"""How much of what was mirrored is looked at again: servers' clocks differ, and a row may be seen late."""
_HAS = "SELECT 1 FROM content WHERE sha256 = :name"


class ContentRows:
    """Keep bytes in rows of the database that servers share, and in this host's files. Not for the event loop."""

    def __init__(self, writer: Writer, reader: Reader, files: ContentStore) -> None:
        self._writer = writer
        self._reader = reader
        self._files = files
        self._mirrored: datetime | None = None

    def put(self, content: bytes) -> str:
        """Write the bytes here and commit them there, and return their hash; the same bytes are kept once."""
        name = self._files.put(content)
        if not self._in_rows(name):
            self._writer.run(DESK, lambda tx: _keep(tx, name, content), behind=True)
        return name

    def has(self, name: str) -> bool:
        """Tell whether there is something under a hash."""
        return self._files.has(name) or self._in_rows(name)

    def get(self, name: str) -> bytes:
        """Return the bytes of a hash: from the file, or from the row where that is gone or damaged."""
        try:
            return self._files.get(name)
        except (FileNotFoundError, ValueError):
            content = self._row(name)
            if content is None:
                raise
            return content

    def mirror(self) -> int:
        """Fetch what other servers took in; the first time all of it, and bring there what only this host has."""
        first, began = self._mirrored is None, self._reader.run(_newest)
        missing = 0
        for name in self._reader.run(lambda session: _names_since(session, self._mirrored)):
            content = None if self._files.has(name) else self._row(name)
            if content is not None:
                self._files.put(content)
                missing += 1
        if first:
            for name in self._reader.run(_without_row):
                if self._files.has(name):
                    self.put(self._files.get(name))
                    missing += 1
        self._mirrored = began
        return missing

    def _row(self, name: str) -> bytes | None:
        """Return what a row has, None where there is none or it is not what its name says."""
        row = self._reader.run(lambda session: session.get(Content, name))
        if row is None or hashlib.sha256(row.body).hexdigest() != name:
            return None
        return bytes(row.body)

    def _in_rows(self, name: str) -> bool:
        return self._reader.run(lambda session: session.execute(sa.text(_HAS), {"name": name}).first() is not None)


def _keep(tx: Tx, name: str, content: bytes) -> None:
    if not tx.rows(_HAS, name=name):
        tx.insert(Content, sha256=name, at=tx.wall, body=content)


def _newest(session: Session) -> datetime | None:
    return session.exec(select(Content.at).order_by(col(Content.at).desc()).limit(1)).first()


def _names_since(session: Session, mirrored: datetime | None) -> list[str]:
    wanted = select(Content.sha256)
    if mirrored is not None:
        wanted = wanted.where(Content.at >= mirrored - MARGIN)
    return list(session.exec(wanted).all())


def _without_row(session: Session) -> list[str]:
    kept = frozenset(session.exec(select(Content.sha256)).all())
    return [name for name in content_names(session) if name not in kept]
