"""Tests of the batch calculator: one JSON question a line in, one answer out, whatever the line holds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.calendar_batch import LONGEST_KNOWN, MOST_KNOWN, answer, answer_line

WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
ALL_WEEK = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
OFFICE: dict[str, object] = {
    "timezone": "Europe/London",
    "weekly_hours": WEEK,
    "holidays": ["2026-12-25", "2026-12-28", "2026-12-24"],
    "exceptions": {"2026-12-24": [["09:00", "12:00"]]},
    "start": "2026-12-23T16:00:00+00:00",
}
NEVER = {"timezone": "UTC", "weekly_hours": {}, "op": "open", "start": "2026-12-23T16:00Z"}


@pytest.mark.parametrize(
    ("situation", "question", "expected"),
    [
        ("due", {"op": "due", "seconds": 3600}, {"due": "2026-12-23T17:00:00+00:00"}),
        ("an exception wins over a holiday", {"op": "due", "seconds": 3 * 3600}, {"due": "2026-12-24T11:00:00+00:00"}),
        ("due over Christmas", {"op": "due", "seconds": 5 * 3600}, {"due": "2026-12-29T10:00:00+00:00"}),
        (
            "due in summer time",
            {"op": "due", "seconds": 60, "start": "2026-07-01T09:00Z"},
            {"due": "2026-07-01T10:01:00+01:00"},
        ),
        ("due in half a second", {"op": "due", "seconds": 0.5}, {"due": "2026-12-23T16:00:00.500000+00:00"}),
        (
            "due in no time, out of hours",
            {"op": "due", "seconds": 0, "start": "2026-12-26T00:00Z"},
            {"due": "2026-12-29T09:00:00+00:00"},
        ),
        ("elapsed", {"op": "elapsed", "end": "2026-12-29T10:00:00+01:00"}, {"seconds": 4 * 3600}),
        ("elapsed backwards", {"op": "elapsed", "end": "2026-12-23T15:00:00Z"}, {"seconds": -3600}),
        ("elapsed in parts of a second", {"op": "elapsed", "end": "2026-12-23T16:00:00.25Z"}, {"seconds": 0.25}),
        ("open", {"op": "open"}, {"open": True}),
        ("open at closing", {"op": "open", "start": "2026-12-23T17:00Z"}, {"open": False}),
        ("next open now", {"op": "next_open"}, {"next_open": "2026-12-23T16:00:00+00:00"}),
        ("next open", {"op": "next_open", "start": "2026-12-24T12:00Z"}, {"next_open": "2026-12-29T09:00:00+00:00"}),
        ("working day", {"op": "working_day", "days": 2}, {"due": "2026-12-29T17:00:00+00:00"}),
        (
            "working day, end of day",
            {"op": "working_day", "days": 1, "day_end": "end_of_day"},
            {"due": "2026-12-25T00:00:00+00:00"},
        ),
        (
            "working day, received on a closed day",
            {"op": "working_day", "days": 1, "start": "2026-12-25T10:00Z"},
            {"due": "2026-12-29T17:00:00+00:00"},
        ),
        (
            "the same, deemed the next",
            {"op": "working_day", "days": 1, "start": "2026-12-25T10:00Z", "receipt": "next_working_day"},
            {"due": "2026-12-30T17:00:00+00:00"},
        ),
        ("no working day at all", {"op": "working_day", "days": 0}, {"due": "2026-12-23T17:00:00+00:00"}),
        ("nulls are not there", {"op": "open", "holidays": None, "exceptions": None}, {"open": True}),
        ("keys of others are let be", {"op": "open", "note": "from the old table"}, {"open": True}),
        (
            "always open",
            {"op": "due", "seconds": 86400, "weekly_hours": ALL_WEEK, "holidays": [], "exceptions": {}},
            {"due": "2026-12-24T16:00:00+00:00"},
        ),
        (
            "a night shift as the clocks go back",
            {
                "op": "elapsed",
                "weekly_hours": {"sat": [["22:00", "06:00"]]},
                "start": "2026-10-24T00:00Z",
                "end": "2026-10-26T00:00Z",
            },
            {"seconds": 9 * 3600},
        ),
        (
            "24:00 is an end",
            {"op": "next_open", "weekly_hours": {"wed": [["22:00", "24:00"]]}},
            {"next_open": "2026-12-23T22:00:00+00:00"},
        ),
        (
            "due at 24:00 is due at midnight",
            {"op": "due", "seconds": 7200, "weekly_hours": {"wed": [["22:00", "24:00"]]}, "exceptions": {}},
            {"due": "2026-12-24T00:00:00+00:00"},
        ),
        (
            "a zone before standard time",
            {"op": "due", "seconds": 60, "timezone": "Africa/Monrovia", "start": "1960-01-04T12:00Z"},
            {"due": "1960-01-04T11:16:30-00:44:30"},
        ),
    ],
)
def test_a_question_is_answered(situation: str, question: dict[str, object], expected: dict[str, object]) -> None:
    line = json.dumps({"id": situation, **OFFICE, **question})

    assert json.loads(answer_line(line)) == {"id": situation, **expected}


@pytest.mark.parametrize(
    ("situation", "change", "told"),
    [
        ("no op", {"op": None}, "op must be one of due, elapsed, open, next_open, working_day."),
        ("an unknown op", {"op": "close"}, "op must be one of due, elapsed"),
        ("an op that is a list", {"op": ["due"]}, "op must be one of due, elapsed"),
        ("no zone", {"timezone": None}, "timezone is missing"),
        ("an unknown zone", {"timezone": "Mars/Base"}, "timezone is 'Mars/Base', and must be the name of an IANA"),
        ("a zone half a character", {"timezone": "\ud800"}, "must be the name of an IANA time zone"),
        ("no hours", {"weekly_hours": None}, "weekly_hours is missing"),
        ("an unknown day", {"weekly_hours": {"monday": []}}, "weekly_hours has no key 'monday'; allowed are mon"),
        ("a bad window", {"weekly_hours": {"mon": [["9", "17:00"]]}}, "weekly_hours.mon is '9', and must be"),
        (
            "an overlap",
            {"weekly_hours": {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}},
            "weekly_hours.mon has windows that overlap",
        ),
        ("never open", {"weekly_hours": {}, "exceptions": {}}, "never open"),
        ("a bad holiday", {"holidays": ["25.12.2026"]}, "holidays is '25.12.2026', and must be a date"),
        ("a bad exception", {"exceptions": {"2026-12-24": "closed"}}, "exceptions.2026-12-24 is 'closed', and must be"),
        ("no start", {"start": None}, "start must be an ISO 8601 instant with its UTC offset"),
        (
            "a start without offset",
            {"start": "2026-12-23T16:00:00"},
            "start must be an ISO 8601 instant with its UTC offset",
        ),
        ("a start that is a date", {"start": "2026-12-23"}, "start must be an ISO 8601 instant"),
        ("a start that is a number", {"start": 1798041600}, "start must be an ISO 8601 instant"),
        ("no end", {"op": "elapsed"}, "end must be an ISO 8601 instant"),
        ("no seconds", {"seconds": None}, "seconds must be a number of seconds from 0 up."),
        ("negative seconds", {"seconds": -1}, "seconds must be a number of seconds from 0 up."),
        ("seconds that are true", {"seconds": True}, "seconds must be a number"),
        ("seconds in words", {"seconds": "60"}, "seconds must be a number"),
        ("endless seconds", {"seconds": 1e999}, "is not a number"),
        ("more seconds than time", {"seconds": 10**300}, "years 1 to 9999"),
        ("more seconds than a float holds", {"seconds": 10**400}, "years 1 to 9999"),
        ("a deadline in a thousand years", {"seconds": 10**10}, "within 200 years"),
        ("a start before time", {"start": "0001-01-01T00:00+14:00"}, "years 1 to 9999"),
        ("a start at the end of time", {"op": "working_day", "days": 1, "start": "9999-12-31T00:00Z"}, "year 9998"),
        ("no days", {"op": "working_day"}, "days must be a whole number from 0 up."),
        ("half days", {"op": "working_day", "days": 1.5}, "days must be a whole number from 0 up."),
        ("negative days", {"op": "working_day", "days": -1}, "Working days are counted from 0"),
        (
            "an unknown receipt",
            {"op": "working_day", "days": 1, "receipt": "later"},
            "receipt must be one of same_day, next_working_day.",
        ),
        (
            "an unknown end",
            {"op": "working_day", "days": 1, "day_end": ["x"]},
            "day_end must be one of close_of_business, end_of_day.",
        ),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_what_would(
    situation: str, change: dict[str, object], told: str
) -> None:
    line = json.dumps({"id": 7, "op": "due", "seconds": 60, **OFFICE, **change})

    answered = json.loads(answer_line(line))

    assert answered["id"] == (None if "Infinity" in line else 7)
    assert set(answered) == {"id", "error"}
    assert told in answered["error"], situation


@pytest.mark.parametrize(
    ("situation", "line", "told"),
    [
        ("nothing", "", "not JSON"),
        ("words", "hello", "not JSON"),
        ("half a line", '{"id": 1, "op"', "not JSON"),
        ("a list", "[1]", "must be a JSON object"),
        ("a number too long", '{"id": ' + "9" * 5000 + "}", "number that is too long"),
        ("not a number", '{"id": NaN}', "NaN is not a number"),
        ("an endless id", '{"id": 1e999}', "id must be a text or a number"),
        ("an id that is a list", '{"id": [1]}', "id must be a text or a number"),
        ("deep nesting", '{"id": ' + "[" * 100_000, "nested too deeply"),
        ("a huge line", '{"id": "' + "x" * 4_000_000 + '"}', "longer than"),
    ],
)
def test_a_line_that_is_no_question_gets_one_clear_sentence(situation: str, line: str, told: str) -> None:
    answered = json.loads(answer_line(line))

    assert answered["id"] is None
    assert told in answered["error"], situation


def test_the_last_of_two_equal_keys_counts_and_an_id_comes_back_as_it_was() -> None:
    line = json.dumps({**OFFICE, "op": "open"})[:-1] + ', "id": 1, "id": "\\u001b[2J"}'

    answered = answer_line(line)

    assert json.loads(answered) == {"id": "\x1b[2J", "open": True}
    assert answered.isascii()
    assert answered.isprintable()


def test_a_calendar_that_is_never_open_is_answered_with_an_error_and_a_dated_one_is_not() -> None:
    refused = answer({**NEVER, "id": None})
    answered = answer({**NEVER, "exceptions": {"2026-12-23": [["16:00", "17:00"]]}})

    assert "never open" in str(refused["error"])
    assert answered == {"id": None, "open": True}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["id", "op", "seconds", "days", "end", *OFFICE]), json_values, max_size=4))
def test_any_line_at_all_is_answered_on_one_line(change: dict[str, object]) -> None:
    answered = answer_line(json.dumps({"op": "due", "seconds": 60, **OFFICE, **change}))

    assert "\n" not in answered
    assert "id" in json.loads(answered)


@given(st.text(max_size=60))
def test_any_text_at_all_is_answered_on_one_line(text: str) -> None:
    assert "id" in json.loads(answer_line(text))


def test_a_number_of_seconds_that_overflows_to_infinity_is_refused() -> None:
    line = json.dumps({"id": 1, **OFFICE, "op": "due", "seconds": 12345}).replace("12345", "1e999")

    assert json.loads(answer_line(line)) == {"id": 1, "error": "seconds must be a number of seconds from 0 up."}


def test_lines_with_the_same_hours_share_a_calendar_and_others_do_not() -> None:
    known: dict[str, Calendar] = {}
    changes: list[dict[str, object]] = [{}, {"id": 2}, {"timezone": "Asia/Kolkata"}, {"holidays": []}, {"holidays": []}]

    answers = [answer({**OFFICE, "op": "due", "seconds": 18_000, **change}, known) for change in changes]

    assert len(known) == 3
    assert answers == [answer({**OFFICE, "op": "due", "seconds": 18_000, **change}) for change in changes]


def test_only_so_many_calendars_are_kept_and_no_huge_one() -> None:
    known: dict[str, Calendar] = {}
    huge = {"holidays": [f"{year}-01-01" for year in range(1000, 1000 + LONGEST_KNOWN // 10)]}

    answer({**OFFICE, "op": "open", **huge}, known)
    kept = len(known)
    for year in range(1900, 1900 + 3 * MOST_KNOWN):
        answer({**OFFICE, "op": "open", "holidays": [f"{year}-01-01"]}, known)

    assert kept == 0
    assert 0 < len(known) <= MOST_KNOWN
