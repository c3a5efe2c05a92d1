"""Histories of tickets: those that are asked for, in pieces, and with all that their clocks are computed from."""

from datetime import timedelta

import pytest

from agentconsole.domain.clocks import compute
from agentconsole.domain.errors import Refused
from agentconsole.services import histories
from agentconsole.services.histories import read_histories, read_told, situation_in
from agentconsole.services.history import events_of, facts_of
from agentconsole.services.projection import clocks_of
from agentconsole.wire.commands import Resolve, SetPriority, Take
from agentconsole.wire.histories import Histories, ReadHistories
from tests.desk_bench import MONDAY, Bench

NOW = 10_000


def read(bench: Bench, ask: ReadHistories) -> Histories:
    return bench.read(lambda session: read_histories(session, bench.desk.context, ask, bench.clock.now()))


def test_a_history_gives_the_very_clocks_of_the_desk(bench: Bench) -> None:
    number = bench.ticket()
    bench.do("ana", Take(number, NOW))
    bench.do("ana", SetPriority(number, NOW, "urgent"))
    bench.move(days=3)

    (row,) = read(bench, ReadHistories("ecolab")).rows

    now, shelf = bench.clock.now(), bench.desk.context.shelf
    facts = facts_of(read_told(row))
    assert facts == facts_of(bench.read(lambda session: events_of(session, number)))
    assert compute(facts, shelf.versions("ecolab"), situation_in(row), now) == bench.read(
        lambda session: clocks_of(session, bench.desk.context, bench.row(number), now)
    )


def test_the_live_ones_or_those_that_moved_since_are_read_and_counted(bench: Bench) -> None:
    old, resolved = bench.ticket(), bench.ticket()
    bench.move(days=2)
    bench.do("ana", Resolve(resolved, NOW, "by phone"))
    young = bench.ticket()

    live = read(bench, ReadHistories("ecolab"))
    # The sweep records a breach on the old one, too.
    moved = read(bench, ReadHistories("ecolab", since=MONDAY + timedelta(days=2)))
    nothing = read(bench, ReadHistories("ist-desk"))
    with pytest.raises(Refused, match="needs its zone"):
        read(bench, ReadHistories("ecolab", since=MONDAY.replace(tzinfo=None)))

    assert ([row.ticket for row in live.rows], live.total, live.more) == ([old, young], 2, False)
    assert {resolved, young} <= {row.ticket for row in moved.rows}
    assert moved.total == len(moved.rows)
    assert (nothing.rows, nothing.total) == ((), 0)


def test_pieces_follow_one_another_without_gap_or_repetition(bench: Bench, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(histories, "AT_ONCE", 2)
    numbers = [bench.ticket() for _ in range(4)]

    first = read(bench, ReadHistories("ecolab"))
    second = read(bench, ReadHistories("ecolab", first.rows[-1].ticket))
    last = read(bench, ReadHistories("ecolab", second.rows[-1].ticket))

    assert [row.ticket for row in (*first.rows, *second.rows)] == numbers
    assert [(piece.more, piece.total) for piece in (first, second, last)] == [(True, 4), (True, 0), (False, 0)]


def test_long_histories_make_smaller_pieces_of_one_ticket_at_least(bench: Bench, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(histories, "LARGEST_PIECE", 10)
    numbers = [bench.ticket() for _ in range(2)]

    first = read(bench, ReadHistories("ecolab"))
    last = read(bench, ReadHistories("ecolab", first.rows[-1].ticket))

    assert [[row.ticket for row in piece.rows] for piece in (first, last)] == [numbers[:1], numbers[1:]]
    assert (first.more, last.more) == (True, False)
