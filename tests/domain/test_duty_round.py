"""The rounds of a duty: from a check to the next, or one for each day, week, month, quarter and year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentconsole.config.packs import load_pack
from agentconsole.domain.calendar import Calendar, Window, always
from agentconsole.domain.clock_rules import Applied
from agentconsole.domain.duty_round import Standing, first_round, named, standing
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Duty
from agentconsole.domain.terms import Role

HOUR = timedelta(hours=1)
LONDON = ZoneInfo("Europe/London")
WEEKDAYS = ((Window(10 * 60, 18 * 60),),) * 5 + ((), ())
DESK = Calendar("desk", LONDON, WEEKDAYS, {date(2026, 12, 25): (), date(2026, 12, 28): ()})
LUNCH = Calendar("desk", LONDON, ((Window(9 * 60, 12 * 60 + 30), Window(13 * 60, 17 * 60)),) * 7, {})
NIGHT = Calendar("desk", LONDON, ((Window(22 * 60, 2 * 60),),) * 7, {})
ROUND_THE_CLOCK = always(zone="Europe/London")
CLOSED_WEEK = Calendar("desk", LONDON, WEEKDAYS, {date(2026, 11, 30) + timedelta(days=day): () for day in range(7)})
ENDING = Calendar("desk", LONDON, ((),) * 7, {date(2026, 11, 23): (Window(10 * 60, 18 * 60),)})


def duty(recurs: str) -> Duty:
    """Make a duty that recurs after so many hours of open time, or by a cadence."""
    every = float(recurs.removesuffix(" h")) * HOUR if recurs.endswith(" h") else None
    return Duty("check", "2", "check the voicemails", Role.AGENT, every, "" if every else recurs, "desk")


def london(text: str) -> datetime:
    """Read an instant of London's wall clock; an hour that comes twice is its first."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("situation", "calendar", "recurs", "after", "begins", "due"),
    [
        ("the opening begins one (000-21)", DESK, "2 h", "2026-11-23T08:00", "2026-11-23T10:00", "2026-11-23T12:00"),
        ("so does the end of one", DESK, "2 h", "2026-11-23T12:00", "2026-11-23T12:00", "2026-11-23T14:00"),
        ("one under way is not the next", DESK, "2 h", "2026-11-23T12:01", "2026-11-23T14:00", "2026-11-23T16:00"),
        ("the closing begins none", DESK, "2 h", "2026-11-27T18:00", "2026-11-30T10:00", "2026-11-30T12:00"),
        ("the last of a day may be shorter", DESK, "3 h", "2026-11-23T16:00", "2026-11-23T16:00", "2026-11-23T18:00"),
        ("lunch ends one", LUNCH, "2 h", "2026-11-23T11:00", "2026-11-23T11:00", "2026-11-23T12:30"),
        ("over two holidays", DESK, "2 h", "2026-12-24T17:00", "2026-12-29T10:00", "2026-12-29T12:00"),
        ("each day begins anew", ROUND_THE_CLOCK, "5 h", "2026-11-23T20:00", "2026-11-23T20:00", "2026-11-24T00:00"),
        ("as the clocks go back", ROUND_THE_CLOCK, "2 h", "2026-10-25T00:00", "2026-10-25T00:00", "2026-10-25T01:00Z"),
        ("as they go forward", ROUND_THE_CLOCK, "2 h", "2026-03-29T00:00", "2026-03-29T00:00", "2026-03-29T03:00"),
        ("daily, to the close of the day", DESK, "daily", "2026-11-23T09:00", "2026-11-23T10:00", "2026-11-23T18:00"),
        ("daily, today's has begun", DESK, "daily", "2026-11-23T11:00", "2026-11-24T10:00", "2026-11-24T18:00"),
        ("daily, not on a weekend", DESK, "daily", "2026-11-27T18:00", "2026-11-30T10:00", "2026-11-30T18:00"),
        ("daily, a night is one day", NIGHT, "daily", "2026-11-24T02:00", "2026-11-24T22:00", "2026-11-25T02:00"),
        ("daily, never shut", ROUND_THE_CLOCK, "daily", "2026-11-23T00:00", "2026-11-23T00:00", "2026-11-24T00:00"),
        ("daily, as the clocks go back", DESK, "daily", "2026-10-24T00:00", "2026-10-26T10:00Z", "2026-10-26T18:00Z"),
        ("weekly (000-52)", DESK, "weekly", "2026-11-21T12:00", "2026-11-23T10:00", "2026-11-27T18:00"),
        ("weekly, before a holiday", DESK, "weekly", "2026-12-19T12:00", "2026-12-21T10:00", "2026-12-24T18:00"),
        ("weekly, after a holiday", DESK, "weekly", "2026-12-25T00:00", "2026-12-29T10:00", "2027-01-01T18:00"),
        (
            "weekly, a week that is shut",
            CLOSED_WEEK,
            "weekly",
            "2026-11-28T00:00",
            "2026-12-07T10:00",
            "2026-12-11T18:00",
        ),
        ("monthly, ends on a Friday", DESK, "monthly", "2026-11-23T12:00", "2026-12-01T10:00", "2026-12-31T18:00"),
        ("monthly, ends before a weekend", DESK, "monthly", "2027-01-02T00:00", "2027-02-01T10:00", "2027-02-26T18:00"),
        ("quarterly", DESK, "quarterly", "2026-11-23T12:00", "2027-01-01T10:00", "2027-03-31T18:00"),
        ("yearly", DESK, "yearly", "2026-11-23T12:00", "2027-01-01T10:00", "2027-12-31T18:00"),
    ],
)
def test_a_round_lasts_from_a_check_to_the_next_or_over_the_open_hours_of_a_period(
    situation: str, calendar: Calendar, recurs: str, after: str, begins: str, due: str
) -> None:
    found = first_round(duty(recurs), calendar, london(after))

    assert found is not None
    assert (found.begins, found.due) == (instant(begins), instant(due)), situation


def instant(text: str) -> datetime:
    """Read an instant of London's wall clock, or with a Z of UTC."""
    return datetime.fromisoformat(text) if text.endswith("Z") else london(text)


@pytest.mark.parametrize("recurs", ["2 h", "daily", "weekly", "monthly", "quarterly", "yearly"])
def test_rounds_follow_each_other_without_overlap(recurs: str) -> None:
    for calendar in (DESK, LUNCH, NIGHT, ROUND_THE_CLOCK, CLOSED_WEEK):
        at = london("2026-03-01T00:00")

        for _ in range(30):
            found = first_round(duty(recurs), calendar, at)
            assert found is not None
            assert at <= found.begins < found.due
            at = found.due


@pytest.mark.parametrize("recurs", ["2 h", "weekly"])
def test_there_is_no_round_when_the_desk_opens_no_more(recurs: str) -> None:
    assert first_round(duty(recurs), ENDING, london("2026-11-24T00:00")) is None


def test_the_last_round_of_a_desk_that_opens_no_more_ends_with_its_last_closing() -> None:
    found = first_round(duty("5 h"), ENDING, london("2026-11-23T15:00"))

    assert found is not None
    assert found.due == london("2026-11-23T18:00")


def at_desk(since: str = "2026-11-02T00:00") -> Standing:
    """Put the voicemail check of a policy into force at a desk that is open from 09:00 to 17:00 in New York."""
    return standing([Applied(load_pack("ecolab"), london(since).astimezone(UTC))], london("2027-06-01T00:00"))[0]


@pytest.mark.parametrize(
    ("situation", "settled", "now", "count"),
    [
        ("nothing is over yet", "2026-11-23T14:00", "2026-11-23T16:00", 0),
        ("due to the microsecond is not over", "2026-11-23T14:00", "2026-11-23T16:00", 0),
        ("one is over", "2026-11-23T14:00", "2026-11-23T16:00:00.000001", 1),
        ("three days away, Saturday and Sunday among them", "2026-11-20T22:00", "2026-11-23T22:00:01", 4),
        ("three working days", "2026-11-16T22:00", "2026-11-19T22:00:01", 12),
    ],
)
def test_a_desk_that_was_shut_has_missed_the_rounds_that_lay_in_its_hours(
    situation: str, settled: str, now: str, count: int
) -> None:
    over = list(at_desk().over(london(settled), london(now)))

    assert len(over) == count, situation


def test_no_more_than_a_year_is_looked_back_upon() -> None:
    over = list(at_desk("2016-01-01T00:00").over(london("2016-01-01T00:00"), london("2026-11-23T22:00")))

    assert over[0].begins >= london("2025-11-20T00:00")
    assert len(over) < 4 * 366


def test_a_new_version_that_says_the_same_of_a_duty_changes_nothing() -> None:
    first, second = load_pack("ecolab"), load_pack("ecolab", answers={"reread_cadence": "monthly"})
    began, changed = london("2026-11-02T00:00"), london("2026-11-20T00:00")

    duties = standing([Applied(first, began), Applied(second, changed)], london("2026-11-23T00:00"))

    assert {duty.duty.id: duty.since for duty in duties} == {
        "voicemail-check": began,
        "complaint-review": began,
        "playbook-reread": changed,
    }


def test_a_version_that_binds_later_asks_for_nothing_yet() -> None:
    later = Applied(load_pack("ecolab"), london("2026-12-01T00:00"))

    assert standing([later], london("2026-11-23T00:00")) == ()


def test_a_duty_is_named_with_its_policy_or_by_itself_where_one_policy_has_it() -> None:
    one = at_desk()
    other = Standing(load_pack("ecomstore"), one.duty, one.since)

    assert named([one], "voicemail-check") is one
    assert named([one, other], "ecolab/voicemail-check") is one
    with pytest.raises(
        Refused, match="Several policies have a duty of that name: say which, ecolab/voicemail-check, eco"
    ):
        named([one, other], "voicemail-check")
    with pytest.raises(Refused, match="There is no duty of that name; there is ecolab/voicemail-check"):
        named([one], "lunch")
    with pytest.raises(Refused, match="The policies here have no duties"):
        named([], "lunch")
