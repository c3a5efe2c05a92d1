"""Who has to accept a policy by when, and when it is to be read again (REQUIREMENTS 000-06)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agentconsole.config.packs import holiday_sets, load_pack, pack_text
from agentconsole.domain.acceptance import Accepted, Standing, accept_within, in_force, read_again_at, standing
from agentconsole.domain.clocks import Applied
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_parse import parse_pack
from agentconsole.domain.terms import Role

DAY = timedelta(days=1)
FOUNDED = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
PACK = load_pack("ecolab")
FIRST, SECOND, THIRD = (
    Applied(replace(PACK, version=number), FOUNDED + since)
    for number, since in ((1, timedelta()), (2, 60 * DAY), (3, 70 * DAY))
)


def _accepted(version: int, at: datetime = FOUNDED) -> Accepted:
    return Accepted(version, at, at)


def _until(
    *accepted: Accepted,
    versions: tuple[Applied, ...] = (FIRST,),
    asked: timedelta | None = timedelta(),
    now: timedelta = timedelta(),
    role: Role = Role.AGENT,
) -> timedelta | None:
    """Return after how many days from the founding there is no new work, by what was accepted."""
    asked_since = None if asked is None else FOUNDED + asked
    found = standing(role, versions, accepted, asked_since, FOUNDED + now)
    return None if found.until is None else found.until - FOUNDED


@pytest.mark.parametrize(
    ("situation", "until", "expected"),
    [
        ("the founding's version, a first sign-in that day", _until(), 14 * DAY),
        ("the founding's version, a first sign-in a month later", _until(asked=30 * DAY, now=31 * DAY), 44 * DAY),
        ("never signed in", _until(asked=None), None),
        ("accepted", _until(_accepted(1)), None),
        ("a newer version", _until(_accepted(1), versions=(FIRST, SECOND), now=61 * DAY), 74 * DAY),
        ("a newer one that waits to begin", _until(_accepted(1), versions=(FIRST, SECOND), now=59 * DAY), None),
        (
            "two newer ones: the first gives the time",
            _until(_accepted(1), versions=(FIRST, SECOND, THIRD), now=71 * DAY),
            74 * DAY,
        ),
        (
            "the older of the two accepted",
            _until(_accepted(1), _accepted(2), versions=(FIRST, SECOND, THIRD), now=71 * DAY),
            84 * DAY,
        ),
        (
            "the newest accepted, the one before it never",
            _until(_accepted(1), _accepted(3), versions=(FIRST, SECOND, THIRD), now=71 * DAY),
            None,
        ),
        (
            "a higher number that began earlier",
            _until(_accepted(3), versions=(FIRST, replace(THIRD, since=FOUNDED + DAY), SECOND), now=61 * DAY),
            74 * DAY,
        ),
        ("an administrator, who is given no work", _until(role=Role.ADMIN), None),
        ("a manager", _until(role=Role.MANAGER), 14 * DAY),
    ],
)
def test_new_work_ends_two_weeks_after_a_version_that_was_not_accepted(
    situation: str, until: timedelta | None, expected: timedelta | None
) -> None:
    assert until == expected, situation


def test_at_the_instant_itself_it_is_late() -> None:
    found = standing(Role.AGENT, (FIRST,), (), FOUNDED, FOUNDED)

    assert found.until == FOUNDED + 14 * DAY
    assert not found.is_late(FOUNDED + 14 * DAY - timedelta(microseconds=1))
    assert found.is_late(FOUNDED + 14 * DAY)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (None, 14 * DAY),
        ("14 days", 14 * DAY),
        ("1 day", DAY),
        ("3 weeks", 21 * DAY),
        ("48 h", 2 * DAY),
        ("0 days", timedelta()),
        ("soon", 14 * DAY),
        ("99999 days", 14 * DAY),
    ],
)
def test_a_pack_says_how_long_there_is_new_work_without_an_acceptance(words: str | None, expected: timedelta) -> None:
    pack = replace(PACK, settings={} if words is None else {"accept_within": words})

    assert accept_within(pack) == expected


@pytest.mark.parametrize(("answers", "expected"), [({}, 10 * DAY), ({"accept_within": "3 weeks"}, 21 * DAY)])
def test_the_time_is_a_setting_of_the_pack_that_a_desk_can_answer(answers: dict[str, str], expected: timedelta) -> None:
    setting = 'id = "accept_within"\nclause = "1.3d"\nquestion = "By when is it accepted?"\nvalue = "10 days"\n'
    text = pack_text("ecolab").replace("[[settings]]", f"[[settings]]\n{setting}\n[[settings]]", 1)

    pack = parse_pack(text, file="ecolab.toml", holiday_sets=holiday_sets(), answers=answers)

    assert accept_within(pack) == expected


def _rereading(cadence: str, zone: str = "America/New_York") -> Pack:
    blanks = tuple(replace(blank, answer=cadence) if blank.id == "reread_cadence" else blank for blank in PACK.blanks)
    return replace(PACK, blanks=blanks, zone=zone)


@pytest.mark.parametrize(
    ("cadence", "read", "expected"),
    [
        ("daily", "2026-03-07T15:00Z", "2026-03-08T14:00Z"),  # the clocks of New York go forward that night
        ("weekly", "2026-11-02T15:00Z", "2026-11-09T15:00Z"),
        ("monthly", "2026-01-31T15:00Z", "2026-02-28T15:00Z"),
        ("quarterly", "2026-11-30T15:00Z", "2027-02-28T15:00Z"),
        ("yearly", "2028-02-29T15:00Z", "2029-02-28T15:00Z"),
    ],
)
def test_000_06_a_policy_is_read_again_at_its_cadence_in_the_zone_of_the_policy(
    cadence: str, read: str, expected: str
) -> None:
    at = read_again_at(_rereading(cadence), datetime.fromisoformat(read))

    assert at == datetime.fromisoformat(expected)


def test_a_policy_that_asks_for_no_reading_again_is_read_once() -> None:
    found = standing(Role.AGENT, (Applied(load_pack("ist-desk"), FOUNDED),), (_accepted(1),), FOUNDED, FOUNDED)

    assert found.again_at is None
    assert not found.is_overdue(FOUNDED + 10_000 * DAY)


def test_reading_again_counts_from_the_last_reading_and_waits_for_an_acceptance_that_is_owed() -> None:
    read = Accepted(1, FOUNDED, FOUNDED + 30 * DAY)

    def at(versions: tuple[Applied, ...]) -> Standing:
        return standing(Role.AGENT, versions, (read,), FOUNDED, FOUNDED + 65 * DAY)

    assert at((FIRST,)).again_at == datetime(2027, 1, 1, 10, 0, tzinfo=UTC)
    assert at((FIRST, SECOND)).again_at is None


def test_a_version_that_was_put_in_force_while_the_clock_stands_still_is_in_force() -> None:
    soon = Applied(FIRST.pack, FOUNDED + timedelta(microseconds=1))

    assert in_force((FIRST, soon, THIRD), FOUNDED) == (FIRST, soon)
    assert in_force((THIRD,), FOUNDED) == (THIRD,)
