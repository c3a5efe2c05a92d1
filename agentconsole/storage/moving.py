"""Making one database's rows those of another, also while a desk works on the first: compare, write what differs."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import msgspec
from sqlalchemy.engine import Connection, Engine

from agentconsole.domain.errors import Refused
from agentconsole.storage.moving_tables import LOG, Key, MovingTable, Row, moving_tables

Item = TypeVar("Item")
Sums = dict[str, tuple[int, str]]
"""The rows of each table and the hash over them."""
Told = Callable[[str, int], None]
"""Is told of which table so many more rows were looked at."""
_BATCH = 2000
_encoded = msgspec.msgpack.Encoder().encode


@dataclass(slots=True)
class Sum:
    """Add up a table's rows in the order of their keys: how many, and the SHA-256 over what they come to."""

    rows: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def over(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Pass rows on and add them up."""
        for row in rows:
            self.digest.update(_encoded(row))
            self.rows += 1
            yield row

    def told(self) -> tuple[int, str]:
        """Return the number of rows and the hash."""
        return self.rows, self.digest.hexdigest()


@dataclass(slots=True)
class Compared:
    """Tell of one table: what either side added up to, how many rows were written, and the keys of those to remove."""

    ours: Sum = field(default_factory=Sum)
    theirs: Sum = field(default_factory=Sum)
    written: int = 0
    gone: list[Row] = field(default_factory=list)


class Moving:
    """Bring the rows of a target to what those of a source are. A target is read on one link and written on another.

    Every pass reads the source at one instant. Whoever is killed begins anew and finds what is there already.
    """

    def __init__(
        self, source: Engine, reading: Engine, writing: Engine, told: Told = lambda _table, _rows: None
    ) -> None:
        self._source = source
        self._reading = reading
        self._writing = writing
        self._told = told
        # What was compared once of the log cannot change any more on either side.
        self._log, self._log_seq = Compared(), 0

    def approach(self) -> int:
        """Write what differs, but for the desk's own row: until that is there nobody takes the target for a desk.

        Returns how many rows that were. A desk may work on the source meanwhile.
        """
        with self._source.connect() as source, source.begin():
            found = self._pass(source, moving_tables()[:-1])
        return sum(one.written + len(one.gone) for one in found.values())

    def settle(self, ready: Callable[[], None]) -> Sums:
        """Write what differs and read it again until nothing does; then, when all is `ready`, the desk's own row.

        Returns what each table adds up to. The source is read at one instant: what is written there later is not in it.
        """
        *rows, desk = moving_tables()
        with self._source.connect() as source, source.begin():
            sums = self._settled(source, rows)
            ready()
            return {**sums, **self._settled(source, [desk])}

    def _settled(self, source: Connection, tables: Collection[MovingTable]) -> Sums:
        sums: Sums = {}
        while tables:
            found = self._pass(source, tables)
            tables = [table for table in tables if found[table].written or found[table].gone]
            for table in found.keys() - tables:
                if found[table].ours.told() != found[table].theirs.told():
                    raise Refused(f"The copy of {table.name} does not hold: is a disk failing? Nothing was moved.")
                sums[table.name] = found[table].ours.told()
        return sums

    def _pass(self, source: Connection, tables: Collection[MovingTable]) -> dict[MovingTable, Compared]:
        found = {table: self._compare(source, table) for table in tables}
        for table in reversed(list(tables)):
            for keys in _batches(found[table].gone):
                self._write(table.delete, keys)
        return found

    def _compare(self, source: Connection, table: MovingTable) -> Compared:
        with self._reading.connect() as target, target.begin():
            if table.name == LOG:
                return self._follow_log(table, source, target)
            found = Compared()
            ours = found.ours.over(self._watched(table, table.rows(source)))
            theirs = found.theirs.over(table.rows(target))
            for some in _batches(differences(ours, theirs, table.key_of)):
                found.gone += [table.key_of(there) for row, there in some if row is None and there is not None]
                new = [row for row, there in some if row is not None and there is None]
                changed = [row for row, there in some if row is not None and there is not None]
                self._write(table.insert, new)
                self._write(table.update, changed)
                found.written += len(new) + len(changed)
        return found

    def _follow_log(self, table: MovingTable, source: Connection, target: Connection) -> Compared:
        """Add the events that are missing; refuses a target that has others: it is another desk's, or newer."""
        found = self._log
        found.written = 0
        rows = self._watched(table, table.rows(source, self._log_seq))
        ours = found.ours.over(rows)
        for event in found.theirs.over(table.rows(target, self._log_seq)):
            if next(ours, None) != event:
                raise Refused(
                    "That database has events which this desk has not: it is another desk's, or newer. "
                    "Nothing was moved: name an empty one."
                )
            self._log_seq = event[0]
        for some in _batches(rows):
            self._write(table.insert, some)
            found.written += len(some)
        return found

    def _watched(self, table: MovingTable, rows: Iterator[Row]) -> Iterator[Row]:
        for some in _batches(rows):
            self._told(table.name, len(some))
            yield from some

    def _write(self, work: Callable[[Connection, Sequence[Row]], None], rows: Sequence[Row]) -> None:
        if rows:
            with self._writing.begin() as connection:
                work(connection, rows)


def differences(ours: Iterator[Row], theirs: Iterator[Row], key_of: Key) -> Iterator[tuple[Row | None, Row | None]]:
    """Compare rows in the order of their keys, and yield those that only one side has, or that are not the same."""
    mine, other = next(ours, None), next(theirs, None)
    while mine is not None or other is not None:
        if mine is None or (other is not None and key_of(other) < key_of(mine)):
            yield None, other
            other = next(theirs, None)
        elif other is None or key_of(mine) < key_of(other):
            yield mine, None
            mine = next(ours, None)
        else:
            if mine != other:
                yield mine, other
            mine, other = next(ours, None), next(theirs, None)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while some := list(islice(iterator, _BATCH)):
        yield some
