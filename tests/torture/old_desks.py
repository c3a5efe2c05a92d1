"""Databases as an older program left them, with rows in every table; and all that a database says, to compare."""

from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

from agentconsole.domain.suggestion import Disposition
from agentconsole.domain.terms import Author, Channel, ContactKind, Priority, Role, Status
from agentconsole.storage.upgrade import HEAD

ROWS = 3
VERSIONS = tuple(f"{number:04}" for number in range(1, int(HEAD) + 1))
# Columns that take only some words; "kind" is one of them in contacts.
_WORDS: dict[str, str] = {
    "role": next(iter(Role)),
    "channel": next(iter(Channel)),
    "status": next(iter(Status)),
    "priority": next(iter(Priority)),
    "kind": next(iter(ContactKind)),
    "author": next(iter(Author)),
    "disposition": next(iter(Disposition)),
}
_DERIVED = ("search_doc", "search_text", "alembic_version")


def make_old(connection: Connection, version: str) -> None:
    """Make the schema of a version in an empty database, in the transaction that the connection is in."""
    config = Config()
    config.set_main_option("script_location", "agentconsole:storage/migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def fill(connection: Connection) -> None:
    """Put some rows into every table."""
    tables = sa.MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        if not table.name.startswith(_DERIVED):
            # A desk is one row, by its own rule.
            for number in range(1, 2 if table.name == "desk" else ROWS + 1):
                row = {column.name: _value(column, number) for column in table.columns}
                connection.execute(table.insert().values(row))


def _value(column: sa.Column[Any], number: int) -> object:
    kind = column.type.python_type
    if column.name in _WORDS and kind is str:
        return str(_WORDS[column.name])
    if column.foreign_keys and not column.primary_key:
        return None if column.nullable else (1 if kind is int else "1")
    # What is left is JSON, which is of no one type.
    values: dict[type, object] = {int: number, str: str(number), bytes: bytes([number]), bool: False}
    return values.get(kind, {})


def contents(connection: Connection) -> dict[str, list[Any]]:
    """Return every table with its columns and its rows."""
    found: dict[str, list[Any]] = {}
    for name in sa.inspect(connection).get_table_names():
        if not name.startswith("search_doc_"):
            rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"')
            found[name] = [tuple(rows.keys()), *sorted(map(repr, rows))]
    return found
