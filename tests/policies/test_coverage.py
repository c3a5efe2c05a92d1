"""Coverage: each clause with what carries it, told apart by what runs, and totals that add up."""

from dataclasses import replace

import pytest

from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.domain.policy import Applies
from agentconsole.domain.policy_coverage import Carrier, Standing, cover, is_at_work, messages_at_work
from agentconsole.domain.policy_program import PROGRAM, Means
from agentconsole.domain.terms import Channel, ClockKind, Stage
from tests.policies.small_pack import parse

AT_WORK, PACKED, NOTHING, HEADING = Standing


def standing(pack_id: str, clause: str) -> Standing:
    found = next(one for one in cover(load_pack(pack_id)).clauses if one.clause.id == clause)
    return found.standing


@pytest.mark.parametrize(
    ("pack_id", "clause", "expected", "why"),
    [
        ("ecolab", "2.5", AT_WORK, "000-24: the clock of e-mails runs"),
        ("ecolab", "2.6", AT_WORK, "000-25: its automatic notice is sent"),
        ("ecolab", "3.4", AT_WORK, "000-35: the 48 hours run from an escalation"),
        ("ecolab", "3.2", AT_WORK, "000-33: x escalates"),
        ("ecolab", "2.3a", AT_WORK, "000-21: the check is asked for every two hours"),
        ("ecolab", "2.1", PACKED, "000-19: no call comes in"),
        ("ecolab", "2.7", PACKED, "000-26: no chat comes in"),
        ("ecolab", "2.9", PACKED, "000-28: nobody arrives"),
        ("ecolab", "9.1", PACKED, "000-76: nothing is sorted into a queue for wholesale"),
        ("ecolab", "1.6", PACKED, "000-10: a criterion that no review asks yet"),
        ("ecolab", "7.3", PACKED, "000-66: a claim that no register follows yet"),
        ("ecolab", "4.3a", PACKED, "000-39: a letter that no complaint sends yet"),
        ("ecolab", "5.2", NOTHING, "000-51: there are no surveys"),
        ("ecolab", "6.6", NOTHING, "000-60: there is no filter"),
        ("ecolab", "2", HEADING, "promises nothing"),
        ("ecomstore", "3.resp.2", AT_WORK, "001-028: the clock of e-mails runs"),
        ("ecomstore", "3.chan.2", AT_WORK, "001-032: who writes out of hours is told so"),
        ("ecomstore", "3.chan.3", PACKED, "001-033: no call comes in"),
        ("ecomstore", "3.resp.1", PACKED, "001-027: no chat comes in"),
        ("ecomstore", "10.when.2", PACKED, "001-113: nobody looks for the limit yet"),
        ("ecomstore", "16.kpi.1", PACKED, "001-163: nothing is measured yet"),
        ("ecomstore", "7.train.1", NOTHING, "001-091: there is no training"),
        ("ist-desk", "Policy.2a", AT_WORK, "002-20: e-mails are measured"),
        ("ist-desk", "Policy.3", PACKED, "002-22: no chat comes in"),
        ("ist-desk", "Definitions.5", NOTHING, "002-09: there is no manual"),
    ],
)
def test_a_clause_stands_where_the_program_is(pack_id: str, clause: str, expected: Standing, why: str) -> None:
    assert standing(pack_id, clause) is expected, why


@pytest.mark.parametrize(
    ("change", "runs"),
    [
        ({}, True),
        ({"clock": ClockKind.RING}, False),
        ({"clock": ClockKind.GREET}, False),
        ({"clock": ClockKind.RETURN_CALL}, False),
        ({"clock": ClockKind.ACKNOWLEDGE}, False),
        ({"clock": ClockKind.UPDATE}, True),
        ({"applies": Applies()}, True),
        ({"applies": Applies(channels=(Channel.CHAT,))}, False),
        ({"applies": Applies(channels=(Channel.CHAT, Channel.EMAIL))}, True),
        ({"applies": Applies(queues=("wholesale",))}, False),
        ({"applies": Applies(kinds=("order",))}, False),
        ({"applies": Applies(tiers=("gold",))}, False),
        ({"applies": Applies(stages=(Stage.COMPLAINT,))}, False),
        ({"applies": Applies(stages=(Stage.ESCALATED, Stage.COMPLAINT))}, True),
        ({"applies": Applies(brands=("acme",))}, True),
    ],
)
def test_a_standard_is_at_work_when_the_desk_can_start_its_clock(change: dict[str, object], runs: bool) -> None:
    standard = next(one for one in load_pack("ecolab").standards if one.id == "email-first")

    assert is_at_work(replace(standard, **change)) is runs  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pack_id", "sent"),
    [("ecolab", {"auto-acknowledgement"}), ("ecomstore", {"out-of-hours-email"}), ("ist-desk", set())],
)
def test_a_message_is_at_work_when_a_clock_that_runs_sends_it(pack_id: str, sent: set[str]) -> None:
    assert messages_at_work(load_pack(pack_id)) == sent


def test_a_clause_names_everything_that_carries_it() -> None:
    covered = next(one for one in cover(load_pack("ecolab")).clauses if one.clause.id == "2.5")

    assert (
        covered.carriers
        == (
            Carrier(Means.CLOCK, "email-first", at_work=True),
            Carrier(Means.CLOCK, "email-next", at_work=True),
            Carrier(Means.SETTING, "emails_answered", at_work=True),
            Carrier(Means.SETTING, "email_hours", at_work=True),
            Carrier(Means.BLANK, "heading_email", at_work=False),
        )
        or covered.carriers[:4] == covered.carriers
    )


def test_every_part_of_the_language_is_counted_where_its_clause_stands() -> None:
    found = {(carrier.means, carrier.name) for one in cover(parse()).clauses for carrier in one.carriers}

    assert {means for means, _ in found} == set(Means) - {Means.PROGRAM}
    assert {(Means.PACKET, "summary"), (Means.PROCEDURE, "acknowledge"), (Means.RESIDENCY, "Austria")} <= found


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_totals_add_up_and_every_row_is_counted_once(pack_id: str) -> None:
    coverage = cover(load_pack(pack_id))

    rows = {row for clause in coverage.pack.clauses for row in clause.rows}

    assert sum(coverage.totals.values()) == len(coverage.pack.clauses)
    assert sum(coverage.row_totals.values()) == len(coverage.rows) == len(rows)
    assert coverage.row_totals[HEADING] == 0
    assert coverage.totals[HEADING] == sum(clause.title for clause in coverage.pack.clauses)


def test_a_row_with_several_clauses_stands_where_the_least_of_them_stands() -> None:
    rows = cover(load_pack("ecolab")).rows

    assert rows["000-55"] is AT_WORK
    assert rows["000-63"] is PACKED
    assert rows["000-75"] is AT_WORK


@pytest.mark.parametrize(
    ("pack_id", "clauses", "headings", "rows"),
    [("ecolab", 27, 9, 26), ("ecomstore", 29, 17, 29), ("ist-desk", 11, 7, 11)],
)
def test_so_much_of_the_shipped_packs_is_at_work(pack_id: str, clauses: int, headings: int, rows: int) -> None:
    """Whoever builds what keeps another clause says so in `policy_program`, and here."""
    coverage = cover(load_pack(pack_id))

    assert (coverage.totals[AT_WORK], coverage.totals[HEADING]) == (clauses, headings)
    assert coverage.row_totals[AT_WORK] == rows


def test_what_the_program_does_for_a_row_is_a_carrier_of_that_row_alone() -> None:
    covered = next(one for one in cover(load_pack("ecolab")).clauses if one.clause.id == "6.1")

    assert covered.carriers == tuple(
        Carrier(Means.PROGRAM, PROGRAM[row].does, at_work=True, row=row) for row in ("000-55", "000-75")
    )
    assert [covered.standing_of(row) for row in ("000-55", "000-75", "")] == [AT_WORK, AT_WORK, NOTHING]


def test_a_clause_stands_where_the_least_of_its_requirements_stands() -> None:
    clauses = {one.clause.id: one for one in cover(load_pack("ecolab")).clauses}

    hosting = clauses["7.1b"]

    assert [hosting.standing_of(row) for row in hosting.clause.rows] == [PACKED, AT_WORK]
    assert hosting.standing is PACKED  # that the check names the foreign brand is no evidence of the hosting
    assert clauses["6.1"].standing is AT_WORK
