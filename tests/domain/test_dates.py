"""Dates typed in a prompt."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.domain.dates import parse_when
from agentconsole.domain.errors import Refused

KOLKATA = ZoneInfo("Asia/Kolkata")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 10, 42, tzinfo=KOLKATA)  # a Monday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fri 12:00", "2026-11-27T12:00"),
        ("Friday 12:00", "2026-11-27T12:00"),
        ("fri", "2026-11-27T17:00"),
        ("friday at 9:05", "2026-11-27T09:05"),
        ("mon 15:00", "2026-11-23T15:00"),
        ("mon 10:42", "2026-11-30T10:42"),
        ("mon 09:00", "2026-11-30T09:00"),
        ("today", "2026-11-23T17:00"),
        ("tomorrow 9:00", "2026-11-24T09:00"),
        ("15:00", "2026-11-23T15:00"),
        ("at 09:00", "2026-11-24T09:00"),
        ("27 nov", "2026-11-27T17:00"),
        ("27 november 2026 8:00", "2026-11-27T08:00"),
        ("nov 27 8:00", "2026-11-27T08:00"),
        ("3 jan", "2027-01-03T17:00"),
        ("2026-11-27", "2026-11-27T17:00"),
        ("2026-11-27 15:00", "2026-11-27T15:00"),
        ("  2H ", "2026-11-23T12:42"),
        ("in 30 m", "2026-11-23T11:12"),
        ("3d", "2026-11-26T10:42"),
    ],
)
def test_a_date_is_read_in_the_zone_of_the_desk(text: str, expected: str) -> None:
    assert parse_when(text, NOW, KOLKATA) == datetime.fromisoformat(expected).replace(tzinfo=KOLKATA)


def test_the_answer_is_in_utc() -> None:
    assert parse_when("fri 12:00", NOW, KOLKATA).tzinfo is UTC


def test_their_means_the_customers_zone() -> None:
    when = parse_when("fri 12:00 their", NOW, KOLKATA, their_zone=ZoneInfo("Europe/Lisbon"))

    assert when == datetime(2026, 11, 27, 12, 0, tzinfo=ZoneInfo("Europe/Lisbon"))


def test_a_day_without_an_hour_ends_when_the_desk_closes() -> None:
    assert parse_when("fri", NOW, KOLKATA, day_ends=time(18)) == datetime(2026, 11, 27, 18, tzinfo=KOLKATA)


def test_the_earlier_of_a_repeated_hour_is_meant() -> None:
    now = datetime(2026, 10, 24, 12, tzinfo=BERLIN)

    assert parse_when("sun 02:30", now, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("today 09:00", "today 09:00  -- that is past"),
        ("2026-11-20", "2026-11-20  -- that is past"),
        ("0m", "0m  -- that is past"),
        ("2028-01-01", "2028-01-01  -- that is over a year away"),
        ("fri 25:00", "fri 25:00  -- there is no such hour"),
        ("30 feb", "30 feb  -- there is no such day"),
        ("2026-13-01", "2026-13-01  -- there is no such day"),
        ("soon", "soon  -- say it as fri 12:00"),
        ("5 movember", "5 movember  -- say it as fri 12:00"),
        ("", "  -- say it as fri 12:00"),
        ("fri 12:00 their", "fri 12:00 their  -- the customer's time zone is not known"),
    ],
)
def test_what_cannot_be_promised_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_when(text, NOW, KOLKATA)

    assert refused.value.sentence.startswith(sentence)


def test_an_hour_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(Refused, match="the clocks skip that hour"):
        parse_when("2026-03-29 02:30", datetime(2026, 3, 28, tzinfo=BERLIN), BERLIN)


@given(st.text(alphabet=st.sampled_from("0123456789: -dhmfrinovtl29²٣\x00"), max_size=24))
def test_any_text_is_a_future_instant_or_refused(text: str) -> None:
    try:
        when = parse_when(text, NOW, KOLKATA)
    except Refused:
        return

    assert when > NOW
