"""The two ends of a move or a copy: how each kind of database is read and written as a whole, and what it holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.engine import Engine

from agentconsole.domain.errors import Refused
from agentconsole.storage.database import Database
from agentconsole.storage.moving import Moving, Sums, Told
from agentconsole.storage.moving_derived import WordIndex, check_references, count_on

_EMPTIED = (
    "ALTER TABLE event DISABLE TRIGGER USER",
    "DELETE FROM event",
    "ALTER TABLE event ENABLE TRIGGER USER",
)


@dataclass(frozen=True, slots=True)
class End:
    """Hold the engines of a database that is written as a whole: by its owner, where it has one."""

    reading: Engine
    writing: Engine

    def holds_desk(self) -> bool:
        """Tell whether there is a desk, and not only rows that one was to have."""
        with self.writing.connect() as connection:
            return connection.exec_driver_sql("SELECT count(*) FROM desk").scalar() != 0

    def finish(self) -> None:
        """Have the rows refer to rows that are there, and the database count on behind them."""
        with self.writing.begin() as connection:
            check_references(connection)
            count_on(connection)


@contextmanager
def opened_end(database: Database) -> Iterator[End]:
    """Open a database to read and write it as a whole, as its owner where that is known."""
    end = End(*database.whole())
    try:
        yield end
    finally:
        end.reading.dispose()
        end.writing.dispose()


@contextmanager
def written_end(database: Database) -> Iterator[End]:
    """Open a database that is to be filled, making its tables first."""
    database.upgrade()
    with opened_end(database) as end:
        yield end


def copy_desk(source: Database, target: Database, told: Told) -> Sums:
    """Copy a desk as it is at one instant into a database that has none, and read both to the end again."""
    reading = source.reading()
    try:
        with written_end(target) as end:
            index = WordIndex(end.writing, anew=True, told=told)
            moving = Moving(reading, end.reading, end.writing, told)

            def ready() -> None:
                index.catch_up()
                end.finish()

            return moving.settle(ready)
    finally:
        reading.dispose()


def clear_unfounded(target: Database) -> None:
    """Take out of a database without a desk what somebody who was interrupted began to put there."""
    with written_end(target) as end:
        if end.holds_desk():
            raise Refused("There is a desk in that database already: make an empty one for this desk.")
        with end.writing.begin() as connection:
            for statement in _EMPTIED:
                connection.exec_driver_sql(statement)
