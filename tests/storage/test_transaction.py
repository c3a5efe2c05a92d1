"""The one writer: shared commits, refusals without a trace, and what happens when the disk or the clock fails."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from agentconsole.domain.errors import Refused
from agentconsole.storage.events import verify
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.lease import Lease
from agentconsole.storage.tables.request import Request
from agentconsole.storage.transaction import DESK, LARGEST_GROUP, Tx
from tests.desk_bench import Bench, open_bench


def _lease(name: str) -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        tx.session.add(Lease(name=name, holder="test", since=tx.wall))
        tx.record("test.leased", subject=name)
        return name

    return work


def _refused(tx: Tx) -> None:
    _lease("never")(tx)
    tx.session.flush()
    raise Refused("No.")


def _together(bench: Bench, *works: Callable[[Tx], object]) -> list["Future[object]"]:
    """Hold the writer up until all are queued, so that they become one group."""
    gate = _busy(bench)
    futures = [bench.desk.writer.submit(DESK, work) for work in works]
    gate.set()
    return futures


def _busy(bench: Bench) -> threading.Event:
    """Keep the writer busy with one use case until the event is set."""
    started, gate = threading.Event(), threading.Event()

    def work(_tx: Tx) -> None:
        started.set()
        # A group that set off by itself would show as one commit too many, and hide that the machine was slow.
        assert gate.wait(60)

    bench.desk.writer.submit(DESK, work)
    assert started.wait(60)
    return gate


def _leases(bench: Bench) -> list[str]:
    return bench.read(
        lambda s: list(s.execute(sa.text("SELECT name FROM lease WHERE holder = 'test' ORDER BY name")).scalars())
    )


def _is_whole(bench: Bench) -> bool:
    return bench.read(lambda session: verify(session, bench.desk.context.audit_key)).fault == ""


def test_what_waits_shares_one_commit(bench: Bench) -> None:
    before = len(bench.committed)

    futures = _together(bench, *(_lease(f"lease {number:02}") for number in range(20)))

    assert [future.result(10) for future in futures] == [f"lease {number:02}" for number in range(20)]
    assert len(bench.committed) == before + 2
    assert len(_leases(bench)) == 20


def test_a_group_is_not_larger_than_its_limit(bench: Bench) -> None:
    before = len(bench.committed)

    futures = _together(bench, *(_lease(f"lease {number:03}") for number in range(LARGEST_GROUP + 10)))
    for future in futures:
        future.result(10)

    assert len(bench.committed) == before + 3


def test_a_refused_use_case_leaves_no_trace_and_the_others_of_its_group_stand(bench: Bench) -> None:
    first, refused, last = _together(bench, _lease("first"), _refused, _lease("last"))

    assert (first.result(10), last.result(10)) == ("first", "last")
    with pytest.raises(Refused, match="No"):
        refused.result(10)
    assert _leases(bench) == ["first", "last"]
    assert [event.subject for event in bench.events("test.leased")] == ["first", "last"]


def test_a_use_case_whose_last_writing_is_refused_leaves_its_neighbours_alone(bench: Bench) -> None:
    def note(name: str) -> Callable[[Tx], None]:
        return lambda tx: tx.insert(Request, id=name, at=tx.wall, answer=b"")

    futures = _together(bench, *map(note, "abac"))
    outcomes = [future.exception(10) is None for future in futures]

    assert outcomes == [True, True, False, True]
    assert bench.write(lambda tx: tx.rows("SELECT id FROM request ORDER BY id")) == [("a",), ("b",), ("c",)]


def test_the_log_has_no_gap_where_something_was_refused(bench: Bench) -> None:
    for future in _together(bench, _lease("a"), _refused, _lease("b"), _refused, _lease("c")):
        future.exception(10)

    numbers = [event.seq for event in bench.events()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert _is_whole(bench)


def test_a_fault_in_one_use_case_is_told_to_its_caller_alone(bench: Bench) -> None:
    good, bad = _together(bench, _lease("good"), lambda _: 1 // 0)

    assert good.result(10) == "good"
    with pytest.raises(ZeroDivisionError):
        bad.result(10)


def test_a_breach_of_the_schema_is_told_to_its_caller_alone(bench: Bench) -> None:
    first, twice, last = _together(bench, _lease("one"), _lease("one"), _lease("two"))

    assert (first.result(10), last.result(10)) == ("one", "two")
    assert isinstance(twice.exception(10), sa.exc.IntegrityError)


def test_a_caller_who_gave_up_before_its_turn_is_not_served(bench: Bench) -> None:
    gate = _busy(bench)
    given_up, served = (bench.desk.writer.submit(DESK, _lease(name)) for name in ("given up", "served"))

    given_up.cancel()
    gate.set()

    assert served.result(10) == "served"
    assert _leases(bench) == ["served"]


def test_a_full_disk_undoes_the_whole_group_and_tells_everybody_in_it(tmp_path: Path) -> None:
    """SQLite ends the transaction itself then; a use case that ran on would commit alone, outside of the group."""
    with open_bench(tmp_path) as bench:
        _fill_the_disk(bench)


def _fill_the_disk(bench: Bench) -> None:
    before = bench.tables()

    def fill(tx: Tx) -> None:
        pages = tx.session.execute(sa.text("PRAGMA page_count")).scalar_one()
        tx.session.execute(sa.text(f"PRAGMA max_page_count = {pages}"))
        tx.session.add(Customer(name="x" * 10_000_000, created_at=tx.now))
        tx.session.flush()

    futures = _together(bench, _lease("before"), fill, _lease("after"))

    assert all(future.exception(10) is not None for future in futures)
    assert bench.tables() == before
    bench.write(lambda tx: tx.session.execute(sa.text("PRAGMA max_page_count = 1000000")))
    assert bench.write(_lease("room again")) == "room again"
    assert _is_whole(bench)


def test_what_was_queued_is_finished_when_the_writer_closes_and_what_comes_later_is_refused(bench: Bench) -> None:
    futures = _together(bench, _lease("queued"))

    bench.desk.writer.close()
    late = bench.desk.writer.submit(DESK, _lease("late"))

    assert futures[0].result(0) == "queued"
    with pytest.raises(Refused, match="stopping"):
        late.result(0)


def test_somebody_who_cannot_be_told_of_a_commit_does_not_undo_it(bench: Bench) -> None:
    def fails(_changes: object) -> None:
        raise RuntimeError("the loop is closed")

    bench.desk.writer._committed = fails

    assert bench.write(_lease("kept")) == "kept"
    assert _leases(bench) == ["kept"]


@pytest.mark.parametrize(
    ("step_back", "is_refused"),
    [(timedelta(seconds=1), False), (timedelta(seconds=60), False), (timedelta(seconds=61), True)],
    ids=str,
)
def test_the_log_never_runs_backwards(bench: Bench, step_back: timedelta, is_refused: bool) -> None:
    bench.write(_lease("now"))
    newest = bench.events()[-1].at

    bench.clock.move(-step_back)
    outcome = bench.desk.writer.submit(DESK, _lease("later")).exception(10)

    if is_refused:
        assert isinstance(outcome, Refused)
        assert "`agentconsole clock accept`" in outcome.sentence
    else:
        assert (outcome, bench.events()[-1].at) == (None, newest)


def test_a_reading_connection_cannot_write(bench: Bench) -> None:
    def write(session: Session) -> None:
        session.execute(sa.text("DELETE FROM lease"))

    with pytest.raises(sa.exc.DBAPIError, match=r"readonly|query_only|read-only"):
        bench.read(write)
