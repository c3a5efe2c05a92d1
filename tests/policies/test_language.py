"""The policy language: each part of a pack becomes its type, references are resolved, answers make a draft active."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agentconsole.domain.calendar import DayEnd, Receipt
from agentconsole.domain.policy import (
    ActionKind,
    Applies,
    BestEffort,
    Business,
    CalendarSpan,
    ChainLink,
    Comparator,
    Elapsed,
    Immediate,
    NextPeriodEnd,
    Reopen,
    Rings,
    StageAction,
    Unspecified,
    Warning,
    WorkingDays,
)
from agentconsole.domain.policy_identity import PackStatus
from agentconsole.domain.terms import Channel, Priority, Role, Stage, Start, Status
from tests.policies.small_pack import SMALL, parse

ANSWERS = {"hours": "24x7", "free_days": "moonbase", "town": "Graz", "soon": "90 min", "days": "7"}
MONDAY_NOON = datetime(2026, 7, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("standard", "target"),
    [
        ("mail", Elapsed(timedelta(days=1))),
        ("rings", Rings(6, timedelta(seconds=5))),
        ("working-days", WorkingDays(5, "desk", Receipt.NEXT_WORKING_DAY, DayEnd.CLOSE_OF_BUSINESS)),
        ("weeks", CalendarSpan("weeks", 2, "desk")),
        ("months", CalendarSpan("months", 1, "desk")),
        ("at-once", Immediate(30, "always")),
        ("best", BestEffort("erlang")),
        ("reasonable", Unspecified(None, "desk")),
        ("callback", NextPeriodEnd("night")),
    ],
)
def test_every_kind_of_target_is_read(standard: str, target: object) -> None:
    pack = parse()

    found = {one.id: one.target for one in pack.standards}

    assert found[standard] == target


def test_a_standard_carries_what_it_binds_and_what_happens_by_itself() -> None:
    standard = next(one for one in parse().standards if one.id == "mail")

    assert standard.applies == Applies(
        channels=(Channel.EMAIL,),
        queues=("sales",),
        priorities=(Priority.HIGH,),
        kinds=("order",),
        brands=("example",),
    )
    assert standard.comparator is Comparator.UNDER
    assert standard.pauses == (Status.WAITING,)
    assert (standard.on_reopen, standard.reopen_days) == (Reopen.NEW_TICKET, 14)
    assert standard.actions == (StageAction(ActionKind.AUTO_ACKNOWLEDGE, timedelta(hours=12), "ack"),)


def test_a_standard_says_whom_it_binds_at_which_stage_and_from_when_it_counts() -> None:
    standard = next(one for one in parse().standards if one.id == "voicemail")

    assert standard.applies == Applies(tiers=("gold",), stages=(Stage.SERVICE, Stage.ESCALATED))
    assert (standard.start, standard.duty) == (Start.DUTY, "look")


def test_a_standard_without_alarms_takes_those_of_the_pack() -> None:
    standard = next(one for one in parse().standards if one.id == "mail")

    assert standard.warnings == (
        Warning(75, None, Role.AGENT),
        Warning(None, timedelta(minutes=10), Role.SUPERVISOR),
    )
    assert standard.chain == (
        ChainLink(150, Role.MANAGER, respects_hours=False),
        ChainLink(100, Role.SUPERVISOR, after=timedelta(hours=2)),
    )


def test_a_standard_with_empty_alarms_has_none() -> None:
    standard = next(one for one in parse(reading="business").standards if one.id == "business-only")

    assert (standard.warnings, standard.chain) == ((), ())
    assert standard.applies == Applies(escalated=True, out_of_hours=False)


@pytest.mark.parametrize(
    ("reading", "target", "has_optional"),
    [
        ("elapsed", Elapsed(timedelta(days=1)), False),
        ("business", Business(timedelta(hours=8), "desk"), True),
    ],
)
def test_a_setting_chooses_a_target_and_which_standards_there_are(
    reading: str, target: object, has_optional: bool
) -> None:
    pack = parse(reading=reading)

    standards = {one.id: one for one in pack.standards}

    assert standards["mail"].target == target
    assert ("business-only" in standards) is has_optional
    assert pack.settings["reading"] == reading


def test_a_pack_with_an_open_blank_is_a_draft_and_computes_with_the_proposal() -> None:
    pack = parse(hours="24x7")

    assert pack.status is PackStatus.DRAFT
    assert [blank.id for blank in pack.open_blanks] == ["free_days", "town", "soon", "days"]
    assert pack.organisation == "Example Works of Linz"
    assert pack.calendars["desk"].always_open


def test_a_pack_with_every_blank_answered_is_active_and_computes_with_the_answers() -> None:
    pack = parse(**ANSWERS)

    targets = {one.id: one.target for one in pack.standards}

    assert (pack.status, pack.open_blanks) == (PackStatus.ACTIVE, ())
    assert pack.organisation == "Example Works of Graz"
    assert pack.clause("1").heading == "Standards of Graz"
    assert pack.message("ack").text.endswith("We work in Graz.")  # type: ignore[union-attr]
    assert targets["reasonable"] == Unspecified(timedelta(minutes=90), "desk")
    assert targets["working-days"] == WorkingDays(7, "desk", Receipt.NEXT_WORKING_DAY, DayEnd.CLOSE_OF_BUSINESS)


def test_reasonable_time_may_be_answered_with_unset() -> None:
    pack = parse(**{**ANSWERS, "soon": "unset"})

    target = next(one.target for one in pack.standards if one.id == "reasonable")

    assert pack.status is PackStatus.ACTIVE
    assert target == Unspecified(None, "desk")


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_a_pack_that_calls_itself_something_else_stays_so(status: str) -> None:
    text = SMALL.replace('status = "active"', f'status = "{status}"')

    assert parse(text).status.value == status
    assert parse(text, **ANSWERS).status.value == status


@pytest.mark.parametrize(
    ("calendar", "answers", "is_open"),
    [
        ("desk", {}, True),
        ("desk", {"free_days": "moonbase"}, False),
        ("desk", {"hours": "Tue 09:00-12:00, 13:00-17:00"}, False),
        ("night", {}, False),
        ("always", {}, True),
    ],
)
def test_calendars_take_hours_and_holidays_from_the_blanks(
    calendar: str, answers: dict[str, str], is_open: bool
) -> None:
    pack = parse(**answers)

    assert pack.calendars[calendar].is_open(MONDAY_NOON) is is_open


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("revision_date", date(2024, 2, 29)),
        ("revision_text", "29/02/2024"),
        ("effective_from", datetime(2024, 2, 29, 23, tzinfo=UTC)),
        ("version", 3),
        ("order", "late-first"),
        ("packet", ("summary",)),
        ("packet_clauses", {"summary": "1.a"}),
        ("role_aliases", {"team lead": Role.SUPERVISOR}),
        ("channel_calendars", {Channel.EMAIL: "desk", Channel.CHAT: "always"}),
        ("settings", {"reading": "elapsed", "end": "close_of_business", "retention": "two years"}),
    ],
)
def test_identity_and_tables_are_read(part: str, expected: object) -> None:
    assert getattr(parse(), part) == expected


def test_a_pack_without_a_date_is_in_force_since_ever() -> None:
    text = "\n".join(line for line in SMALL.split("\n") if not line.startswith(("revision_", "effective_from")))

    pack = parse(text)

    assert (pack.revision_text, pack.revision_date) == ("", None)
    assert pack.effective_from == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_dated_pack_is_in_force_from_that_midnight_in_its_zone() -> None:
    text = "\n".join(line for line in SMALL.split("\n") if not line.startswith("effective_from"))

    assert parse(text).effective_from == datetime(2024, 2, 28, 23, tzinfo=UTC)


def test_the_procedure_takes_enclosures_and_fields_from_its_letters() -> None:
    procedure: Any = parse().procedure

    step = procedure.steps[0]

    assert (step.letter, step.enclosures, step.required) == ("first", ("procedure",), ("outcome", "customer_name"))
    assert step.target == WorkingDays(5, "desk", Receipt.SAME_DAY, DayEnd.END_OF_DAY)
    assert procedure.owner is Role.SUPERVISOR
    assert procedure.resolution_target == Elapsed(timedelta(hours=48))
    assert (procedure.second_stage, procedure.outside_body) == ("The board.", "The ombudsman.")


def test_triggers_indicators_reports_and_duties_are_read() -> None:
    pack = parse()

    trigger, kpi, report, duty = pack.triggers[0], pack.kpis[0], pack.reports[0], pack.duties[0]

    assert (trigger.limit, trigger.currency, trigger.inclusive) == (Decimal("99.5"), "EUR", True)
    assert (kpi.metric, kpi.comparator, kpi.value, kpi.decides) == ("csat", "at_least", Decimal(90), True)
    assert (report.cadence, report.recipients) == ("weekly", ("team lead", "admin"))
    assert (duty.owner, duty.every, duty.cadence) == (Role.SUPERVISOR, timedelta(hours=2), "")
    assert (pack.duties[1].every, pack.duties[1].cadence) == (None, "monthly")


def test_a_message_keeps_its_channel_and_whether_it_is_verbatim() -> None:
    pack = parse()

    assert [(one.id, one.channel, one.verbatim) for one in pack.messages] == [
        ("ack", Channel.EMAIL, False),
        ("prompt", None, True),
    ]
    assert pack.contacts[0].emergency
