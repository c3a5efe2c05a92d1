"""Reading: short transactions on a few connections that cannot write."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy.engine import Engine
from sqlmodel import Session

from agentconsole.storage.engine import READERS

Result = TypeVar("Result")

ReadSession = Session
"""What a query is handed; the server passes it on and knows no more of it than this name."""


class Reader:
    """Run queries on reading connections, in threads of their own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
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
        with Session(self._engine, autoflush=False) as session:
            return query(session)
