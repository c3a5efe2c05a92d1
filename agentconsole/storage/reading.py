"""Reading: short transactions on a few connections that cannot write."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect, Engine
from sqlmodel import Session

from agentconsole.storage.engine import READERS
from agentconsole.storage.link import Link
from agentconsole.storage.prepared import Statement, rows_of

Result = TypeVar("Result")

ReadSession = Session
"""What a query is handed; the server passes it on and knows no more of it than this name."""


@lru_cache(maxsize=256)
def _statement(sql: str, dialect: Dialect) -> Statement:
    return Statement(sa.text(sql), dialect)


def read_rows(session: Session, sql: str, bound: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run SQL with named values on a session's connection; rows come as they are stored.

    Straight to the driver: what the ORM adds to a statement that is text already costs more than a page of the queue.
    """
    connection = session.connection()
    link: Any = connection.connection.dbapi_connection
    ready = _statement(sql, connection.dialect)
    return rows_of(link.execute(ready.sql, [bound[name] for name in ready.names]))


class Reader:
    """Run queries on reading connections, in threads of their own."""

    def __init__(self, engine: Engine, link: Link) -> None:
        self._engine = engine
        self._link = link
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="reader")

    def submit(self, query: Callable[[Session], Result]) -> "Future[Result]":
        """Queue a query; its future ends with its rows."""
        return self._pool.submit(self._one, query)

    def run(self, query: Callable[[Session], Result]) -> Result:
        """Run a query and wait for its rows."""
        return self._one(query)

    def close(self) -> None:
        """Finish what was queued, then close the connections."""
        self._pool.shutdown(wait=True)
        self._engine.dispose()

    def _one(self, query: Callable[[Session], Result]) -> Result:
        return self._link.read(self._engine, query)
