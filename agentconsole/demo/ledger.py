"""New rows and events of the demo's story, gathered and written in bulk, parents before children."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from agentconsole.storage import search
from agentconsole.storage.events import EPOCH, Head, canonical, sealed
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.event import Event
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import Tx
from agentconsole.storage.types import micros

FIRST_TICKET = 1001
Row = dict[str, Any]
Insertion = tuple[str, tuple[tuple[str, Callable[[Any], Any]], ...]]
_NUMBERED: tuple[type[SQLModel], ...] = (Customer, Ticket, Contact, Outbox)


@cache
def _defaults(table: type[SQLModel]) -> Row:
    """Return the columns of a table that have a default, with it."""
    return {
        name: info.get_default(call_default_factory=True)
        for name, info in table.model_fields.items()
        if not info.is_required()
    }


@cache
def _core(table: type[SQLModel]) -> sa.Table:
    """Return a table without its mapping, which would look at every row."""
    core = sa.inspect(table).local_table
    assert isinstance(core, sa.Table)
    return core


def _processor(column: sa.Column[Any], dialect: sa.Dialect) -> Callable[[Any], Any]:
    """Return what makes a column's value ready for the driver."""
    return column.type.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value)


_NEWEST = sa.text(f"SELECT {', '.join(f'(SELECT max(id) FROM {_core(table).name})' for table in _NUMBERED)}")  # noqa: S608 - our own tables


@dataclass(slots=True)
class Ledger:
    """Gather rows under numbers that are given out here; after others have written, `resume` finds the next ones."""

    tx: Tx
    _next: dict[type[SQLModel], int] = field(default_factory=dict)
    _from: dict[type[SQLModel], int] = field(default_factory=dict)
    _new: dict[type[SQLModel], list[Row]] = field(default_factory=dict)
    _changed: dict[type[SQLModel], dict[int, Row]] = field(default_factory=dict)
    _texts: list[tuple[int, str]] = field(default_factory=list)
    _insertions: dict[type[SQLModel], Insertion] = field(default_factory=dict)

    def resume(self) -> None:
        """Go on after what is in the database by now."""
        self.tx.session.flush()
        numbers = self.tx.session.connection().execute(_NEWEST).one()
        self._next = {table: (number or 0) + 1 for table, number in zip(_NUMBERED, numbers, strict=True)}
        self._next[Ticket] = max(self._next[Ticket], FIRST_TICKET)
        self._from = dict(self._next)

    def add(self, table: type[SQLModel], **values: object) -> Row:
        """Gather a new row; it may be changed until it is written, and has its number already."""
        row = _defaults(table) | values | {"id": self._next[table]}
        self._next[table] += 1
        self._new.setdefault(table, []).append(row)
        return row

    def change(self, table: type[SQLModel], row: Row) -> None:
        """Note that a row has changed, which may have been written before."""
        if row["id"] < self._from[table]:
            self._changed.setdefault(table, {})[row["id"]] = row

    def make_findable(self, ticket: int, text: str) -> None:
        """Gather a text for the search."""
        self._texts.append((ticket, text))

    def record(self, kind: str, ticket: Row, **body: object) -> int:
        """Append a fact about a ticket's next version to the log, as `services.tickets.mark` does; its number."""
        ticket["version"] += 1
        ticket["updated_at"] = self.tx.now
        self.change(Ticket, ticket)
        seq = self.tx.head.seq + 1
        fields: Row = {
            "seq": seq,
            "at": micros(self.tx.now),
            "kind": kind,
            "actor": self.tx.actor.login,
            "session": "",
            "peer": None,
            "address": "",
            "ticket": ticket["id"],
            "subject": "",
            "body": canonical({"version": ticket["version"], **body}),
            "epoch": EPOCH,
            "prev": self.tx.head.hash,
        }
        digest, mac = sealed(fields, self.tx.chain_key)
        self._new.setdefault(Event, []).append(fields | {"at": self.tx.now, "hash": digest, "mac": mac})
        self.tx.head = Head(seq, digest, self.tx.now)
        return seq

    def write(self) -> None:
        """Write what was gathered and changed."""
        link = self.tx.session.connection()
        written: tuple[type[SQLModel], ...] = (*_NUMBERED, Event)
        for table in written:
            if self._new.get(table):
                statement, processing = self._insertion(table, link.dialect)
                rows = [tuple(process(row[name]) for name, process in processing) for row in self._new[table]]
                link.exec_driver_sql(statement, rows)
        for changed, changes in self._changed.items():
            core = _core(changed)
            numbered = [row | {"row_id": number} for number, row in changes.items()]
            link.execute(sa.update(core).where(core.c.id == sa.bindparam("row_id")), numbered)
        search.index_all(self.tx.session, self._texts)
        self._new.clear()
        self._changed.clear()
        self._texts.clear()

    def _insertion(self, table: type[SQLModel], dialect: sa.Dialect) -> Insertion:
        """Return how a table's rows go to the driver: SQLAlchemy would take longer over each than the database does."""
        if table not in self._insertions:
            core = _core(table)
            processing = tuple((column.name, _processor(column, dialect)) for column in core.columns)
            self._insertions[table] = str(sa.insert(core).compile(dialect=dialect)), processing
        return self._insertions[table]
