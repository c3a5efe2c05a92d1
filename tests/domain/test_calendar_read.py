"""Tests of reading calendars and holiday sets from parsed TOML."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agentconsole.domain.calendar import Calendar, Window
from agentconsole.domain.calendar_read import read_calendar, read_holidays
from agentconsole.domain.errors import Refused

SETS = {
    "uk-england": {date(2026, 12, 25): "Christmas Day", date(2026, 12, 28): "Boxing Day (substitute day)"},
    "fair": {date(2026, 12, 24): "Fair"},
}
SHIPPED = Path(__file__).parents[2] / "data" / "calendars"
EASTER = (date(2026, 4, 5), date(2027, 3, 28))
EVERY_DAY = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def shipped() -> dict[str, dict[date, str]]:
    return read_holidays({path.name: tomllib.loads(path.read_text("utf-8")) for path in SHIPPED.glob("*.toml")})


def read(text: str) -> Calendar:
    return read_calendar("desk", tomllib.loads(text), SETS)


def test_a_calendar_is_read_with_its_hours_closed_dates_exceptions_and_holidays() -> None:
    calendar = read(
        """
        zone = "Europe/London"
        holidays = ["uk-england", "fair"]
        closed = { 2026-12-31 = "Stocktaking", 2026-12-28 = "Moving house" }
        [hours]
        mon = [["13:00", "17:30"], ["09:00", "12:00"]]
        sat = [["22:00", "06:00"]]
        sun = [["12:00", "24:00"]]
        [exceptions]
        2026-12-24 = { name = "Christmas Eve", hours = [["09:00", "12:00"]] }
        2026-12-25 = []
        2027-01-02 = [["10:00", "11:00"]]
        """
    )

    assert calendar.zone == ZoneInfo("Europe/London")
    assert calendar.weekly == (
        (Window(540, 720), Window(780, 1050)),
        *((),) * 4,
        (Window(1320, 360),),
        (Window(720, 1440),),
    )
    assert calendar.exceptions == {
        date(2026, 12, 24): (Window(540, 720),),
        date(2026, 12, 25): (),
        date(2026, 12, 28): (),
        date(2026, 12, 31): (),
        date(2027, 1, 2): (Window(600, 660),),
    }
    assert calendar.exception_names == {
        date(2026, 12, 24): "Christmas Eve",
        date(2026, 12, 28): "Moving house",
        date(2026, 12, 31): "Stocktaking",
    }


def test_windows_that_touch_are_no_overlap() -> None:
    calendar = read('zone = "UTC"\nhours.mon = [["12:00", "12:30"], ["09:00", "12:00"]]')

    assert calendar.weekly[0] == (Window(540, 720), Window(720, 750))


def test_always_and_a_list_of_closed_dates_are_read() -> None:
    calendar = read('zone = "UTC"\nalways = true\nclosed = ["2026-12-25", 2026-12-26]')

    assert not calendar.always_open
    assert dict(calendar.exceptions) == {date(2026, 12, 25): (), date(2026, 12, 26): ()}
    assert calendar.exception_names == {}
    assert read('zone = "UTC"\nalways = true').always_open


@pytest.mark.parametrize(
    ("situation", "table", "told"),
    [
        ("no zone", "always = true", "zone is missing, and must be the name of an IANA time zone"),
        ("an unknown zone", 'zone = "Europe/Atlantis"\nalways = true', "zone is 'Europe/Atlantis', and must be"),
        ("a zone that is a path", 'zone = "../../etc/passwd"\nalways = true', "must be the name of an IANA time zone"),
        ("a zone that is a folder", 'zone = "Europe"\nalways = true', "must be the name of an IANA time zone"),
        ("no hours", 'zone = "UTC"', "needs either hours or always = true"),
        ("hours and always", 'zone = "UTC"\nalways = true\nhours = {}', "and not both"),
        ("always in words", 'zone = "UTC"\nalways = "yes"', "always is 'yes', and must be true or false"),
        ("an unknown key", 'zone = "UTC"\nalways = true\nhour = 3', "no key 'hour'; allowed are zone, hours, always"),
        ("an unknown day", 'zone = "UTC"\nhours.monday = []', "hours has no key 'monday'; allowed are mon, tue"),
        ("hours that are a number", 'zone = "UTC"\nhours = 9', "hours is a number, and must be days mon to sun"),
        (
            "a day that is a text",
            'zone = "UTC"\nhours.mon = "9-5"',
            "hours.mon is '9-5', and must be a list of windows",
        ),
        ("a window of three", 'zone = "UTC"\nhours.mon = [["09:00"]]', "hours.mon is a list, and must be"),
        ("a time in words", 'zone = "UTC"\nhours.mon = [["nine", "17:00"]]', "hours.mon is 'nine', and must be"),
        ("a time after midnight", 'zone = "UTC"\nhours.mon = [["09:00", "24:01"]]', "hours.mon is '24:01'"),
        ("a time in other digits", 'zone = "UTC"\nhours.mon = [["٠٩:٠٠", "17:00"]]', r"hours.mon is '\u0660"),
        ("a start at 24:00", 'zone = "UTC"\nhours.mon = [["24:00", "06:00"]]', 'begins at "24:00"'),
        (
            "an overlap",
            'zone = "UTC"\nhours.mon = [["09:00", "13:00"], ["12:00", "17:00"]]',
            "hours.mon has windows that overlap: 09:00-13:00 and 12:00-17:00",
        ),
        (
            "an overlap with a night",
            'zone = "UTC"\nhours.mon = [["22:00", "06:00"], ["23:00", "24:00"]]',
            "hours.mon has windows that overlap",
        ),
        ("never open", 'zone = "UTC"\nhours.mon = []', "never open"),
        ("never open but closed", 'zone = "UTC"\nhours = {}\nclosed = [2026-12-25]', "never open"),
        (
            "a closed date in words",
            'zone = "UTC"\nalways = true\nclosed = ["Christmas"]',
            "closed is 'Christmas', and must be a date such as",
        ),
        (
            "a closed date that is none",
            'zone = "UTC"\nalways = true\nclosed = ["2026-02-30"]',
            "closed is '2026-02-30'",
        ),
        ("a closed instant", 'zone = "UTC"\nalways = true\nclosed = [2026-12-25T00:00:00Z]', "must be a date such as"),
        (
            "closed that is a text",
            'zone = "UTC"\nalways = true\nclosed = "2026-12-25"',
            "closed is '2026-12-25', and must be a list",
        ),
        (
            "a closed name that is none",
            'zone = "UTC"\nalways = true\nclosed = { 2026-12-25 = 1 }',
            "closed.'2026-12-25' is a number, and must be the name",
        ),
        (
            "an exception without hours",
            'zone = "UTC"\nalways = true\nexceptions.2026-12-24 = { name = "Eve" }',
            "exceptions.2026-12-24.hours is missing",
        ),
        (
            "an exception with more",
            'zone = "UTC"\nalways = true\nexceptions.2026-12-24 = { open = [] }',
            "exceptions.2026-12-24 has no key 'open'; allowed are name, hours",
        ),
        (
            "an exception named by a number",
            'zone = "UTC"\nalways = true\nexceptions.2026-12-24 = { name = 1, hours = [] }',
            "exceptions.2026-12-24.name is a number",
        ),
        (
            "exceptions in a list",
            'zone = "UTC"\nalways = true\nexceptions = [2026-12-24]',
            "exceptions is a list, and must be",
        ),
        (
            "an unknown holiday set",
            'zone = "UTC"\nalways = true\nholidays = ["mars"]',
            "holidays is 'mars', and must be a list of holiday sets out of: fair, uk-england",
        ),
        (
            "holidays in a text",
            'zone = "UTC"\nalways = true\nholidays = "fair"',
            "holidays is 'fair', and must be a list",
        ),
    ],
)
def test_what_can_not_be_read_is_refused_with_the_key_and_what_is_allowed(
    situation: str, table: str, told: str
) -> None:
    with pytest.raises(Refused) as refusal:
        read(table)

    assert told in refusal.value.sentence, situation
    assert refusal.value.sentence.isprintable()


def test_a_refusal_quotes_neither_control_characters_nor_a_whole_novel() -> None:
    with pytest.raises(Refused) as refusal:
        read_calendar("desk", {"zone": "\x1b[2J\u202e" + "x" * 10_000, "always": True}, {})

    assert refusal.value.sentence.isascii()
    assert refusal.value.sentence.isprintable()
    assert len(refusal.value.sentence) < 200


def test_holiday_files_of_one_set_add_up() -> None:
    sets = read_holidays(
        {
            "fair-2026.toml": {"set": "fair", "title": "Fair days", "days": {"2026-12-24": "Fair"}},
            "fair-2027.toml": {"set": "fair", "source": "the mayor", "days": {"2027-12-24": "Fair again"}},
        }
    )

    assert sets == {"fair": {date(2026, 12, 24): "Fair", date(2027, 12, 24): "Fair again"}}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"days": {}}, "fair.toml, set is missing"),
        ({"set": "fair"}, "fair.toml, days is missing"),
        ({"set": "fair", "days": {}, "year": 2026}, "fair.toml has no key 'year'"),
        ({"set": "fair", "days": {"2026-13-01": "x"}}, "fair.toml, days is '2026-13-01'"),
    ],
)
def test_a_holiday_file_that_can_not_be_read_is_refused_with_its_name(table: dict[str, object], told: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_holidays({"fair.toml": table})

    assert told in refusal.value.sentence


def test_the_shipped_holiday_sets_are_read_and_can_be_used() -> None:
    sets = shipped()

    calendar = read_calendar("desk", {"zone": "UTC", "hours": EVERY_DAY, "holidays": list(sets)}, sets)

    assert set(sets) == {"uk-england", "us-federal", "india"}
    assert calendar.exceptions[date(2026, 12, 25)] == ()
    for days in sets.values():
        assert {day.year for day in days} == {2026, 2027}
        assert all(name.strip() for name in days.values())


@pytest.mark.parametrize(
    ("name", "from_easter", "holiday"),
    [
        ("uk-england", -2, "Good Friday"),
        ("uk-england", 1, "Easter Monday"),
        ("india", -2, "Good Friday"),
    ],
)
def test_the_holidays_around_easter_follow_easter(name: str, from_easter: int, holiday: str) -> None:
    days = shipped()[name]

    assert [day for day, what in sorted(days.items()) if what == holiday] == [
        easter + timedelta(days=from_easter) for easter in EASTER
    ]


@pytest.mark.parametrize(
    ("name", "holiday", "weekday"),
    [
        ("uk-england", "Early May bank holiday", 0),
        ("uk-england", "Spring bank holiday", 0),
        ("uk-england", "Summer bank holiday", 0),
        ("us-federal", "Birthday of Martin Luther King, Jr.", 0),
        ("us-federal", "Memorial Day", 0),
        ("us-federal", "Labor Day", 0),
        ("us-federal", "Columbus Day", 0),
        ("us-federal", "Thanksgiving Day", 3),
    ],
)
def test_a_holiday_that_law_puts_on_a_weekday_is_on_it_in_both_years(name: str, holiday: str, weekday: int) -> None:
    days = [day for day, what in shipped()[name].items() if what == holiday]

    assert [day.weekday() for day in days] == [weekday, weekday]


@pytest.mark.parametrize("name", ["uk-england", "us-federal"])
def test_a_substitute_day_is_given_in_the_place_of_a_weekend(name: str) -> None:
    assert all(day.weekday() < 5 for day in shipped()[name])
