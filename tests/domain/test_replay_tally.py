"""Counts of promises add up by standard, by week and in all, and the plot says in numbers what it draws."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentconsole.domain.replay import Outcome, Result
from agentconsole.domain.replay_plot import plot, table, verdict
from agentconsole.domain.replay_tally import Count, Tally
from agentconsole.domain.terms import ClockKind

SINCE = datetime(2026, 11, 2, tzinfo=UTC)
INDIA = ZoneInfo("Asia/Kolkata")


def outcome(result: Result, started: datetime, standard: str = "email") -> Outcome:
    return Outcome(ClockKind.FIRST_RESPONSE, "ecom", standard, "answered", started, started, result)


def test_promises_are_counted_by_week_and_standard_and_those_from_before_are_left_out() -> None:
    tally = Tally(SINCE, INDIA)
    early, late = datetime(2026, 11, 3, 9, tzinfo=UTC), datetime(2026, 11, 17, 9, tzinfo=UTC)

    tally.add([outcome(Result.KEPT, early)], [outcome(Result.BROKEN, early)])
    tally.add([outcome(Result.BROKEN, late, "chat")], [outcome(Result.BROKEN, late, "chat")])
    tally.add([outcome(Result.BROKEN, SINCE - timedelta(seconds=1))], [])

    assert tally.tickets == 3
    assert tally.total == Count(kept=1, broken=1, replay_broken=2)
    assert tally.standards == {"chat": Count(broken=1, replay_broken=1), "email": Count(kept=1, replay_broken=1)}
    assert list(tally.weeks) == [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]


def test_the_week_is_that_of_the_desk_s_zone() -> None:
    tally = Tally(SINCE, INDIA)

    tally.add([outcome(Result.KEPT, datetime(2026, 11, 8, 20, tzinfo=UTC))], [])

    assert list(tally.weeks) == [date(2026, 11, 9)]


def test_what_was_not_owed_any_more_counts_nowhere() -> None:
    tally = Tally(SINCE, INDIA)

    tally.add([outcome(Result.VOID, SINCE)], [outcome(Result.VOID, SINCE)])

    assert tally.total == Count()


def test_the_table_and_the_plot_fit_80_columns_and_say_the_numbers() -> None:
    many = Count(kept=123_456, broken=65_432, replay_kept=100_000, replay_broken=88_888)
    few = Count(kept=3, broken=0, replay_kept=2, replay_broken=1)
    weeks = {date(2026, 11, 2): many, date(2026, 11, 9): few}

    lines = [*table({"a-standard-with-a-very-long-name": many, "chat": few}, many), *plot(weeks)]

    assert max(map(len, lines)) <= 80
    assert all(line.isascii() and line.isprintable() for line in lines)
    assert "a-standard-with-a-very-..." in lines[2]
    assert lines[2].split()[1:] == ["123456", "65432", "100000", "88888", "+23456"]
    assert lines[-2].split() == ["2026-11-02", "#" * 15, "65432/188888", "=" * 20, "88888/188888"]
    assert lines[-1].split() == ["2026-11-09", "0/3", "=", "1/3"]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (Count(kept=8, broken=2, replay_kept=8, replay_broken=2), "As many promises are kept and broken as on record"),
        (Count(kept=8, broken=2, replay_kept=7, replay_broken=2), "As many promises are broken as on record: 2."),
        (Count(kept=8, broken=2, replay_kept=5, replay_broken=5), "3 more promises would have been broken"),
        (Count(kept=8, broken=2, replay_kept=9, replay_broken=1), "1 fewer promises would have been broken"),
    ],
)
def test_a_sentence_says_what_it_comes_to(count: Count, said: str) -> None:
    assert verdict(count).startswith(said)
