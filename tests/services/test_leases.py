"""Leases: one server does a recurring job, another when that one dies, and what a dead one had is nobody's again."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
import sqlalchemy as sa

from agentconsole.services import leases, outbox_leaving
from agentconsole.services.leases import Joining
from agentconsole.services.sessions import begin_session
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx
from agentconsole.wire import commands as wire
from tests.desk_bench import Bench

NOW = 10_000
ONE, TWO = Joining("one-1", "one", "host one"), Joining("two-1", "two", "host two")


def _join(bench: Bench, *servers: Joining, alone: bool = False) -> None:
    for server in servers:
        bench.write(lambda tx, me=server: leases.join(tx, me, alone=alone))  # type: ignore[misc]


def _hold(bench: Bench, server: Joining, name: str = leases.SWEEP) -> int:
    return bench.write(lambda tx: leases.hold(tx, name, server.id))


def _beat(bench: Bench, me: Joining, dead: Mapping[str, int] | None = None) -> Mapping[str, int]:
    return bench.write(lambda tx: leases.beat(tx, me, 7, dead or {}))


def _bury(bench: Bench, server: Joining, by: Joining) -> None:
    _beat(bench, by, {server.id: _beat(bench, by)[server.id]})


def _sign_in(bench: Bench, server: Joining) -> str:
    def begin(tx: Tx) -> str:
        return begin_session(tx, tx.session.get_one(User, 1), server.id).id

    return bench.write(begin)


def _open_sessions(bench: Bench) -> list[str]:
    wanted = sa.text("SELECT server_id FROM session WHERE ended_at IS NULL ORDER BY server_id")
    return bench.read(lambda session: list(session.execute(wanted).scalars()))


def _taken(bench: Bench, server: Joining, lease: int) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then="resolve"))
    bench.clock.move(timedelta(seconds=11))
    bench.write(lambda tx: outbox_leaving.collect(tx, bench.desk.context, server.id, lease=lease))


def test_a_lease_is_one_server_s_as_long_as_that_lives_and_its_number_grows_with_each_that_takes_it(
    bench: Bench,
) -> None:
    _join(bench, ONE, TWO)

    first, other, kept = _hold(bench, ONE), _hold(bench, TWO), _hold(bench, ONE)
    bench.write(lambda tx: leases.leave(tx, ONE.id))

    assert (first, other, kept, _hold(bench, TWO)) == (1, 0, 1, 2)


def test_a_lease_does_not_care_what_any_clock_says(bench: Bench) -> None:
    _join(bench, ONE, TWO)
    _hold(bench, ONE)

    bench.clock.move(timedelta(days=1))

    assert (_hold(bench, TWO), _hold(bench, ONE)) == (0, 1)


def test_who_is_not_entered_or_was_buried_holds_nothing_before_it_enters_again(bench: Bench) -> None:
    _join(bench, ONE, TWO)
    _hold(bench, ONE)

    _bury(bench, ONE, TWO)
    woken = _hold(bench, ONE)
    taken = _hold(bench, TWO)
    _beat(bench, ONE)

    assert (woken, taken, _hold(bench, ONE), _hold(bench, ONE, "another")) == (0, 2, 0, 1)


def test_who_counted_on_meanwhile_is_not_buried(bench: Bench) -> None:
    _join(bench, ONE, TWO)
    stood_still_at = _beat(bench, TWO)[ONE.id]

    _beat(bench, ONE)
    left = _beat(bench, TWO, {ONE.id: stood_still_at})

    assert left == {ONE.id: stood_still_at + 1}


@pytest.mark.parametrize(
    ("joining", "alone", "open_sessions"),
    [
        (Joining("one-2", "one", "host one"), False, ["two-1"]),
        (Joining("three-1", "three", "host three"), False, ["one-1", "two-1"]),
        (Joining("three-1", "three", "host three"), True, []),
    ],
    ids=["the place's earlier server is dead", "others live", "on a file no other lives"],
)
def test_a_server_that_starts_settles_what_dead_ones_left(
    bench: Bench, joining: Joining, alone: bool, open_sessions: list[str]
) -> None:
    _join(bench, ONE, TWO)
    for server in (ONE, TWO):
        _sign_in(bench, server)
        _hold(bench, server, server.name)

    _join(bench, joining, alone=alone)

    kept = bench.read(
        lambda s: list(s.execute(sa.text("SELECT holder FROM lease WHERE holder <> '' ORDER BY 1")).scalars())
    )
    assert _open_sessions(bench) == open_sessions
    assert kept == open_sessions


def test_the_sessions_of_a_server_that_died_end_and_everybody_hears_of_it(bench: Bench) -> None:
    _join(bench, ONE, TWO)
    lost, kept = _sign_in(bench, ONE), _sign_in(bench, TWO)

    _bury(bench, ONE, TWO)

    assert _open_sessions(bench) == [TWO.id]
    assert bench.committed[-1].ended_sessions == {lost: "its server does not answer any more"}
    assert kept not in bench.committed[-1].ended_sessions


def test_what_a_server_was_sending_when_it_died_is_in_doubt_at_once(bench: Bench) -> None:
    _join(bench, ONE, TWO)
    _taken(bench, ONE, 1)

    _bury(bench, ONE, TWO)

    assert bench.scalar("SELECT state FROM outbox") == "unknown"


def test_what_a_living_server_is_sending_stays_its_own_whoever_starts(bench: Bench) -> None:
    _join(bench, ONE)
    _taken(bench, ONE, 1)

    _join(bench, TWO)

    assert bench.scalar("SELECT state FROM outbox") == "sending"
