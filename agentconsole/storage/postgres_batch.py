"""Several statements to PostgreSQL in one go, as psycopg's pipeline does, but leaving its idle timer running."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, Pipeline
from psycopg.abc import PQGen
from psycopg.generators import send


class _Batch(Pipeline):
    """End without asking for a flush.

    psycopg asks for one after its last Sync, with which PostgreSQL sends what it has. PostgreSQL stops its idle timer
    for it and does not start it again, so that a server that froze then would keep the desk's lock for ever. What of
    ours has not left yet must go all the same: the other end waits for the rest of a long text, and we for an answer.
    """

    def _exit_gen(self) -> PQGen[None]:
        try:
            self._enqueue_sync()
            yield from self._communicate_gen()
        finally:
            if self.result_queue:
                yield from send(self.pgconn)
            yield from self._fetch_gen(flush=False)


@contextmanager
def batch(link: Connection[Any]) -> Iterator[None]:
    """Send what is executed within together, and wait once; raises what was refused first, at the end."""
    # The connection's own way in takes the one that is set.
    link._pipeline = _Batch(link)
    with link.pipeline():
        yield
