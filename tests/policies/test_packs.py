"""The three shipped packs: dates, blanks, duties, contacts, complaints, escalation, indicators, calendars and texts."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from agentconsole.config.packs import holiday_sets, load_pack, shipped_packs
from agentconsole.domain.calendar import DayEnd, Receipt
from agentconsole.domain.policy import (
    Elapsed,
    Pack,
    Target,
    WorkingDays,
)
from agentconsole.domain.policy_identity import PackStatus
from agentconsole.domain.terms import Channel, Role

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def own_texts(pack: Pack) -> str:
    """Return every text of a pack that is ours and not the document's, with the blanks' answers in place."""
    texts = [pack.title, pack.intent, *pack.settings.values(), *(letter.title for letter in pack.letters)]
    texts += [message.text for message in pack.messages if not message.verbatim]
    texts += [part for blank in pack.blanks for part in (blank.question, blank.sentence, blank.proposal, blank.reason)]
    texts += [one.text for one in (*pack.standards, *pack.duties, *pack.triggers)]
    texts += [choice.question for choice in pack.choices] + [contact.note for contact in pack.contacts]
    return "\n".join(texts)


@pytest.mark.parametrize(
    ("pack_id", "organisation", "text", "revised", "in_force"),
    [
        ("ecolab", "Eco Lab Supply", "", None, datetime(1970, 1, 1, tzinfo=UTC)),
        ("ecomstore", "ecomstore", "January 15, 2024", date(2024, 1, 15), datetime(2024, 1, 15, 5, tzinfo=UTC)),
        ("ist-desk", "IST service desk", "27/07/2022", date(2022, 7, 27), datetime(2022, 7, 26, 18, 30, tzinfo=UTC)),
    ],
)
def test_a_pack_knows_its_organisation_and_its_revision(
    pack_id: str, organisation: str, text: str, revised: date | None, in_force: datetime
) -> None:
    pack = load_pack(pack_id)

    assert (pack.organisation, pack.revision_text, pack.revision_date) == (organisation, text, revised)
    assert pack.effective_from == in_force


@pytest.mark.parametrize(
    ("pack_id", "blanks"),
    [
        (
            "ecolab",
            "organisation_name business_hours time_zone holidays complaints_system_name complaint_review_cadence "
            "complaints_manager complaints_deputy wholesale_address ring_cycle high_call_volume reread_cadence "
            "data_residency accredited_definition heading_phone heading_email heading_walk_in",
        ),
        (
            "ecomstore",
            "business_hours time_zone holidays immediate_seconds ring_cycle social_monitoring_interval "
            "monitoring_cadence training_cadence",
        ),
        ("ist-desk", "organisation_name official_hours holidays reasonable_email_time complaints_manager"),
    ],
)
def test_a_pack_asks_for_every_blank_and_is_a_draft_until_all_are_answered(pack_id: str, blanks: str) -> None:
    draft = load_pack(pack_id)

    proposals = {blank.id: blank.proposal for blank in draft.blanks}
    nearly = load_pack(pack_id, answers=dict(list(proposals.items())[1:]))
    active = load_pack(pack_id, answers=proposals)

    assert list(proposals) == blanks.split()
    assert [draft.status, nearly.status, active.status] == [PackStatus.DRAFT, PackStatus.DRAFT, PackStatus.ACTIVE]


@pytest.mark.parametrize(
    ("pack_id", "duty_id", "every", "cadence", "owner", "line"),
    [
        ("ecolab", "voicemail-check", 2 * HOUR, "", Role.AGENT, 35),
        ("ecolab", "complaint-review", None, "weekly", Role.MANAGER, 69),
        ("ecolab", "playbook-reread", None, "quarterly", Role.AGENT, 11),
        ("ecomstore", "social-monitoring", 2 * HOUR, "", Role.AGENT, 52),
        ("ecomstore", "quality-monitoring", None, "weekly", Role.SUPERVISOR, 160),
        ("ecomstore", "training-session", None, "monthly", Role.SUPERVISOR, 219),
    ],
)
def test_recurring_duties_are_there(
    pack_id: str, duty_id: str, every: timedelta | None, cadence: str, owner: Role, line: int
) -> None:
    pack = load_pack(pack_id)

    duty = next(one for one in pack.duties if one.id == duty_id)

    assert (duty.every, duty.cadence, duty.owner, pack.clause(duty.clause).line) == (every, cadence, owner, line)


@pytest.mark.parametrize(
    ("pack_id", "contact_id", "address", "emergency"),
    [
        ("ist-desk", "public-phone", "8800993936", False),
        ("ecomstore", "supervisor-address", "supervisor@ecomstore.com", False),
        ("ecomstore", "technical-support", "tech-support@ecomstore.com", False),
        ("ecomstore", "training-team", "training@ecomstore.com", False),
        ("ecomstore", "hr-support", "hr@ecomstore.com", False),
        ("ecomstore", "it-emergency", "1-800-IT-HELP", True),
        ("ecomstore", "security-incident", "1-800-SECURITY", True),
        ("ecomstore", "management-on-call", "1-800-MANAGER", True),
    ],
)
def test_contacts_are_kept_as_the_document_writes_them(
    pack_id: str, contact_id: str, address: str, emergency: bool
) -> None:
    pack = load_pack(pack_id)

    contact = next(one for one in pack.contacts if one.id == contact_id)

    assert (contact.address, contact.emergency) == (address, emergency)
    assert address in pack.clause(contact.clause).quote or pack_id == "ist-desk"


def test_the_number_that_is_a_letter_short_says_so() -> None:
    notes = {contact.id: contact.note for contact in load_pack("ecomstore").contacts}

    assert notes["it-emergency"].startswith("One letter short")
    assert notes["management-on-call"] == ""


def test_the_complaint_procedure_has_its_steps_letters_and_enclosures() -> None:
    pack = load_pack("ecolab")
    five_days = WorkingDays(5, "desk", Receipt.SAME_DAY, DayEnd.CLOSE_OF_BUSINESS)

    steps = {step.id: step for step in pack.procedure.steps} if pack.procedure else {}

    assert list(steps) == ["log", "pass_to", "acknowledge", "investigate", "hold", "respond", "review"]
    assert (steps["acknowledge"].target, steps["acknowledge"].enclosures) == (five_days, ("procedure",))
    assert (steps["hold"].target, steps["hold"].enclosures) == (five_days, ("procedure",))
    assert "date_promised" in steps["hold"].required
    assert [pack.clause(step.clause).line for step in steps.values()] == [64, 65, 66, 66, 67, 68, 70]


@pytest.mark.parametrize(("answers", "overdue"), [({}, 15 * MINUTE), ({"complaint_pass_overdue": "1 h"}, HOUR)])
def test_a_complaint_that_nobody_accepts_is_overdue_after_15_minutes_unless_set(
    answers: dict[str, str], overdue: timedelta
) -> None:
    procedure = load_pack("ecolab", answers=answers).procedure

    assert procedure is not None
    assert procedure.overdue_unaccepted == overdue


@pytest.mark.parametrize(("choice", "target"), [("none", None), ("48h", Elapsed(48 * HOUR))])
def test_the_48_hours_bind_complaints_only_where_the_desk_says_so(choice: str, target: Target | None) -> None:
    procedure = load_pack("ecolab", answers={"complaint_resolution_target": choice}).procedure

    assert procedure is not None
    assert procedure.resolution_target == target


@pytest.mark.parametrize(
    ("pack_id", "triggers"),
    [
        ("ecolab", [(55, "agent_cannot_resolve", None), (56, "agent_cannot_resolve", None)]),
        (
            "ecomstore",
            [
                (182, "complex_technical", None),
                (183, "amount_over_limit", Decimal(100)),
                (184, "legal_or_compliance", None),
                (185, "threat_or_abuse", None),
                (186, "needs_approval", None),
            ],
        ),
        ("ist-desk", [(61, "agent_cannot_resolve", None), (65, "asked_by_customer", None)]),
    ],
)
def test_escalation_triggers_carry_their_clause(pack_id: str, triggers: list[tuple[int, str, Decimal | None]]) -> None:
    pack = load_pack(pack_id)

    found = [(pack.clause(one.clause).line, one.predicate, one.limit) for one in pack.triggers]

    assert found == triggers


@pytest.mark.parametrize(("choice", "inclusive"), [("strictly_over", False), ("at_or_over", True)])
def test_the_limit_of_100_dollars_is_exceeded_strictly_over_it_unless_set(choice: str, inclusive: bool) -> None:
    pack = load_pack("ecomstore", answers={"amount_limit": choice})

    trigger = next(one for one in pack.triggers if one.limit is not None)

    assert (trigger.currency, trigger.inclusive) == ("USD", inclusive)


def test_the_hand_off_packet_names_the_clause_of_each_field() -> None:
    pack = load_pack("ecomstore")

    lines = [pack.clause(clause).line for clause in pack.packet_clauses.values()]

    assert pack.packet == ("interactions", "attempts", "summary", "customer_contact", "follow_up_promise")
    assert lines == [189, 132, 190, 191, 192]


@pytest.mark.parametrize("decides", ["mean", "p90"])
def test_indicators_have_their_targets_and_one_statistic_decides(decides: str) -> None:
    kpis = load_pack("ecomstore", answers={"kpi_statistic": decides}).kpis

    found = [(kpi.metric, kpi.comparator, int(kpi.value), kpi.unit) for kpi in kpis if kpi.decides]

    assert found == [
        ("csat", "at_least", 90, "percent"),  # 001-163
        ("first_response", "under", 2, "hours"),  # 001-164
        ("resolution", "under", 24, "hours"),  # 001-165
        ("first_call_resolution", "at_least", 85, "percent"),  # 001-166
    ]
    assert {kpi.variant for kpi in kpis if kpi.metric == "resolution"} == {"mean", "p90"}


def test_reports_are_due_daily_weekly_monthly_and_quarterly() -> None:
    reports = load_pack("ecomstore").reports

    assert [report.cadence for report in reports] == ["daily", "weekly", "monthly", "quarterly"]
    assert all(report.contents and report.recipients for report in reports)


@pytest.mark.parametrize(
    ("pack_id", "channel", "at", "is_open"),
    [
        ("ecolab", Channel.EMAIL, "2026-11-23T09:00-05:00", True),
        ("ecolab", Channel.EMAIL, "2026-11-22T12:00-05:00", False),
        ("ecomstore", Channel.CHAT, "2026-11-22T03:00-05:00", True),
        ("ecomstore", Channel.PHONE, "2026-11-23T17:00-05:00", False),
        ("ist-desk", Channel.PHONE, "2026-11-21T09:30+05:30", True),
        ("ist-desk", Channel.CHAT, "2026-11-21T18:00+05:30", False),
    ],
)
def test_a_channel_is_open_by_its_calendar(pack_id: str, channel: Channel, at: str, is_open: bool) -> None:
    pack = load_pack(pack_id)

    calendar = pack.calendars[pack.channel_calendars[channel]]

    assert calendar.is_open(datetime.fromisoformat(at)) is is_open


def test_the_headings_that_the_document_lacks_come_from_their_blanks() -> None:
    pack = load_pack("ecolab", answers={"heading_phone": "Telephone"})

    headings = [pack.clause(clause).heading.rsplit(": ")[-1] for clause in ("2.4", "2.5", "2.7", "2.9")]

    assert headings == ["Telephone", "E-mail", "Live Chat", "Walk-in"]


@pytest.mark.parametrize(
    ("pack_id", "foreign"),
    [
        ("ecolab", "LiveAgent|Quality ?Unit|Amazon|Linode|Google|ecomstore"),
        ("ecomstore", "LiveAgent|Eco ?Lab|Amazon|Linode|Google"),
        ("ist-desk", "LiveAgent|Eco ?Lab|ecomstore|Amazon|Linode|Google"),
    ],
)
def test_our_own_texts_name_no_other_organisation(pack_id: str, foreign: str) -> None:
    texts = own_texts(load_pack(pack_id))

    assert len(texts) > 500
    assert re.findall(foreign, texts) == []


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_every_proposal_has_a_question_a_sentence_and_a_reason(pack_id: str) -> None:
    pack = load_pack(pack_id)

    assert all(blank.question.endswith("?") and "…" in blank.sentence for blank in pack.blanks)
    assert all(blank.reason.endswith(".") and len(blank.reason.split()) >= 8 for blank in pack.blanks)


def test_every_shipped_holiday_set_can_be_answered_for_the_holidays() -> None:
    names = list(holiday_sets())

    closed = [
        len(load_pack("ecomstore", answers={"holidays": name}).calendars["business"].exceptions) for name in names
    ]

    assert len(names) >= 3
    assert min(closed) > 0
