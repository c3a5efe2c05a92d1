"""New rows and events of the demo's story, gathered and written in bulk, parents before children."""

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


@dataclass(slots=True)
class Ledger:
    """Gather rows under numbers that are given out here; after others have written, `resume` finds the next ones."""

    tx: Tx
    _next: dict[type[SQLModel], int] = field(default_factory=dict)
    _from: dict[type[SQLModel], int] = field(default_factory=dict)
    _new: dict[type[SQLModel], list[Row]] = field(default_factory=dict)
    _changed: dict[tuple[type[SQLModel], int], Row] = field(default_factory=dict)
    _texts: list[tuple[int, str]] = field(default_factory=list)

    def resume(self) -> None:
        """Go on after what is in the database by now."""
        self.tx.session.flush()
        newest = [sa.select(sa.func.max(_core(table).c.id)).scalar_subquery() for table in _NUMBERED]
        numbers = self.tx.session.execute(sa.select(*newest)).one()
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
            self._changed[table, row["id"]] = row

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
                link.execute(sa.insert(_core(table)), self._new[table])
        for (changed, number), row in self._changed.items():
            link.execute(sa.update(_core(changed)).where(_core(changed).c.id == number), row)
        search.index_all(self.tx.session, self._texts)
        self._new.clear()
        self._changed.clear()
        self._texts.clear()
