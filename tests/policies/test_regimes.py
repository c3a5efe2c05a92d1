"""The regimes that ship: their terms as the sources have them, their marks, and how they join a pack's procedure."""

from datetime import UTC, date, datetime

import pytest

from agentconsole.config.packs import holiday_sets, load_pack, shipped_packs
from agentconsole.config.regimes import load_regime, shipped_regimes
from agentconsole.config.templates import PLACEHOLDERS
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy_check import Known, check
from agentconsole.domain.policy_procedure import STEPS
from agentconsole.domain.regime import COUNTS_FROM, ORDER, Joined, dues, join
from agentconsole.domain.regime_read import parse_regime
from agentconsole.domain.target_words import target_words

# A Monday, ten in the morning in London; the 25th and 28th of December are holidays there.
MONDAY = datetime(2026, 12, 21, 10, tzinfo=UTC)


def due(joined: Joined, step: str, **began: datetime) -> list[tuple[str, str]]:
    """Return (source, due) of each term of a step, the strictest first."""
    found = next(each for each in joined.steps if each.id == step)
    return [
        (each.term.source, "-" if each.at is None else f"{each.at:%Y-%m-%d %H:%M}")
        for each in dues(joined, found, began)
    ]


def test_four_regimes_ship() -> None:
    assert shipped_regimes() == ("au-asic-rg271", "in-ecommerce-2020", "uk-fca-disp", "uk-housing-code")


@pytest.mark.parametrize(
    ("name", "step", "section", "term", "counts_from"),
    [
        ("uk-fca-disp", "acknowledge", "DISP 1.6.1R(1)", "no time is set yet", "receipt"),
        ("uk-fca-disp", "settle_early", "DISP 1.5.1R", "within 3 working days", "receipt"),
        ("uk-fca-disp", "respond", "DISP 1.6.2R", "within 8 weeks", "receipt"),
        ("uk-housing-code", "acknowledge", "6.2", "within 5 working days", "receipt"),
        ("uk-housing-code", "respond", "6.3", "within 10 working days", "acknowledgement"),
        ("uk-housing-code", "hold", "6.4, 6.5", "within 20 working days", "acknowledgement"),
        ("uk-housing-code", "acknowledge_second", "6.10 to 6.13", "within 5 working days", "second_stage"),
        ("uk-housing-code", "respond_second", "6.14", "within 20 working days", "second_acknowledgement"),
        ("in-ecommerce-2020", "acknowledge", "rule 4(5)", "within 48 h", "receipt"),
        ("in-ecommerce-2020", "respond", "rule 4(5)", "within 1 month", "receipt"),
        ("au-asic-rg271", "acknowledge", "Acknowledgement of complaint", "within 24 h", "receipt"),
        ("au-asic-rg271", "respond", "IDR response and maximum IDR timeframes", "within 30 days", "receipt"),
    ],
)
def test_a_step_has_the_term_of_its_source(name: str, step: str, section: str, term: str, counts_from: str) -> None:
    regime = load_regime(name)

    found = next(each for each in regime.steps if each.id == step)

    assert regime.clause(found.clause).section == section
    assert found.target is not None
    assert (target_words(found.target), found.counts_from) == (term, counts_from)


@pytest.mark.parametrize("name", shipped_regimes())
def test_a_regime_says_where_it_comes_from_and_that_it_must_be_reviewed(name: str) -> None:
    regime = load_regime(name)

    assert regime.id == name
    assert regime.checked_on == date(2026, 11, 22)
    assert "have it reviewed" in regime.checked_against
    assert regime.source
    assert regime.outside_body
    assert regime.wording
    assert not any(wording.reviewed for wording in regime.wording)
    assert {step.clause for step in regime.steps} <= {clause.id for clause in regime.clauses}


@pytest.mark.parametrize(
    ("name", "step", "needs"),
    [
        ("uk-fca-disp", "respond", {"ombudsman_leaflet", "ombudsman_address", "six_months"}),
        ("uk-housing-code", "hold", {"reasons", "date_promised", "ombudsman_address"}),
        ("in-ecommerce-2020", "acknowledge", {"grievance_officer"}),
        ("au-asic-rg271", "respond", {"afca_right", "afca_address"}),
    ],
)
def test_a_letter_needs_what_its_regime_asks_for(name: str, step: str, needs: set[str]) -> None:
    joined = join(load_pack("ecolab"), load_regime(name))

    assert needs <= set(next(each for each in joined.steps if each.id == step).required)


def test_the_strictest_instant_wins_and_the_loser_is_listed() -> None:
    """Eco Lab's five working days end on Monday evening in New York, forty-eight hours on Wednesday morning."""
    joined = join(load_pack("ecolab"), load_regime("in-ecommerce-2020"))

    assert due(joined, "acknowledge", receipt=MONDAY) == [
        ("in-ecommerce-2020", "2026-12-23 10:00"),
        ("ecolab", "2026-12-28 22:00"),
    ]


def test_the_packs_own_term_wins_where_it_is_the_strictest() -> None:
    joined = join(load_pack("ecolab"), load_regime("uk-housing-code"))

    found = due(joined, "hold", receipt=MONDAY, acknowledgement=MONDAY)

    assert [source for source, _ in found] == ["ecolab", "uk-housing-code"]


@pytest.mark.parametrize(
    ("name", "step", "at"),
    [
        ("uk-fca-disp", "settle_early", "2026-12-24 17:00"),
        ("uk-fca-disp", "respond", "2027-02-15 10:00"),
        ("in-ecommerce-2020", "respond", "2027-01-21 10:00"),
        ("au-asic-rg271", "acknowledge", "2026-12-22 10:00"),
        ("au-asic-rg271", "respond", "2027-01-20 10:00"),
        ("uk-housing-code", "respond", "2027-01-07 17:00"),
        ("uk-housing-code", "respond_second", "2027-01-21 17:00"),
    ],
)
def test_a_term_is_counted_in_its_own_calendar(name: str, step: str, at: str) -> None:
    joined = join(load_pack("ist-desk"), load_regime(name))

    assert due(joined, step, **dict.fromkeys(COUNTS_FROM, MONDAY)) == [(name, at)]


def test_a_term_that_counts_from_the_acknowledgement_has_no_instant_before_it() -> None:
    joined = join(load_pack("ecolab"), load_regime("uk-housing-code"))

    assert due(joined, "respond", receipt=MONDAY) == [("uk-housing-code", "-")]


def test_the_steps_of_both_come_in_the_order_of_a_complaint() -> None:
    joined = join(load_pack("ecolab"), load_regime("uk-fca-disp"))

    assert [step.id for step in joined.steps] == [
        "log", "pass_to", "acknowledge", "settle_early", "hold", "investigate", "respond", "review",
    ]  # fmt: skip
    assert [step.id for step in joined.steps if step.optional] == ["settle_early"]
    assert joined.outside_body == "Financial Ombudsman Service"


def test_a_step_that_the_pack_asks_for_is_no_longer_optional() -> None:
    joined = join(load_pack("ecolab"), load_regime("uk-housing-code"))

    assert {step.id: step.optional for step in joined.steps if step.id.startswith("hold")} == {
        "hold": False, "hold_second": True,
    }  # fmt: skip


def test_every_step_that_a_pack_may_have_has_its_place_among_those_of_a_regime() -> None:
    assert set(STEPS) <= set(ORDER)


def test_every_shipped_pack_can_be_put_under_every_regime() -> None:
    for pack_id in shipped_packs():
        for name in shipped_regimes():
            pack = load_pack(pack_id, answers={"regime": name})

            assert pack.procedure is not None
            assert pack.procedure.regime == name


def test_no_regime_is_switched_on_until_a_desk_does() -> None:
    procedures = [load_pack(name).procedure for name in shipped_packs()]

    assert [procedure.regime for procedure in procedures if procedure] == ["none", "none", "none"]


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"regime": "none"}, []),
        ({"regime": "in-ecommerce-2020"}, ["regime-unreviewed", "regime-terms"]),
        ({"regime": "in-ecommerce-2020", "regime_reviewed_by": "R. Iyer, 2026-12-01"}, ["regime-terms"]),
    ],
)
def test_the_check_says_that_wording_was_not_reviewed_and_which_term_loses(
    answers: dict[str, str], found: list[str]
) -> None:
    pack = load_pack("ecolab", answers=answers)

    seen = check([pack], MONDAY, Known(PLACEHOLDERS, {name: load_regime(name) for name in shipped_regimes()})).findings

    assert [finding.check for finding in seen if finding.check.startswith("regime")] == found
    if found:
        assert "in-ecommerce-2020" in seen[[one.check for one in seen].index("regime-terms")].wins


def test_a_regime_that_is_not_here_can_never_hold() -> None:
    pack = load_pack("ecolab", answers={"regime": "uk-fca-disp"})

    seen = [one for one in check([pack], MONDAY, Known(PLACEHOLDERS, {})).findings if one.check == "regime-unknown"]

    assert [(one.level.value, "uk-fca-disp" in one.why) for one in seen] == [("never", True)]


def test_a_regime_of_another_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Refused, match=r"did you mean uk-fca-disp\? There is au-asic-rg271, in-ecommerce-2020"):
        load_regime("uk-fca-dips")


BROKEN = """
[regime]
id = "code"
title = "A code"
authority = "An office"
applies = "all"
source = "a book"
checked_on = 2026-11-22
checked_against = "the book"

[calendars.always]
zone = "UTC"
always = true

[[clauses]]
id = "a"
section = "1"
text = "Answer."

[[steps]]
id = "respond"
clause = "a"
text = "answer"
target = { months = 1, calendar = "always" }
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "respond"', 'id = "reply"', 'line 21, steps[1].id: "reply" is not a step of handling a complaint'),
        ('clause = "a"', 'clause = "b"', 'steps[1].clause: "b" is not a clause of this regime'),
        ("2026-11-22", '"yesterday"', "regime.checked_on"),
        ('calendar = "always" }', 'calendar = "never" }', "is not a calendar of this pack"),
        ('text = "answer"', 'text = "answer"\ncounts_from = "dawn"', '"dawn" is not an instant to count from'),
        ("[regime]", "[regime", "is no TOML"),
        ("[regime]", "[more]\n[regime]", "there is no such key"),
    ],
)
def test_a_regime_with_a_fault_is_refused_at_its_place(old: str, new: str, said: str) -> None:
    assert BROKEN.count(old) == 1

    with pytest.raises(Refused) as refused:
        parse_regime(BROKEN.replace(old, new), file="code.toml", holiday_sets=holiday_sets())

    assert refused.value.sentence.startswith("code.toml")
    assert said in refused.value.sentence
