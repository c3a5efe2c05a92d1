"""G20: a deadline over eight business hours, held against `businesstimedelta` in the same run."""

import statistics
import timeit
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from operator import add
from zoneinfo import ZoneInfo

import businesstimedelta
import pytz

from agentconsole.domain.calendar import Calendar, Window

FIGURE = "G20"
BUDGET = 1 / 150
ZONE = "Europe/London"
CLOSED = (
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 4),
    date(2026, 5, 25),
    date(2026, 8, 31),
    date(2026, 12, 25),
    date(2026, 12, 28),
    date(2027, 1, 1),
)
EIGHT_HOURS = timedelta(hours=8)
STARTS = (
    ("over a weekend", datetime(2026, 11, 20, 15, 30, tzinfo=UTC)),
    ("over a night", datetime(2026, 11, 18, 15, 30, tzinfo=UTC)),
    ("over Christmas", datetime(2026, 12, 24, 15, 30, tzinfo=UTC)),
)
OUR_CALLS, THEIR_CALLS = 5_000, 50


def measure(runs: int = 7) -> list[dict[str, object]]:
    """Return one row a situation: median seconds a call of both, taken in turn, their ratio and its budget."""
    calendar = Calendar("office", ZoneInfo(ZONE), ((Window(540, 1020),),) * 5 + ((), ()), dict.fromkeys(CLOSED, ()))
    theirs = _eight_business_hours()
    rows = []
    for what, start in STARTS:
        # A fast wrong answer would be no figure at all.
        if calendar.add(start, EIGHT_HOURS) != start + theirs:
            raise AssertionError(f"the two do not agree {what}")
        ours_seconds, their_seconds = _in_turn(
            (partial(calendar.add, start, EIGHT_HOURS), OUR_CALLS),
            (partial(add, start, theirs), THEIR_CALLS),
            runs,
        )
        rows.append(_row(f"add 8 business hours {what}", ours_seconds, their_seconds))
    return rows


def _eight_business_hours() -> businesstimedelta.BusinessTimeDelta:
    zone = pytz.timezone(ZONE)
    hours = businesstimedelta.WorkDayRule(start_time=time(9), end_time=time(17), working_days=[0, 1, 2, 3, 4], tz=zone)
    closed = businesstimedelta.HolidayRule(set(CLOSED), tz=zone)
    return businesstimedelta.BusinessTimeDelta(businesstimedelta.Rules([hours, closed], tz=zone), hours=8)


def _in_turn(
    ours: tuple[Callable[[], object], int], theirs: tuple[Callable[[], object], int], runs: int
) -> tuple[float, float]:
    """Return the median seconds a call of each, measured alternately so that both meet the same machine."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for (call, number), taken in zip((ours, theirs), times, strict=True):
            taken.append(timeit.timeit(call, number=number) / number)
    return statistics.median(times[0]), statistics.median(times[1])


def _row(what: str, ours: float, yardstick: float) -> dict[str, object]:
    return {
        "figure": FIGURE,
        "what": what,
        "ours": ours,
        "yardstick": yardstick,
        "ratio": ours / yardstick,
        "budget": BUDGET,
    }
