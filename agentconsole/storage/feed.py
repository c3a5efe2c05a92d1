"""The feed: what each commit changed, for the other servers of a desk, numbered in the order of the commits.

It has numbers of its own and not those of the event log, for a case can move without a fact.
"""

from dataclasses import dataclass
from datetime import timedelta

import msgspec
from sqlmodel import Session

from agentconsole.storage.held import Held
from agentconsole.storage.reading import read_rows
from agentconsole.storage.transaction import Committed, Tx
from agentconsole.storage.types import micros

FEED = "agentconsole_feed"
PRESENCE = "agentconsole_presence"
"""The channels of NOTIFY: a number of the feed, and who is at which case."""
KEPT = timedelta(minutes=10)
"""For how long a server may have been away and still hear all it missed."""
_AT_ONCE = 500
# Both in one statement; the number stays the writer's own until the commit, for it holds the desk's lock.
_ADD = (
    "WITH told AS (INSERT INTO feed (number, server, at, body)"
    " SELECT coalesce(max(number), 0) + 1, :server, :at, :body FROM feed RETURNING number)"
    " SELECT pg_notify(:channel, CAST(number AS text)) FROM told"
)
_READ = "SELECT number, server, body FROM feed WHERE number > :after ORDER BY number LIMIT :most"
_NEWEST = "SELECT coalesce(max(number), 0) FROM feed"
# The newest stays, or the numbers would begin anew.
_TRIM = "DELETE FROM feed WHERE at < :before AND number < (SELECT max(number) FROM feed)"


class _Body(msgspec.Struct, omit_defaults=True):
    tickets: tuple[int, ...] = ()
    news: tuple[str, ...] = ()
    arrived: int = 0
    ended: dict[str, str] = {}
    settings: bool = False


_written = msgspec.json.Encoder()
_read = msgspec.json.Decoder(_Body)


@dataclass(frozen=True, slots=True)
class Announcer:
    """Write what a commit changes into the feed, within it, and have PostgreSQL say so when it is done."""

    server: str

    def __call__(self, held: Held, changes: Committed, at: int) -> None:
        """Announce changes as of an instant in microseconds; nothing where there is nothing to hear of."""
        if not changes.is_heard_of:
            return
        body = _Body(
            tuple(sorted(changes.tickets)), changes.news, changes.arrived, changes.ended_sessions, changes.settings
        )
        written = _written.encode(body).decode()
        held.read(_ADD, {"server": self.server, "at": at, "body": written, "channel": FEED})


@dataclass(frozen=True, slots=True)
class Read:
    """Report what was read of the feed: how far, the changes of other servers, and whether some are gone for good."""

    newest: int
    changes: tuple[Committed, ...]
    missed: bool
    more: bool = False


def newest(session: Session) -> int:
    """Return the number of the newest entry, 0 where there is none."""
    return int(read_rows(session, _NEWEST, {})[0][0])


def read_feed(session: Session, after: int, server: str) -> Read:
    """Read what other servers changed after an entry; a reader that was away for too long is told that it missed some.

    A database that was restored meanwhile counts from the beginning.
    """
    rows = read_rows(session, _READ, {"after": after, "most": _AT_ONCE})
    if not rows:
        last = newest(session)
        return Read(last, (), last != after)
    changes = tuple(_changes(body) for _, of, body in rows if of != server)
    return Read(rows[-1][0], changes, rows[0][0] != after + 1, len(rows) == _AT_ONCE)


def _changes(body: str) -> Committed:
    told = _read.decode(body)
    return Committed(frozenset(told.tickets), told.news, told.arrived, told.ended, told.settings)


def trim(tx: Tx) -> None:
    """Take out of the feed what every server has read."""
    tx.rows(_TRIM, before=micros(tx.wall - KEPT))
