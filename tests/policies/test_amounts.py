"""Durations and weekly hours as a pack writes them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.domain.policy_amounts import read_duration, read_hours

NINE_TO_FIVE = [["09:00", "17:00"]]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("30 s", timedelta(seconds=30)),
        ("15min", timedelta(minutes=15)),
        ("24 h", timedelta(days=1)),
        (" 3 d ", timedelta(days=3)),
        ("0 s", timedelta(0)),
        ("1.5 h", None),
        ("-2 h", None),
        ("2 hours", None),
        ("2", None),
        ("٢ h", None),
        ("9999999 d", None),
        ("", None),
    ],
)
def test_a_duration_is_an_amount_and_a_unit(text: str, amount: timedelta | None) -> None:
    assert read_duration(text) == amount


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Mon-Tue 09:00-17:00", {"mon": NINE_TO_FIVE, "tue": NINE_TO_FIVE}),
        ("sun 10:00-12:00, 13:00 - 14:00", {"sun": [["10:00", "12:00"], ["13:00", "14:00"]]}),
        ("Sat-Mon 22:00-06:00", {day: [["22:00", "06:00"]] for day in ("sat", "sun", "mon")}),
        ("Fri 09:00-24:00; Sat 09:00-17:00", {"fri": [["09:00", "24:00"]], "sat": NINE_TO_FIVE}),
        ("Mon-Fri 09:00-17:00; Fri 09:00-12:00", None),
        ("Mon-Fry 09:00-17:00", None),
        ("Mon 9:00-17:00", None),
        ("Mon 09:00-25:00", None),
        ("Mon", None),
        ("", None),
        ("Mon 09:00-17:00;", None),
    ],
)
def test_weekly_hours_are_days_and_times(text: str, hours: dict[str, list[list[str]]] | None) -> None:
    assert read_hours(text) == hours


def test_round_the_clock_is_every_day() -> None:
    hours = read_hours("24x7")

    assert hours is not None
    assert len(hours) == 7
    assert set(map(str, hours.values())) == {"[['00:00', '24:00']]"}


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    hours, amount = read_hours(text), read_duration(text)

    assert hours is None or hours
    assert amount is None or amount >= timedelta(0)
