"""A customer's preferred window against the desk's open hours, in two zones (002-27)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from agentconsole.config.packs import load_pack
from agentconsole.domain.calendar import Calendar, Window, always
from agentconsole.domain.errors import Refused
from agentconsole.domain.meeting_window import answer, in_words, meeting, window_of, zone_named

KOLKATA, LONDON, NEW_YORK, KATHMANDU = map(
    ZoneInfo, ("Asia/Kolkata", "Europe/London", "America/New_York", "Asia/Kathmandu")
)
HOURS = ((Window(9 * 60, 18 * 60),),) * 5 + ((), ())
DESK = Calendar("official", KOLKATA, HOURS, {})
MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
SUMMER = datetime(2026, 6, 22, 0, 0, tzinfo=UTC)
WINTER_ENDS = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)


def utc(text: str) -> datetime:
    """Read an instant of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("situation", "zone", "begins", "ends", "at", "first"),
    [
        (
            "a morning in London is an afternoon there",
            LONDON,
            "9",
            "12",
            MONDAY,
            ("2026-11-23T09:00", "2026-11-23T12:00"),
        ),
        ("the desk closes within the window", LONDON, "11", "15", MONDAY, ("2026-11-23T11:00", "2026-11-23T12:30")),
        ("the window ends soon after the opening", LONDON, "2", "4", MONDAY, ("2026-11-23T03:30", "2026-11-23T04:00")),
        ("a quarter of an hour apart", KATHMANDU, "9", "9:30", MONDAY, ("2026-11-23T03:30", "2026-11-23T03:45")),
        ("over midnight", NEW_YORK, "22", "1", MONDAY, ("2026-11-23T03:30", "2026-11-23T06:00")),
        (
            "it is Friday evening: on Monday",
            LONDON,
            "9",
            "12",
            utc("2026-11-27T13:00"),
            ("2026-11-30T09:00", "2026-11-30T12:00"),
        ),
        (
            "the window is under way",
            LONDON,
            "9",
            "12",
            utc("2026-11-23T10:00"),
            ("2026-11-23T10:00", "2026-11-23T12:00"),
        ),
        ("only summer time meets", LONDON, "13", "14", SUMMER, ("2026-06-22T12:00", "2026-06-22T12:30")),
        ("after the clocks changed", LONDON, "13", "14", WINTER_ENDS, ("2026-03-30T12:00", "2026-03-30T12:30")),
    ],
)
def test_a_window_meets_the_open_hours_where_both_have_time(
    situation: str, zone: ZoneInfo, begins: str, ends: str, at: datetime, first: tuple[str, str]
) -> None:
    found = meeting(DESK, zone, window_of(begins, ends), at)

    slot = found.meets[0]
    assert (slot.begins, slot.ends) == (utc(first[0]), utc(first[1])), situation
    assert not found.nearest


@pytest.mark.parametrize(
    ("situation", "zone", "begins", "ends", "at", "nearest"),
    [
        ("after the closing", LONDON, "13", "17", MONDAY, ("2026-11-23T12:00", "2026-11-23T12:30")),
        ("before the opening", LONDON, "1", "3", MONDAY, ("2026-11-23T03:30", "2026-11-23T04:00")),
        ("closing time is no time", LONDON, "12:30", "13", MONDAY, ("2026-11-23T12:00", "2026-11-23T12:30")),
        ("nearer to the opening", NEW_YORK, "16", "22", MONDAY, ("2026-11-23T03:30", "2026-11-23T04:00")),
        ("nearer to the closing", NEW_YORK, "9", "10", MONDAY, ("2026-11-23T12:00", "2026-11-23T12:30")),
    ],
)
def test_where_they_never_meet_the_nearest_slot_is_at_an_edge_of_the_open_hours(
    situation: str, zone: ZoneInfo, begins: str, ends: str, at: datetime, nearest: tuple[str, str]
) -> None:
    found = meeting(DESK, zone, window_of(begins, ends), at)

    assert not found.meets, situation
    assert (found.nearest[0].begins, found.nearest[0].ends) == (utc(nearest[0]), utc(nearest[1])), situation


def test_what_is_offered_lies_at_either_edge_of_the_open_hours() -> None:
    found = meeting(DESK, NEW_YORK, window_of("16", "22"), MONDAY)

    assert [slot.begins for slot in found.nearest] == [utc("2026-11-23T03:30"), utc("2026-11-23T12:00")]


def test_a_desk_that_never_closes_always_meets() -> None:
    assert len(meeting(always(), KOLKATA, window_of("3", "4"), MONDAY).meets) == 14


@pytest.mark.parametrize(
    ("situation", "found", "words"),
    [
        (
            "never (002-27)",
            meeting(DESK, LONDON, window_of("1", "3"), SUMMER),
            (
                "They never meet in the next 14 days: nearest 09:00 in Kolkata is 04:30 in London. The desk offers:",
                "  Mon 22 Jun 09:00 to 09:30 in Kolkata is Mon 22 Jun 04:30 to 05:00 in London",
            ),
        ),
        (
            "always on working days",
            meeting(DESK, LONDON, window_of("9", "12"), MONDAY),
            (
                "They meet on 10 days of the next 14; the first:",
                "  Mon 23 Nov 14:30 to 17:30 in Kolkata is Mon 23 Nov 09:00 to 12:00 in London",
            ),
        ),
        (
            "another day there",
            meeting(DESK, NEW_YORK, window_of("22", "1"), MONDAY),
            (
                "They meet on 10 days of the next 14; the first:",
                "  Mon 23 Nov 09:00 to 11:30 in Kolkata is Sun 22 Nov 22:30 to Mon 23 Nov 01:00 in New York",
            ),
        ),
        (
            "once",
            meeting(
                Calendar("official", KOLKATA, ((),) * 7, {date(2026, 11, 24): (Window(540, 600),)}),
                KOLKATA,
                window_of("9", "10"),
                MONDAY,
            ),
            (
                "They meet once in the next 14 days:",
                "  Tue 24 Nov 09:00 to 10:00 in Kolkata is Tue 24 Nov 09:00 to 10:00 in Kolkata",
            ),
        ),
        (
            "a desk that is shut",
            meeting(
                Calendar("official", KOLKATA, ((),) * 7, {date(2027, 1, 4): (Window(540, 600),)}),
                LONDON,
                window_of("9", "12"),
                MONDAY,
            ),
            ("They never meet: the desk is not open in the next 14 days.",),
        ),
    ],
)
def test_the_answer_is_said_in_words_with_the_times_of_both(situation: str, found, words: tuple[str, ...]) -> None:
    said = in_words(found)

    assert said[: len(words)] == words, situation
    assert len(said) <= 4


@pytest.mark.parametrize(
    ("begins", "ends", "sentence"),
    [
        ("nine", "12", "Give times of day as 09:00 or 17:30"),
        ("24:30", "12", "Give times of day as 09:00 or 17:30"),
        ("9:60", "12", "Give times of day as 09:00 or 17:30"),
        ("٩", "12", "Give times of day as 09:00 or 17:30"),
        ("9", "09:00", "begins and ends at the same time"),
        ("0", "24", ""),
        ("24", "0", "begins and ends at the same time"),
    ],
)
def test_a_window_is_two_times_of_day_that_differ(begins: str, ends: str, sentence: str) -> None:
    if not sentence:
        assert window_of(begins, ends) == Window(0, 1440)
        return

    with pytest.raises(Refused, match=sentence):
        window_of(begins, ends)


@pytest.mark.parametrize("name", ["Nowhere/Atall", "../../etc/passwd", "", "Europe", "a" * 300, "Europe/\0"])
def test_a_zone_must_be_one_that_there_is(name: str) -> None:
    with pytest.raises(Refused, match="There is no such time zone: give one like Europe/London"):
        zone_named(name)


def test_a_policy_says_for_which_channels_it_has_hours() -> None:
    with pytest.raises(
        Refused, match="names no hours for that channel; it does for phone, voicemail, chat, email, meet"
    ):
        answer(load_pack("ist-desk"), "fax", "Europe/London", ("9", "12"), MONDAY)
