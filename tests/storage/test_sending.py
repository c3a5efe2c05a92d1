"""What a connection is sent: in order, with what is waited for, and undone by parts wherever it was refused."""

from typing import Any

import pytest

from agentconsole.storage.sending import Sending
from agentconsole.storage.tables.request import Request
from agentconsole.storage.transaction import Tx
from tests.desk_bench import Bench


class _Wire:
    """Stand for a driver's connection and its SQLAlchemy side; note each way there and back."""

    def __init__(self) -> None:
        self.ways: list[list[str]] = []
        self.dialect = self.connection = self.dbapi_connection = self
        self._open: list[str] | None = None

    def execute(self, sql: str, _bound: Any) -> str:
        if self._open is None:
            self.ways.append([sql])
        else:
            self._open.append(sql)
        return sql

    def __enter__(self) -> None:
        self._open = []
        self.ways.append(self._open)

    def __exit__(self, *_: object) -> None:
        self._open = None


def _sending() -> tuple[Sending, list[list[str]]]:
    wire: Any = _Wire()
    return Sending(wire, lambda link: link), wire.ways


def test_what_nobody_waits_for_goes_with_the_next_that_somebody_does() -> None:
    sending, ways = _sending()

    sending.later("one")
    sending.later("two")
    answer = sending.now("three")
    sending.now("four")

    assert (answer, ways) == ("three", [["one", "two", "three"], ["four"]])


def test_of_a_part_that_was_not_sent_yet_nothing_is_sent() -> None:
    sending, ways = _sending()

    sending.later("before")
    sending.begin_part()
    sending.later("within")
    sending.undo_part()
    sending.send()

    assert ways == [["before"]]


def test_a_part_within_a_part_is_undone_alone() -> None:
    sending, ways = _sending()

    sending.begin_part()
    sending.later("outer")
    sending.begin_part()
    sending.later("inner")
    sending.undo_part()
    sending.end_part()

    assert ways == [["SAVEPOINT part", "outer"], ["RELEASE part"]]


def _note(tx: Tx, name: str) -> None:
    tx.insert(Request, id=name, at=tx.wall, answer=b"")


def _noted(bench: Bench) -> list[str]:
    return bench.write(lambda tx: [name for (name,) in tx.rows("SELECT id FROM request ORDER BY id")])


@pytest.mark.parametrize("reads", [True, False], ids=["refused while it goes on", "refused at its end"])
def test_what_the_database_refuses_of_what_waited_is_raised_in_its_own_part_and_undoes_that_alone(
    bench: Bench, reads: bool
) -> None:
    bench.write(lambda tx: _note(tx, "a"))

    def work(tx: Tx) -> str:
        _note(tx, "b")
        said = "nothing"
        try:
            with tx.part():
                _note(tx, "c")
                _note(tx, "a")
                if reads:
                    tx.rows("SELECT 1")
        except tx.connection.dialect.loaded_dbapi.IntegrityError:
            said = "refused"
        with tx.part():
            _note(tx, "d")
        return said

    assert bench.write(work) == "refused"
    assert _noted(bench) == ["a", "b", "d"]
