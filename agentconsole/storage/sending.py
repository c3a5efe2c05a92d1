"""What one connection is sent: statements in their order, those that nobody waits for together with the next that is.

To PostgreSQL each statement that is waited for is a way there and back, of which a claim had seventeen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy.engine import Connection

_BEGIN, _BACK, _END = "SAVEPOINT part", "ROLLBACK TO part", "RELEASE part"


class Sending:
    """Send to one connection; whoever uses it otherwise has to `send` first.

    What a statement that waited was refused for is raised by what sends it. What is executed on the driver's connection
    within `together` goes to the database in one way.
    """

    def __init__(
        self, connection: Connection, together: Callable[[Any], AbstractContextManager[None]] = nullcontext
    ) -> None:
        self.dialect = connection.dialect
        self._link: Any = connection.connection.dbapi_connection
        self._together = together
        self._waiting: list[tuple[str, Sequence[Any]]] = []
        self._parts = 0

    def later(self, sql: str, bound: Sequence[Any] = ()) -> None:
        """Send a statement with the next one that is waited for."""
        self._waiting.append((sql, bound))

    def now(self, sql: str, bound: Sequence[Any] = ()) -> Any:
        """Send a statement after all that wait, and return its cursor."""
        if not self._waiting:
            return self._link.execute(sql, bound)
        self.later(sql, bound)
        return self.send()

    def send(self) -> Any:
        """Send all that wait; return the cursor of the last of them, None where none waited."""
        waiting, self._waiting = self._waiting, []
        cursor = None
        with self._together(self._link) if len(waiting) > 1 else nullcontext():
            for sql, bound in waiting:
                cursor = self._link.execute(sql, bound)
        return cursor

    def begin_part(self) -> None:
        """Begin what can be undone by itself; a part within a part is undone alone."""
        if self._parts:
            self.send()
        self._parts += 1
        self.later(_BEGIN)

    def end_part(self) -> None:
        """Send all of a part and end it: what is refused of it is raised here at the latest."""
        self.now(_END)
        self._parts -= 1

    def undo_part(self) -> None:
        """Undo what was sent of the part that began last, and send no more of it."""
        self._parts -= 1
        began = next((at for at, (sql, _) in enumerate(self._waiting) if sql == _BEGIN), None)
        del self._waiting[began or 0 :]
        if began is None:
            self.later(_BACK)
            self.now(_END)

    def forget(self) -> None:
        """Send nothing of what waits: the transaction is gone, with all parts."""
        self._waiting.clear()
        self._parts = 0
