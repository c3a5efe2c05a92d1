"""Rows that a transaction holds: read by their key, and written back where they have changed, past the ORM.

An object of the ORM costs a third of a millisecond to read and as much to write; a claim has three and a mail eight.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlmodel import SQLModel

from agentconsole.storage.prepared import Prepared, Table, rows_of
from agentconsole.storage.sending import Sending

Row = TypeVar("Row", bound=SQLModel)


class Held:
    """Hold the rows of one transaction, each once; what the ORM's session has loaded is not among them."""

    def __init__(self, sending: Sending, prepared: Prepared) -> None:
        self._sending = sending
        self._dialect = sending.dialect
        self._prepared = prepared
        self._rows: dict[tuple[Any, ...], tuple[Table, Any, dict[str, Any]]] = {}

    def get(self, model: type[Row], *key: Any) -> Row | None:
        """Return the row of a key, None where there is none."""
        known = self._rows.get((model, *key))
        if known is not None:
            row: Row = known[1]
            return row
        table = self._prepared.table(model, self._dialect)
        stored = self._sending.now(table.select, key).fetchone()
        return None if stored is None else self._hold(model, table, table.row(stored))

    def _hold(self, model: type[Row], table: Table, row: Row) -> Row:
        fields = row.__dict__
        self._rows[model, *(fields[name] for name in table.key_names)] = (table, row, fields.copy())
        return row

    def add(self, row: Row) -> Row:
        """Insert a new row at once, and set the key that the database gives it."""
        table = self._prepared.table(type(row), self._dialect)
        number = self._insert(table, row.__dict__)
        if number is not None:
            setattr(row, table.counted, number)
        return self._hold(type(row), table, row)

    def insert(self, model: type[SQLModel], fields: Mapping[str, Any]) -> None:
        """Insert a row that nobody needs afterwards; a column that has no plain default is named."""
        table = self._prepared.table(model, self._dialect)
        self._insert(table, table.complete(fields))

    def _insert(self, table: Table, fields: Mapping[str, Any]) -> int | None:
        sql, bound, counted = table.insert(table.values(fields))
        if counted:
            return int(self._sending.now(sql, bound).fetchall()[0][0])
        self._sending.later(sql, bound)
        return None

    def read(self, sql: str, bound: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run a statement with named values and return its rows, as they are stored."""
        ready = self._prepared.statement(sql, self._dialect)
        return rows_of(self._sending.now(ready.sql, [bound[name] for name in ready.names]))

    def write(self, sql: str, bound: Mapping[str, Any]) -> None:
        """Run a statement with named values that returns nothing, at the latest before the next that does."""
        ready = self._prepared.statement(sql, self._dialect)
        self._sending.later(ready.sql, [bound[name] for name in ready.names])

    def save(self) -> None:
        """Write the columns that were set anew since they were read or written; as the ORM, it sees no list changed."""
        for key, (table, row, was) in self._rows.items():
            fields = row.__dict__
            if fields != was:
                sql, bound = table.update([name for name in table.names if fields[name] != was[name]], fields)
                self._sending.later(sql, [*bound, *key[1:]])
                was.update(fields)

    def forget(self) -> None:
        """Let go of every row: what was read may not be so any more."""
        self._rows.clear()
