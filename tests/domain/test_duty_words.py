"""A duty in words: how often it recurs, and the rule behind it line by line."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentconsole.config.packs import load_pack
from agentconsole.domain.clock_rules import Applied
from agentconsole.domain.duty_round import Round, standing
from agentconsole.domain.duty_words import Record, at_text, explained, recurs
from agentconsole.domain.policy import Duty
from agentconsole.domain.terms import Role

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
NEW = Record()
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("every", "cadence", "words"),
    [
        (120, "", "every 2 h of open time"),
        (90, "", "every 1 h 30 min of open time"),
        (45, "", "every 45 min of open time"),
        (None, "daily", "each day"),
        (None, "quarterly", "each quarter"),
    ],
)
def test_how_often_a_duty_recurs_is_said_in_words(every: int | None, cadence: str, words: str) -> None:
    amount = timedelta(minutes=every) if every else None

    assert recurs(Duty("check", "2", "check", Role.AGENT, amount, cadence, "desk")) == words


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (NOW + timedelta(hours=1), "15:30"),
        (NOW + timedelta(days=7), "Mon 30 Nov 14:30"),
        (NOW + timedelta(days=60), "Fri 22 Jan 2027 14:30"),
    ],
)
def test_an_instant_says_no_more_than_is_needed(instant: datetime, words: str) -> None:
    assert at_text(instant, NOW, LONDON) == words


def rule(asked: Round | None, record: Record = NEW) -> list[str]:
    """Explain the voicemail check of a policy."""
    check = standing([Applied(load_pack("ecolab"), NOW - timedelta(days=7))], NOW)[0]
    return list(explained(check, asked, record, NOW, LONDON))


def test_the_rule_behind_a_duty_names_its_clause_and_what_came_of_it() -> None:
    begins = NOW - timedelta(minutes=30)

    assert rule(Round(begins, begins + timedelta(hours=2)), Record(NOW - timedelta(hours=20), "bo", 3)) == [
        "rule     check the voicemails, every 2 h of open time; calendar desk, America/New_York",
        'clause   Customer Care 2.3a, line 35: "Voicemails will be checked every 2 hours", pack v1',
        "rounds   each lasts from a check to the next, or to the closing; the first begins with the opening",
        "now      asked for since 14:00, to be signed off by 16:00, or it is missed",
        "done     Sun 22 Nov 18:30 by bo",
        "missed   3 rounds in the last 7 days",
        "whose    the agents': nobody owns it, it passes to the next shift; S signs it off",
    ]


@pytest.mark.parametrize(
    ("situation", "asked", "said"),
    [
        (
            "not yet",
            Round(NOW + timedelta(hours=2), NOW + timedelta(hours=4)),
            "now      nothing is asked for; the next round is from 16:30 to 18:30",
        ),
        ("no more", None, "now      the calendar opens no more: nothing is asked for"),
    ],
)
def test_what_is_not_asked_for_now_says_from_when(situation: str, asked: Round | None, said: str) -> None:
    lines = rule(asked)

    assert said in lines, situation
    assert lines[4:6] == ["done     never yet", "missed   no rounds in the last 7 days"]
