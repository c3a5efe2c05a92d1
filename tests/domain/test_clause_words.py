"""Targets and what carries a clause, in the words that a reader gets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agentconsole.config.packs import load_pack
from agentconsole.domain.calendar import DayEnd, Receipt
from agentconsole.domain.clause_words import carriers
from agentconsole.domain.policy import (
    BestEffort,
    Business,
    CalendarSpan,
    Comparator,
    Elapsed,
    Immediate,
    NextPeriodEnd,
    Rings,
    Target,
    Unspecified,
    WorkingDays,
)
from agentconsole.domain.target_words import amount_words, target_words

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Rings(6, timedelta(seconds=6)), "within 6 rings"),
        (Rings(1, timedelta(seconds=6)), "within 1 ring"),
        (Elapsed(24 * HOUR), "within 24 h"),
        (Business(2 * HOUR, "x"), "within 2 h of open time"),
        (WorkingDays(5, "x", Receipt.SAME_DAY, DayEnd.END_OF_DAY), "within 5 working days"),
        (WorkingDays(1, "x", Receipt.SAME_DAY, DayEnd.END_OF_DAY), "within 1 working day"),
        (CalendarSpan("weeks", 8, "x"), "within 8 weeks"),
        (Immediate(30, "x"), "within 30 s of open time"),
        (BestEffort("erlang"), "as fast as can be; no time is promised"),
        (Unspecified(None, "x"), "no time is set yet"),
        (Unspecified(8 * HOUR, "x"), "within 8 h of open time"),
        (NextPeriodEnd("x"), "by the end of the next open period"),
    ],
    ids=str,
)
def test_every_kind_of_target_has_its_words(target: Target, words: str) -> None:
    assert target_words(target) == words


def test_strictly_under_is_said() -> None:
    assert target_words(Elapsed(2 * HOUR), Comparator.UNDER) == "under 2 h"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (timedelta(seconds=10), "10 s"),
        (timedelta(minutes=90), "1 h 30 min"),
        (timedelta(hours=72), "72 h"),
        (timedelta(days=14), "14 d"),
        (timedelta(days=14, hours=1), "337 h"),
        (timedelta(), "0 s"),
    ],
)
def test_an_amount_is_written_in_the_units_that_it_needs(amount: timedelta, words: str) -> None:
    assert amount_words(amount) == words


@pytest.mark.parametrize(
    ("pack", "clause", "kind", "words"),
    [
        ("ecolab", "2.5", "clock", "e-mail within 24 hours [within 24 h; email]"),
        ("ecolab", "2.3a", "duty", "check the voicemails: every 2 h, by the agent"),
        (
            "ecolab",
            "4.3a",
            "step",
            "acknowledge the complaint in writing, with this procedure enclosed: within",
        ),
        ("ecolab", "4.3a", "letter", "Acknowledgement of a complaint"),
        ("ecolab", "2.6", "message", "Thank you for writing to Eco Lab Supply."),
        ("ecolab", "2", "blank", "Mon-Fri 09:00-17:00 (OPEN: this is proposed)"),
        ("ecolab", "2.3b", "setting", "being_checked"),
        ("ecomstore", "10.when.2", "trigger", "billing dispute over $100: over 100 USD to supervisor"),
        ("ecomstore", "10.how.2", "hand-off", "the packet has summary"),
        ("ecomstore", "16.kpi.1", "indicator", "csat (share_satisfied): at least 90 percent each month"),
        ("ecomstore", "16.report.1", "report", "daily, to supervisor"),
        ("ecomstore", "17.emergency.1", "contact", "IT Emergency: 1-800-IT-HELP"),
    ],
)
def test_a_clause_is_carried_by_what_the_pack_makes_of_it(pack: str, clause: str, kind: str, words: str) -> None:
    found = [carrier.words for carrier in carriers(load_pack(pack))[clause] if carrier.kind == kind]

    assert any(words in said for said in found), found


@pytest.mark.parametrize("name", ["ecolab", "ecomstore", "ist-desk"])
def test_every_clause_of_a_shipped_pack_is_there_and_nothing_else(name: str) -> None:
    pack = load_pack(name)

    assert set(carriers(pack)) == {clause.id for clause in pack.clauses}


def test_an_answered_blank_says_the_answer() -> None:
    pack = load_pack("ecolab", answers={"reread_cadence": "monthly"})
    bare = replace(pack, duties=())

    assert [carrier.words for carrier in carriers(bare)["1.3d"] if carrier.kind == "blank"] == [
        "How often does everybody read the playbook again: monthly, quarterly or yearly? monthly"
    ]
    assert any("monthly" in carrier.words for carrier in carriers(pack)["1.3d"] if carrier.kind == "duty")
