"""A clock that was set back: what was stamped with the wrong time does not wait for that time to come again."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.services import leases, timekeeping
from agentconsole.storage.events import verify
from agentconsole.storage.transaction import Tx
from agentconsole.wire.commands import Resolve, SaveDraft, Take
from tests.desk_bench import MONDAY, Bench

YEAR = timedelta(days=365)
WHY = "the battery of the machine's clock was empty"


def _ahead(bench: Bench, work: Callable[[], object], *, by: timedelta = YEAR) -> None:
    """Do something while the clock is ahead, then set it right, ten minutes later."""
    bench.clock.move(by)
    work()
    bench.clock.move(timedelta(minutes=10) - by)


def _accept(bench: Bench, reason: str = WHY) -> timedelta:
    return bench.desk.writer.run(
        bench.actor("sam"), lambda tx: timekeeping.accept_clock(tx, reason, live=()), behind=True
    )


def test_after_the_time_is_accepted_the_desk_goes_on_and_the_log_is_whole(bench: Bench) -> None:
    number = bench.ticket()
    _ahead(bench, lambda: bench.do("ana", Take(number, 99)))
    with pytest.raises(Refused, match="agentconsole clock accept") as refused:
        bench.do("ana", Resolve(number, 99))

    step = _accept(bench)

    bench.do("ana", Resolve(number, 99))
    (accepted,) = bench.events("clock.accepted")
    assert refused.value.code == "clock"
    assert (step, accepted.at, accepted.actor) == (YEAR - timedelta(minutes=10), MONDAY + timedelta(minutes=10), "sam")
    assert WHY in accepted.body
    assert [event.seq for event in bench.events()] == list(range(1, len(bench.events()) + 1))
    assert bench.read(lambda session: verify(session, bench.desk.context.audit_key)).fault == ""


@pytest.mark.parametrize(("back", "reason", "says"), [(0, WHY, "Nothing to accept"), (60, WHY, "Nothing to accept"),
    (61, " ", "why the clock was set back"), (61, "two\nlines", "why the clock was set back")])  # fmt: skip
def test_a_clock_is_accepted_only_where_it_went_back_and_for_a_reason(
    bench: Bench, back: int, reason: str, says: str
) -> None:
    bench.ticket()
    bench.clock.move(timedelta(seconds=-back))

    with pytest.raises(Refused, match=says):
        _accept(bench, reason)

    assert bench.events("clock.accepted") == []


def test_a_mail_of_the_wrong_year_is_due_as_if_it_had_come_by_the_right_clock(bench: Bench) -> None:
    numbers: list[int] = []
    _ahead(bench, lambda: numbers.append(bench.ticket()))

    _accept(bench)
    bench.sweep()

    (clock,) = [clock for clock in bench.clocks(numbers[0]).values() if clock.due_at is not None][:1]
    right = bench.clocks(bench.ticket("ana@example.org"))[clock.standard]
    row = bench.row(numbers[0])
    assert (clock.started_at, clock.due_at) == (right.started_at, right.due_at)
    assert row.opened_at == bench.clock.now()
    assert row.due_at is not None
    assert row.due_at < bench.clock.now() + timedelta(days=14)


def test_a_mail_of_the_wrong_day_is_put_right_although_nothing_happened_for_hours_since(bench: Bench) -> None:
    """By the server's heartbeat, which says what the clock showed last; the newest entry is four hours old."""
    bench.clock.move(timedelta(days=1))
    number = bench.ticket()
    bench.clock.move(timedelta(hours=4))
    bench.write(lambda tx: leases.beat(tx, leases.Joining("this", "this", "this"), 0, {}))
    bench.clock.move(-timedelta(days=1))

    step = _accept(bench)

    assert step == timedelta(days=1)
    assert bench.row(number).opened_at == MONDAY


def test_a_breach_that_only_the_wrong_clock_saw_is_none_and_comes_when_it_is_due(bench: Bench) -> None:
    number = bench.ticket()
    _ahead(bench, bench.sweep)
    seen = len(bench.events("clock.breached", number))

    _accept(bench)
    bench.sweep()
    breached = [clock.breached_at for clock in bench.clocks(number).values()]
    bench.move(days=20)

    assert seen > 0
    assert set(breached) == {None}
    assert len(bench.events("clock.breached", number)) == 2 * seen


def test_a_breach_of_before_stays_one(bench: Bench) -> None:
    number = bench.ticket()
    bench.move(days=20)
    before = {name: clock.breached_at for name, clock in bench.clocks(number).items()}
    _ahead(bench, lambda: bench.do("ana", Take(number, 99)))

    _accept(bench)

    assert any(before.values())
    assert {name: clock.breached_at for name, clock in bench.clocks(number).items()} == before


def test_nothing_in_the_desk_waits_for_the_wrong_year(bench: Bench) -> None:
    def work() -> None:
        number = bench.ticket()
        bench.do("ana", SaveDraft(number, "reply", "Dear Rosa"))
        bench.do("ana", Take(number, 99), request="once")
        bench.write(_stamp)

    _ahead(bench, work)

    _accept(bench)

    latest = bench.clock.now().timestamp() * 1_000_000 + 60_000_000
    for table, column in timekeeping._STAMPED:
        assert bench.scalar(f'SELECT count(*) FROM "{table}" WHERE {column} > :latest', latest=latest) == 0, table


def _stamp(tx: Tx) -> None:
    at = int(tx.wall.timestamp() * 1_000_000)
    tx.rows("UPDATE factor SET last_attempt_at = :at, fails_consecutive = 9", at=at)
    tx.rows("INSERT INTO password_guard VALUES ('ana', '', 9, 9, :at)", at=at)


def test_sessions_of_a_server_that_is_gone_end_and_live_ones_stay(bench: Bench) -> None:
    insert = "INSERT INTO session (id, user_id, began_at, seen_at, code_at, end_reason, peer, address)"
    bench.write(lambda tx: tx.rows(f"{insert} SELECT 's' || id, id, 0, 0, 0, '', 1, '' FROM \"user\""))
    _ahead(bench, bench.ticket)

    bench.desk.writer.run(bench.actor("sam"), lambda tx: timekeeping.accept_clock(tx, WHY, live={"s1"}), behind=True)

    assert bench.scalar("SELECT max(id) FROM session WHERE ended_at IS NULL") == "s1"
    assert bench.scalar("SELECT count(*) FROM session WHERE ended_at IS NULL") == 1
