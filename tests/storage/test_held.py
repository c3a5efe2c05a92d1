"""Rows that a transaction holds: read once, written where they changed, in step with the ORM, undone in parts."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Channel, Priority, Status
from agentconsole.storage.events import verify
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.draft import Draft
from agentconsole.storage.tables.event import Event
from agentconsole.storage.tables.lease import Lease
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx
from tests.desk_bench import MONDAY, Bench


def _ticket(tx: Tx, **fields: Any) -> Ticket:
    customer = tx.add(Customer(name="Özil", email="oe@example.org", created_at=tx.now))
    values: dict[str, Any] = {
        "brand_id": "ecolab",
        "channel": Channel.CHAT,
        "customer_id": customer.id,
        "subject": "Wo?",
        "status": Status.OPEN,
        "priority": Priority.HIGH,
        "opened_at": tx.now - timedelta(days=1),
        "updated_at": tx.now,
        "tags": ["a", "é"],
        "clock": b"\x00\xff",
    }
    return tx.add(Ticket(**(values | fields)))


class _Listening:
    """Stand before a driver's connection and note what is asked of it."""

    def __init__(self, link: Any) -> None:
        self.told: list[tuple[str, list[Any]]] = []
        self._link = link

    def execute(self, statement: str, bound: Any = ()) -> Any:
        self.told.append((statement, list(bound)))
        return self._link.execute(statement, bound)


def _statements(tx: Tx) -> list[tuple[str, list[Any]]]:
    """Have what a transaction holds tell what it asks of the database from here on."""
    tx.sending._link = listening = _Listening(tx.sending._link)
    return listening.told


@pytest.mark.parametrize("model", [Ticket, User, Event, Customer], ids=lambda model: model.__name__)
def test_a_held_row_is_what_the_orm_reads(bench: Bench, model: type[Ticket]) -> None:
    bench.write(_ticket)

    held, loaded = bench.write(
        lambda tx: (tx.get_one(model, 1).model_dump(), tx.session.get_one(model, 1).model_dump())
    )

    assert held == loaded
    assert {name: type(value) for name, value in held.items()} == {name: type(value) for name, value in loaded.items()}


def test_a_row_that_was_added_is_stored_as_it_was_and_has_its_number(bench: Bench) -> None:
    number = bench.write(_ticket).id

    stored = bench.row(number or 0)

    assert (stored.tags, stored.clock, stored.priority) == (["a", "é"], b"\x00\xff", Priority.HIGH)
    assert (stored.opened_at, stored.until) == (MONDAY - timedelta(days=1), None)


def test_a_row_is_held_once(bench: Bench) -> None:
    bench.write(_ticket)

    def twice(tx: Tx) -> tuple[bool, int]:
        first, told = tx.get(Ticket, 1), _statements(tx)
        return tx.get(Ticket, 1) is first, len(told)

    assert bench.write(twice) == (True, 0)


def test_only_the_columns_that_changed_are_written(bench: Bench) -> None:
    bench.write(_ticket)

    def change(tx: Tx) -> list[tuple[str, list[Any]]]:
        ticket, told = tx.get_one(Ticket, 1), _statements(tx)
        ticket.subject, ticket.tags, ticket.version = "Wann?", ["b"], ticket.version
        tx.flush()
        tx.flush()
        tx.sending.send()
        return list(told)

    ((statement, bound),) = bench.write(change)
    assert re.sub(r"[?]|%s(::\w+)?", "?", statement) == "UPDATE ticket SET subject=?, tags=? WHERE ticket.id = ?"
    assert bound == ["Wann?", '["b"]', 1]
    assert (bench.row(1).subject, bench.row(1).tags) == ("Wann?", ["b"])


def test_a_row_that_is_only_inserted_has_the_defaults_of_its_table(bench: Bench) -> None:
    bench.write(lambda tx: tx.insert(Customer, name="Rosa", created_at=tx.now))

    stored = bench.read(lambda session: session.get_one(Customer, 1))

    assert (stored.id, stored.email, stored.language, stored.created_at) == (1, "", "en", MONDAY)


def test_a_row_that_lacks_a_column_is_not_inserted(bench: Bench) -> None:
    with pytest.raises(KeyError, match="created_at"):
        bench.write(lambda tx: tx.insert(Customer, name="Rosa"))


def test_there_is_no_row_of_a_key_that_nobody_has(bench: Bench) -> None:
    assert bench.write(lambda tx: tx.get(Ticket, 77)) is None
    with pytest.raises(LookupError, match="no Ticket"):
        bench.write(lambda tx: tx.get_one(Ticket, 77))


def test_a_row_of_several_keys_is_found_and_changed(bench: Bench) -> None:
    bench.write(_ticket)

    def draft(tx: Tx) -> None:
        tx.add(Draft(user_id=1, ticket_id=1, kind="note", text="a", saved_at=tx.now))
        tx.get_one(Draft, 1, 1, "note").text = "b"

    bench.write(draft)

    assert bench.scalar("SELECT text FROM draft WHERE user_id = 1 AND ticket_id = 1 AND kind = 'note'") == "b"


def test_the_session_sees_what_is_held_and_what_is_held_sees_the_session(bench: Bench) -> None:
    def work(tx: Tx) -> tuple[str, str, list[tuple[object, ...]]]:
        ticket = _ticket(tx)
        ticket.subject = "held"
        seen = tx.session.execute(sa.text("SELECT subject FROM ticket")).scalar_one()
        tx.session.add(Lease(name="loaded", holder="x", since=tx.now))
        return seen, tx.get_one(Lease, "loaded").holder, tx.rows("SELECT name FROM lease WHERE holder = :who", who="x")

    assert bench.write(work) == ("held", "x", [("loaded",)])


def test_a_row_that_breaks_the_schema_is_refused_with_all_of_its_use_case(bench: Bench) -> None:
    before = bench.tables()

    def work(tx: Tx) -> None:
        _ticket(tx)
        tx.record("test.never")
        _ticket(tx, brand_id="nobody's")

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        bench.write(work)

    assert bench.tables() == before


def _fail(tx: Tx) -> None:
    """Do a bit of everything, through both ways of writing, and fail."""
    tx.record("test.gone", ticket=1)
    tx.news.append("gone")
    tx.arrived += 1
    tx.ended_sessions["gone"] = "x"
    tx.get_one(Ticket, 1).subject = "gone"
    tx.session.add(Lease(name="gone", holder="x", since=tx.now))
    tx.session.flush()
    raise Refused("No.")


def test_a_part_that_fails_takes_all_of_its_own_with_it_and_nothing_else(bench: Bench) -> None:
    bench.write(_ticket)

    def work(tx: Tx) -> None:
        tx.get_one(Ticket, 1).subject = "before"
        tx.session.add(Lease(name="before", holder="x", since=tx.now))
        tx.record("test.before")
        with pytest.raises(Refused), tx.part():
            _fail(tx)
        assert tx.get_one(Ticket, 1).subject == "before"
        tx.record("test.after")
        tx.session.add(Lease(name="after", holder="x", since=tx.now))

    bench.write(work)

    changes = bench.committed[-1]
    assert (changes.tickets, changes.news, changes.arrived, changes.ended_sessions) == (frozenset(), (), 0, {})
    assert [event.kind for event in bench.events()[-2:]] == ["test.before", "test.after"]
    assert bench.read(lambda s: s.execute(sa.text("SELECT name FROM lease ORDER BY name")).scalars().all()) == [
        "after",
        "before",
    ]
    assert bench.row(1).subject == "before"
    assert bench.read(lambda session: verify(session, bench.desk.context.audit_key)).fault == ""


def _divide(tx: Tx) -> None:
    tx.record("test.inner")
    raise ZeroDivisionError


def test_parts_stand_within_parts(bench: Bench) -> None:
    def work(tx: Tx) -> None:
        with tx.part():
            tx.record("test.outer")
            with pytest.raises(ZeroDivisionError), tx.part():
                _divide(tx)
            with tx.part():
                tx.record("test.second")

    bench.write(work)

    assert [event.kind for event in bench.events()[-2:]] == ["test.outer", "test.second"]
