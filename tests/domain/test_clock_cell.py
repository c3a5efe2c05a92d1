"""The clock cell: formats, rounding that never flatters, and how often the text changes."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.domain.clock_cell import cell, time_text, used_text
from agentconsole.domain.terms import ClockState

AMOUNTS = st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400))


def of(*, days: int = 0, hours: int = 0, minutes: int = 0, seconds: float = 0) -> timedelta:
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (of(seconds=41), "0:41"),
        (of(seconds=0), "0:00"),
        (of(seconds=41.9), "0:41"),
        (of(minutes=9, seconds=59.999), "9:59"),
        (of(minutes=10), "10m"),
        (of(minutes=38, seconds=59), "38m"),
        (of(minutes=59, seconds=59), "59m"),
        (of(hours=1), "1h00"),
        (of(hours=3, minutes=10, seconds=59), "3h10"),
        (of(hours=23, minutes=59, seconds=59), "23h59"),
        (of(days=1), "1d00"),
        (of(days=2, hours=4, minutes=59), "2d04"),
        (of(days=98, hours=23), "98d23"),
        (of(days=99), "99d"),
        (of(days=4000), "99d"),
        (-of(minutes=4, seconds=11.2), "+4:12"),
        (-of(seconds=0.1), "+0:01"),
        (-of(minutes=9, seconds=59.5), "+10m"),
        (-of(minutes=21, seconds=1), "+22m"),
        (-of(minutes=59, seconds=1), "+1h00"),
        (-of(hours=2, minutes=4, seconds=1), "+2h05"),
        (-of(hours=23, minutes=59, seconds=1), "+1d00"),
        (-of(days=1, seconds=1), "+1d01"),
        (-of(days=99), "+99d"),
        (-of(days=5000), "+99d"),
    ],
)
def test_time_left_rounds_down_and_overdue_rounds_up(left: timedelta, text: str) -> None:
    assert time_text(left) == text


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (of(days=3, hours=23), "3wd"),
        (of(days=1), "1wd"),
        (of(hours=5, minutes=30), "5h30"),
        (-of(minutes=22), "+22m"),
        (-of(hours=23, minutes=59, seconds=1), "+1wd"),
        (-of(days=1, seconds=1), "+2wd"),
        (of(days=300), "99wd"),
    ],
)
def test_letters_count_working_days_and_hours_on_the_last(left: timedelta, text: str) -> None:
    assert time_text(left, letters=True) == text


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ClockState.DUE, ("DUE", "4:12")),
        (ClockState.WAIT, ("WAIT", "4:12")),
        (ClockState.SHUT, ("SHUT", "4:12")),
        (ClockState.OK, ("ok", "4:12")),
        (ClockState.MET, ("met", "")),
        (ClockState.NONE, ("--", "")),
    ],
)
def test_the_word_is_the_state_and_a_finished_clock_shows_no_time(state: ClockState, expected: tuple[str, str]) -> None:
    assert cell(state, of(minutes=4, seconds=12)) == expected


def test_a_deadline_that_passed_while_the_desk_was_shut_is_marked_overdue() -> None:
    assert cell(ClockState.LATE, timedelta(0)) == ("LATE", "+0:00")


@pytest.mark.parametrize(
    ("rings", "text"), [((2, 6), "2 of 6"), ((9, 3), "9 of 3"), ((12, 6), "12/6"), ((500, 100), "99/99")]
)
def test_a_call_shows_rings_because_the_policy_counts_rings(rings: tuple[int, int], text: str) -> None:
    assert cell(ClockState.LIVE, of(seconds=20), rings=rings) == ("LIVE", text)


def test_time_used_rounds_up_so_that_it_and_the_rest_never_look_better() -> None:
    assert used_text(of(hours=1, minutes=55, seconds=48)) == "1h56"


@given(AMOUNTS, st.booleans())
def test_the_cell_never_takes_more_than_six_characters(left: timedelta, letters: bool) -> None:
    assert len(time_text(left, letters=letters)) <= 6


@pytest.mark.parametrize(
    ("left", "repaints"),
    [(of(minutes=9), 59), (of(minutes=12, seconds=30), 1), (of(hours=5), 1), (-of(minutes=30, seconds=30), 1)],
)
def test_only_the_last_ten_minutes_repaint_each_second(left: timedelta, repaints: int) -> None:
    texts = [time_text(left - timedelta(seconds=second)) for second in range(60)]

    changes = sum(before != after for before, after in pairwise(texts))
    assert changes == repaints
