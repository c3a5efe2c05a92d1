"""Opening PostgreSQL the one safe way: short transactions, nothing that a connection pool in between would mix up."""

from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool, QueuePool

from agentconsole.storage.engine import READERS
from agentconsole.storage.postgres_dialect import URL, QuietCursor, adapters
from agentconsole.storage.postgres_wall import AS_DESK

CONNECT_SECONDS = 3
# What the server was promised to be told of a link that died without a word: within some ten seconds.
_KEEPALIVE: dict[str, Any] = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "client_encoding": "utf8",
    "application_name": "agentconsole",
}


# What a transaction is, said with its BEGIN: behind a pool that hands out connections by transaction, what was said to
# the connection may have been said to another one. Without an actor the rows are shut (`storage.postgres_wall`).
_WRITING = f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {AS_DESK}"
_READING = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {AS_DESK}"


def connect(conninfo: str) -> psycopg.Connection[Any]:
    """Connect by a libpq connection string; a password comes from PGPASSFILE or a service, never from the string.

    Statements are never prepared on the server: behind pgbouncer the next transaction may have another connection.
    """
    link: psycopg.Connection[Any] = psycopg.connect(
        conninfo, prepare_threshold=None, context=adapters(), cursor_factory=QuietCursor, **_KEEPALIVE
    )
    return link


def _engine(conninfo: str, begin: str, *, pool: int = 1) -> Engine:
    pooling: dict[str, Any] = (
        {"poolclass": QueuePool, "pool_size": pool, "max_overflow": 0} if pool else {"poolclass": NullPool}
    )
    engine = sa.create_engine(
        URL,
        creator=lambda: connect(conninfo),
        # `storage.prepared` keeps statements whose values go by their place.
        paramstyle="format",
        use_native_hstore=False,
        # A failed statement goes into the log, which must not show what a customer wrote.
        hide_parameters=True,
        **pooling,
    )

    @event.listens_for(engine, "connect")
    def _connected(link: psycopg.Connection[Any], _record: object) -> None:
        # The driver would begin with a message of its own; so a transaction and what it is go in one.
        link.autocommit = True

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def writing_engine(conninfo: str) -> Engine:
    """Return the engine of the one connection that writes.

    READ COMMITTED is enough, and sees what others committed while it waited: who writes holds the desk's lock.
    """
    return _engine(conninfo, _WRITING)


def reading_engine(conninfo: str) -> Engine:
    """Return the engine of the few connections that only read, each transaction from one instant."""
    return _engine(conninfo, _READING, pool=READERS)


def migrating_engine(conninfo: str) -> Engine:
    """Return the engine that changes the schema, as its owner."""
    return _engine(conninfo, _WRITING, pool=0)
