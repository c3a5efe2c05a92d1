"""The tables of a desk as they go from one database to another: in which order, and how either one has their values."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect

from agentconsole.domain.text import storable
from agentconsole.storage.tables.all import Event, metadata

Row = tuple[Any, ...]
Key = Callable[[Row], Row]

# Leases and the feed are servers', and no server works on both; content lies in files, too, on every host. Before the
# desk's own row is there, nobody takes it for a desk.
_LEFT, _LAST = ("content", "feed", "lease", "server"), ("crypto_key", "desk")
LOG = Event.__tablename__
_FETCHED = 500
_MOST_BOUND = 20_000
_numbers = count(1)


@dataclass(frozen=True)
class MovingTable:
    """Read and write one table's rows as either database has them; between the two a row is a tuple of plain values.

    Truth values are 0 and 1, and a text has no U+0000, which PostgreSQL cannot hold.
    """

    table: sa.Table

    @property
    def name(self) -> str:
        """Return the table's name."""
        return str(self.table.name)

    @cached_property
    def keys(self) -> tuple[int, ...]:
        """Return the places of the key's columns in a row."""
        return tuple(place for place, column in enumerate(self.table.columns) if column.primary_key)

    @cached_property
    def counted(self) -> str:
        """Return the column that the database counts, "" where there is none."""
        column = self.table.autoincrement_column
        return "" if column is None else str(column.name)

    def key_of(self, row: Row) -> Row:
        """Return the key of a row; keys have the order that `rows` reads them in."""
        return tuple(row[place] for place in self.keys)

    def rows(self, connection: Connection, after: int = 0) -> Iterator[Row]:
        """Read all rows in the order of their key, few at a time; with `after`, those with a greater (whole) key."""
        postgres = connection.dialect.name == "postgresql"
        columns = ", ".join(_read(column, postgres=postgres) for column in self.table.columns)
        # Both databases compare the bytes then, and so do we; a database's own order depends on where it was made.
        order = ", ".join(
            f'"{column.name}"{_collated(column, postgres=postgres)}' for column in self.table.primary_key.columns
        )
        since = f'WHERE "{self.table.columns[self.keys[0]].name}" > {after} ' if after else ""
        sql = f'SELECT {columns} FROM "{self.name}" {since}ORDER BY {order}'  # noqa: S608 - names of our own
        link: Any = connection.connection.dbapi_connection
        if not postgres:
            return map(_without_nul, link.execute(sql))
        return _streamed(link, sql)

    def insert(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Add rows that are not there."""
        width = len(self.table.columns)
        step = max(1, _MOST_BOUND // width)
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            if connection.dialect.name == "postgresql":
                one = f"({', '.join(_written(column) for column in self.table.columns)})"
                sql = f"{self._into()} VALUES {', '.join([one] * len(some))}"
                connection.exec_driver_sql(sql, tuple(value for row in some for value in row))
            else:
                connection.exec_driver_sql(f"{self._into()} VALUES ({', '.join('?' * width)})", list(some))

    def _into(self) -> str:
        return f'INSERT INTO "{self.name}" ({", ".join(_quoted(column) for column in self.table.columns)})'

    def update(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Write rows over those of the same keys."""
        mark = _marking(connection.dialect)
        columns = list(self.table.columns)
        values = ", ".join(f"{_quoted(column)} = {mark(column)}" for column in columns)
        sql = f'UPDATE "{self.name}" SET {values} WHERE {self._by_key(connection.dialect)}'  # noqa: S608
        connection.exec_driver_sql(sql, [(*row, *self.key_of(row)) for row in rows])

    def delete(self, connection: Connection, keys: Sequence[Row]) -> None:
        """Remove the rows of these keys."""
        sql = f'DELETE FROM "{self.name}" WHERE {self._by_key(connection.dialect)}'  # noqa: S608
        connection.exec_driver_sql(sql, list(keys))

    def _by_key(self, dialect: Dialect) -> str:
        mark = _marking(dialect)
        return " AND ".join(f"{_quoted(column)} = {mark(column)}" for column in self.table.primary_key.columns)


def _quoted(column: "sa.Column[Any]") -> str:
    return f'"{column.name}"'


def _read(column: "sa.Column[Any]", *, postgres: bool) -> str:
    return f"{_quoted(column)}::int" if postgres and isinstance(column.type, sa.Boolean) else _quoted(column)


def _written(column: "sa.Column[Any]") -> str:
    return "%s::int::boolean" if isinstance(column.type, sa.Boolean) else "%s"


def _marking(dialect: Dialect) -> Callable[["sa.Column[Any]"], str]:
    return _written if dialect.name == "postgresql" else lambda _: "?"


def _collated(column: "sa.Column[Any]", *, postgres: bool) -> str:
    return ' COLLATE "C"' if postgres and isinstance(column.type, sa.String) else ""


def _without_nul(row: Row) -> Row:
    return tuple(storable(value) if type(value) is str and "\0" in value else value for value in row)


def _streamed(link: Any, sql: str) -> Iterator[Row]:
    """Read what a statement finds from a cursor of the server's: all of it at once would have to fit in here."""
    with link.cursor(name=f"moving_{next(_numbers)}") as cursor:
        cursor.itersize = _FETCHED
        cursor.execute(sql)
        yield from cursor


def moving_tables() -> tuple[MovingTable, ...]:
    """Return all tables that go along, each after those it refers to, and the desk's own row last."""
    whole = [table for table in metadata.sorted_tables if table.name not in (*_LEFT, *_LAST)]
    return tuple(map(MovingTable, (*whole, *(metadata.tables[name] for name in _LAST))))
