"""Clocks as cells: the word and the time of UX 9.1, from the wire's row and the present."""

from datetime import timedelta

import msgspec
import pytest

from agentconsole.tui.format import clock_cell, due_text, left_of, shows_seconds, used_bar
from agentconsole.tui.pulse import until_next_beat
from tests.tui.fake_desk import NOW, clock


@pytest.mark.parametrize(
    ("situation", "row", "after", "cell"),
    [
        ("runs down", clock(6000), 0, ("ok", "1h40")),
        ("a quarter is left", clock(1800), 0, ("SOON", "30m")),
        ("a tenth is left, or ten minutes", clock(700), 0, ("DUE", "11m")),
        ("seconds show below ten minutes", clock(252), 1, ("DUE", "4:11")),
        ("passes its target by itself", clock(5), 6, ("LATE", "+0:01")),
        ("overdue rounds up", clock(-1300), 0, ("LATE", "+22m")),
        ("a person waits", clock(41, target=60, live=True), 1, ("LIVE", "0:40")),
        ("a person waits too long", clock(41, target=60, live=True), 50, ("LIVE", "+0:09")),
        ("paused stands still", clock(11400, frozen="WAIT"), 600, ("WAIT", "3h10")),
        ("closed stands still", clock(4500, frozen="SHUT"), 600, ("SHUT", "1h15")),
        ("kept", msgspec.structs.replace(clock(10), met_at=NOW), 600, ("met", "")),
        ("missed", msgspec.structs.replace(clock(-60), met_at=NOW, breached_at=NOW), 600, ("MISS", "+1:00")),
        ("no number", msgspec.structs.replace(clock(1), left=None), 0, ("--", "")),
        ("no clock", None, 0, ("--", "")),
        (
            "breached and no time counted since",
            msgspec.structs.replace(clock(0), breached_at=NOW),
            0,
            ("LATE", "+0:00"),
        ),
        ("a phone rings", msgspec.structs.replace(clock(30, live=True), ring=6.0, rings=6), 0, ("LIVE", "2 of 6")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_clock_s_word_and_time(situation: str, row, after: float, cell: tuple[str, str]) -> None:
    assert clock_cell(row, NOW + timedelta(seconds=after)) == cell


def test_what_is_left_runs_only_while_the_clock_does() -> None:
    later = NOW + timedelta(minutes=1)

    assert left_of(clock(600), later) == timedelta(minutes=9)
    assert left_of(clock(600, frozen="WAIT"), later) == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("row", "bar"), [(clock(7200), "[........]"), (clock(3600), "[####....]"), (clock(-1), "[########]"), (None, "")]
)
def test_the_bar_shows_how_much_of_the_target_is_used(row, bar: str) -> None:
    assert used_bar(row, NOW) == bar


@pytest.mark.parametrize(("hours", "text"), [(1, "11:42 today"), (24, "Tue 24 Nov 10:42")])
def test_an_instant_is_told_with_its_day_in_the_desk_s_zone(hours: int, text: str) -> None:
    from zoneinfo import ZoneInfo

    assert due_text(NOW + timedelta(hours=hours), NOW, ZoneInfo("Asia/Kolkata")) == text


@pytest.mark.parametrize(
    ("second", "microsecond", "speed", "every", "seconds"),
    [
        (17, 0, 1.0, 1, 1.0),
        (17, 250_000, 1.0, 1, 0.75),
        (17, 999_999, 1.0, 1, 0.02),
        (17, 250_000, 10.0, 3, 1.0),
        (16, 250_000, 1.0, 3, 1.75),
        (59, 0, 1.0, 3, 1.0),
    ],
)
def test_the_beat_falls_on_the_desk_s_second(
    second: int, microsecond: int, speed: float, every: int, seconds: float
) -> None:
    now = NOW.replace(second=second, microsecond=microsecond)

    assert until_next_beat(now, speed, every) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (clock(599), True),
        (clock(-30), True),
        (clock(659), True),
        (clock(661), False),
        (clock(86_400), False),
        (msgspec.structs.replace(clock(1), left=None), False),
        (msgspec.structs.replace(clock(3_000), ring=6.0, rings=6), True),
    ],
)
def test_a_clock_shows_seconds_below_ten_minutes_and_by_rings(row, shown: bool) -> None:
    assert shows_seconds(row, NOW) is shown
