"""Statements that are compiled once and run as the driver takes them: by text, and for the rows of one table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement
from sqlmodel import SQLModel

Values = Sequence[Any]
_Convert = Callable[[Any], Any] | None


def rows_of(cursor: Any) -> list[tuple[Any, ...]]:
    """Return what a statement found; of one that finds nothing by its nature, psycopg must not be asked."""
    return cursor.fetchall() if cursor.description else []


class Statement:
    """Keep one statement as the driver takes it: its text, and the names of what is bound in their order."""

    def __init__(self, clause: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = clause.compile(dialect=dialect)
        self.sql = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())


class Table:
    """Know how one table's rows are read and written; values go through the same converters as the ORM's."""

    def __init__(self, model: type[SQLModel], dialect: Dialect) -> None:
        mapper = sa.inspect(model)
        columns = [attribute.columns[0] for attribute in mapper.column_attrs]
        types = [column.type.dialect_impl(dialect) for column in columns]
        self._new = mapper.class_manager.new_instance
        self._dialect = dialect
        self._columns = columns
        self._keys = [column for column in columns if column.primary_key]
        self._into: list[_Convert] = [kind.bind_processor(dialect) for kind in types]
        self._from: list[_Convert] = [kind.result_processor(dialect, None) for kind in types]
        self._updates: dict[tuple[int, ...], str] = {}
        self.names = [attribute.key for attribute in mapper.column_attrs]
        self._defaults = {
            name: field.default
            for name, field in model.model_fields.items()
            if not field.is_required() and field.default_factory is None
        }
        self.key_names = [name for name, column in zip(self.names, columns, strict=True) if column.primary_key]
        counted = mapper.local_table.autoincrement_column
        self.counted = "" if counted is None else counted.key
        self.select = str(sa.select(*columns).where(*self._by_key()).compile(dialect=dialect))
        self._insert = self._inserting(counted=False)
        self._insert_counted = self._inserting(counted=True) if self.counted else self._insert

    def _by_key(self) -> list[sa.ColumnElement[bool]]:
        return [column == sa.bindparam(f"key_{column.key}") for column in self._keys]

    def _inserting(self, *, counted: bool) -> tuple[str, list[int]]:
        wanted = [at for at, name in enumerate(self.names) if not (counted and name == self.counted)]
        into = sa.insert(self._columns[0].table).values({self._columns[at].name: sa.bindparam(None) for at in wanted})
        if counted:
            into = into.returning(*self._keys)
        return str(into.inline().compile(dialect=self._dialect)), wanted

    def insert(self, values: Values) -> tuple[str, Values, bool]:
        """Return the statement that adds a row, what it binds, and whether the database counts its key."""
        counted = bool(self.counted) and values[self.names.index(self.counted)] is None
        sql, wanted = self._insert_counted if counted else self._insert
        return sql, [values[at] for at in wanted], counted

    def complete(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the fields of a new row with the defaults of those that are not named."""
        return {**self._defaults, **fields}

    def update(self, changed: Sequence[str], fields: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """Return the statement that writes the changed fields of a row, and what it binds before the row's key."""
        places = tuple(map(self.names.index, changed))
        if places not in self._updates:
            values: dict[str, Any] = {self._columns[at].name: sa.bindparam(f"new_{at}") for at in places}
            statement = sa.update(self._columns[0].table).where(*self._by_key()).values(values)
            self._updates[places] = str(statement.compile(dialect=self._dialect))
        converters = ((self._into[at], fields[self.names[at]]) for at in places)
        return self._updates[places], [value if into is None else into(value) for into, value in converters]

    def values(self, fields: Mapping[str, Any]) -> list[Any]:
        """Return what is stored of a row's fields, in the order of the columns."""
        return [
            fields[name] if into is None else into(fields[name])
            for name, into in zip(self.names, self._into, strict=True)
        ]

    def row(self, stored: Values) -> Any:
        """Return what was stored as a row of its own that no session knows."""
        row = self._new()
        row.__dict__.update(
            (name, value if out is None else out(value))
            for name, out, value in zip(self.names, self._from, stored, strict=True)
        )
        return row


class Prepared:
    """Keep what one engine's statements come to; made once, used by every transaction on the writing thread."""

    def __init__(self) -> None:
        self._tables: dict[type[SQLModel], Table] = {}
        self._statements: dict[str, Statement] = {}

    def table(self, model: type[SQLModel], dialect: Dialect) -> Table:
        """Return how rows of a model are read and written."""
        if model not in self._tables:
            self._tables[model] = Table(model, dialect)
        return self._tables[model]

    def statement(self, sql: str, dialect: Dialect) -> Statement:
        """Return a statement, whose values are named `:name`, as the driver takes it."""
        if sql not in self._statements:
            self._statements[sql] = Statement(sa.text(sql), dialect)
        return self._statements[sql]
