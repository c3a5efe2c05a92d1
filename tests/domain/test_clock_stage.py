"""Which tickets a standard binds by the tier of the customer and by the stage of the ticket (000-32 to 000-35)."""

from datetime import timedelta

import pytest

from agentconsole.config.packs import load_pack
from agentconsole.domain.clock_rules import Situation
from agentconsole.domain.clocks import compute
from agentconsole.domain.policy import Applies, Elapsed
from agentconsole.domain.terms import Channel, ClockKind, Priority, Stage, Status
from tests.domain.desk import Ticket, applied, at, pack, standard

HOUR = timedelta(hours=1)
NOW = at("Mon 14:00")


def ticket(*packs: object, kind: str, escalated: bool) -> Ticket:
    story = Ticket(applied(*packs), kind=kind).asked(at("Mon 09:00"))  # type: ignore[arg-type]
    return story.escalate(at("Mon 13:00")) if escalated else story


@pytest.mark.parametrize(
    ("kind", "escalated", "stage"),
    [
        ("", False, Stage.SERVICE),
        ("order", False, Stage.SERVICE),
        ("order", True, Stage.ESCALATED),
        ("complaint", False, Stage.COMPLAINT),
        ("complaint", True, Stage.COMPLAINT),
    ],
)
def test_a_complaint_stays_one_when_it_is_escalated(kind: str, escalated: bool, stage: Stage) -> None:
    situation = Situation(Channel.EMAIL, "", Priority.NORMAL, kind, "", Status.OPEN, escalated)

    assert situation.stage is stage


@pytest.mark.parametrize(
    ("reading", "kind", "escalated", "due"),
    [
        ("none", "", False, None),
        ("none", "", True, "Wed 13:00"),  # 000-35: from the escalation
        ("none", "complaint", False, None),
        ("none", "complaint", True, None),  # 000-39, 000-42: its own procedure has the terms
        ("48h", "", True, "Wed 13:00"),
        ("48h", "complaint", False, "Wed 09:00"),  # Contradictions: an internal target, from receipt
        ("48h", "complaint", True, "Wed 09:00"),
        ("48h", "order", False, None),
    ],
)
def test_the_48_hours_bind_escalated_issues_and_complaints_only_where_the_desk_says_so(
    reading: str, kind: str, escalated: bool, due: str | None
) -> None:
    shipped = load_pack("ecolab", answers={"complaint_resolution_target": reading})

    clocks = ticket(shipped, kind=kind, escalated=escalated).clocks(NOW)

    found = [clock.due_at for clock in clocks if clock.kind is ClockKind.RESOLUTION]
    assert found == ([at(due)] if due else [])


@pytest.mark.parametrize(
    ("stages", "kind", "escalated", "due"),
    [
        ((Stage.SERVICE,), "", False, "Mon 10:00"),
        ((Stage.SERVICE,), "", True, None),
        ((Stage.SERVICE, Stage.ESCALATED), "", True, "Mon 10:00"),  # not begun by the escalation
        ((Stage.ESCALATED,), "", True, "Mon 14:00"),
        ((Stage.ESCALATED, Stage.COMPLAINT), "complaint", False, "Mon 10:00"),
        ((), "complaint", True, "Mon 10:00"),
    ],
)
def test_a_standard_binds_the_stages_it_names_and_counts_from_the_escalation_if_it_names_only_that(
    stages: tuple[Stage, ...], kind: str, escalated: bool, due: str | None
) -> None:
    rules = pack(standard(Elapsed(HOUR), ClockKind.RESOLUTION, applies=Applies(stages=stages)))

    clocks = ticket(rules, kind=kind, escalated=escalated).clocks(NOW)

    assert [clock.due_at for clock in clocks] == ([at(due)] if due else [])


@pytest.mark.parametrize(("tier", "standards"), [("gold", ["fast"]), ("silver", []), ("", [])])
def test_a_standard_binds_the_tiers_of_customers_it_names(tier: str, standards: list[str]) -> None:
    rules = pack(standard(Elapsed(HOUR), applies=Applies(tiers=("gold", "platinum")), id="fast"))
    story = Ticket(applied(rules)).asked()
    situation = Situation(Channel.EMAIL, "", Priority.NORMAL, "", "", Status.OPEN, escalated=False, tier=tier)

    clocks = compute(story.facts, story.packs, situation, NOW)

    assert [clock.standard for clock in clocks if clock.standard] == standards
