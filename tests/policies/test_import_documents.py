"""Policies of a bank, a council and a software firm that no rule was made for: what the import proposes of each."""

import pytest

from agentconsole.config.packs import holiday_sets
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_import import import_policy
from agentconsole.domain.policy_parse import parse_pack
from tests.policies.import_documents import BANK, COUNCIL, SAAS
from tests.policies.test_import_shipped import promises

DOCUMENTS = {"bank": BANK, "council": COUNCIL, "saas": SAAS}
PROMISED = {
    "bank": [
        ("ring", "phone", "0:00:30", "within", 15),
        ("return_call", "voicemail", "2:00:00", "within", 16),
        ("first_response", "email", "0 working days", "within", 22),
        ("resolution", "email", "3 working days", "within", 22),
        ("first_response", "web", "1 working days", "within", 24),
        ("next_response", "web", "1 working days", "within", 24),
        ("greet", "walkin", "0:05:00", "under", 27),
        ("acknowledge", "", "2 working days", "within", 39),
        ("respond", "", "8 weeks", "within", 40),
    ],
    "council": [
        ("first_response", "email", "10 working days", "within", 10),
        ("next_response", "email", "10 working days", "within", 10),
        ("ring", "phone", "5 rings", "within", 11),
        ("first_response", "social", "3:00:00", "under", 12),
        ("next_response", "social", "3:00:00", "under", 12),
        ("first_response", "chat", "0:01:30", "within", 13),
        ("next_response", "chat", "0:01:30", "within", 13),
        ("callback", "phone", "1 working days", "within", 15),
        ("greet", "walkin", "0:15:00", "within", 19),
        ("greet", "meeting", "0:15:00", "within", 20),
        ("resolution", "", "2 days, 0:00:00", "within", 24),
        ("acknowledge", "", "5 working days", "within", 31),
        ("respond", "", "15 working days", "within", 32),
    ],
    "saas": [
        ("first_response", "", "0:15:00", "within", 11),
        ("update", "", "0:30:00", "within", 11),
        ("resolution", "", "4:00:00", "within", 11),
        ("first_response", "", "1:00:00", "within", 12),
        ("update", "", "4:00:00", "within", 12),
        ("resolution", "", "1 working days", "within", 12),
        ("first_response", "", "8:00:00", "within", 13),
        ("resolution", "", "5 working days", "within", 13),
        ("first_response", "chat", "0:02:00", "under", 17),
        ("next_response", "chat", "0:02:00", "under", 17),
        ("first_response", "email", "1 day, 0:00:00", "within", 18),
        ("next_response", "email", "1 day, 0:00:00", "within", 18),
        ("callback", "", "0:30:00", "within", 19),
        ("accept_handoff", "", "0:10:00", "within", 24),
    ],
}


def draft(name: str) -> Pack:
    """Import one of the documents and read the draft."""
    text = import_policy(DOCUMENTS[name].encode(), file=f"{name}.txt").text
    return parse_pack(text, file="draft.toml", holiday_sets=holiday_sets(), answers={})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_exactly_the_promises_of_a_document_are_proposed(name: str) -> None:
    pack = draft(name)

    proposed = [(clock, ",".join(sorted(on)), much, how, line) for clock, on, much, how, line in promises(pack)]

    assert sorted(proposed) == sorted(PROMISED[name])


@pytest.mark.parametrize(
    ("name", "duties"),
    [
        ("bank", [("every week", "weekly", "manager", 41), ("half an hour", "0:30:00", "agent", 42)]),
        ("council", []),
        ("saas", []),
    ],
)
def test_what_is_done_at_intervals_becomes_a_duty(name: str, duties: list[tuple[str, str, str, int]]) -> None:
    pack = draft(name)

    found = [
        (duty.cadence or str(duty.every), duty.owner.value, pack.clause(duty.clause).line, duty.text)
        for duty in pack.duties
    ]

    assert [row[:3] for row in found] == [(recurs, owner, line) for _, recurs, owner, line in duties]
    assert all(words in row[3] for (words, *_), row in zip(duties, found, strict=True))


@pytest.mark.parametrize(
    ("name", "triggers"),
    [
        ("bank", [("amount_over_limit", "manager", "500 GBP", 32)]),
        ("council", [("threat_or_abuse", "supervisor", "None ", 25)]),
        ("saas", [("amount_over_limit", "manager", "1000 USD", 25)]),
    ],
)
def test_what_must_be_handed_up_becomes_a_trigger(name: str, triggers: list[tuple[str, str, str, int]]) -> None:
    pack = draft(name)

    found = [
        (trigger.predicate, trigger.to, f"{trigger.limit} {trigger.currency}", pack.clause(trigger.clause).line)
        for trigger in pack.triggers
    ]

    assert found == triggers


@pytest.mark.parametrize(
    ("name", "contacts"),
    [
        ("bank", ["0800 555 0199"]),
        ("council", ["customer.services@millbrook.example", "01632 960 112"]),
        ("saas", ["+1 202 555 0143"]),
    ],
)
def test_addresses_and_numbers_become_contacts(name: str, contacts: list[str]) -> None:
    assert [contact.address for contact in draft(name).contacts] == contacts


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("bank", "1 March 2025", "2025-03-01"),
        ("council", "03/04/2024", "None"),  # the third of April or the fourth of March: nobody can know
        ("saas", "2025-06-30", "2025-06-30"),
    ],
)
def test_a_date_of_revision_is_kept_as_written_and_read_where_it_is_certain(name: str, written: str, read: str) -> None:
    pack = draft(name)

    assert (pack.revision_text, str(pack.revision_date)) == (written, read)


@pytest.mark.parametrize(
    ("name", "blanks"),
    [
        ("bank", {"organisation_name": "Harrow & Vale Bank", "time_zone": "Europe/London", "holidays": "none"}),
        (
            "council",
            {
                "organisation_name": "Millbrook District",
                "time_zone": "Europe/London",
                "holidays": "none",
                "business_hours": "Mon-Fri 09:00-17:00",
                "ring_cycle": "6 s",
                "gap-line-30": "to be decided",
                "amount-line-20-55": "15 min",
            },
        ),
        ("saas", {"organisation_name": "Saas", "time_zone": "Europe/Berlin", "holidays": "none"}),
    ],
)
def test_what_a_document_does_not_say_is_a_blank_with_a_proposal(name: str, blanks: dict[str, str]) -> None:
    assert {blank.id: blank.proposal for blank in draft(name).open_blanks} == blanks


def test_the_hours_that_a_document_names_are_those_of_the_desk() -> None:
    monday = [draft(name).calendars["desk"].weekly[0] for name in ("bank", "saas")]

    assert [[(window.start, window.end) for window in windows] for windows in monday] == [[(480, 1080)], [(540, 1080)]]


def test_the_time_to_resolve_leaves_complaints_to_a_procedure_with_terms() -> None:
    stages = {
        name: [standard.applies.stages for standard in draft(name).standards if standard.clock == "resolution"]
        for name in DOCUMENTS
    }

    assert stages == {
        "bank": [("service", "escalated")],
        "council": [("service", "escalated")],
        "saas": [(), (), ()],
    }


def test_the_rows_of_a_table_bind_the_priority_that_they_name() -> None:
    standards = draft("saas").standards[:8]

    assert [standard.applies.priorities[0].value for standard in standards] == [
        *["urgent"] * 3,
        *["high"] * 3,
        *["normal"] * 2,
    ]


def test_figures_are_indicators_and_no_clocks() -> None:
    kpis = [(kpi.metric, kpi.comparator, str(kpi.value), kpi.unit) for kpi in draft("saas").kpis]

    assert kpis == [("csat", "at_least", "92", "percent"), ("first_response", "under", "30", "minutes")]


def test_page_numbers_and_running_heads_are_no_clauses() -> None:
    pack = draft("bank")

    assert {1, 19, 35, 44}.isdisjoint(clause.line for clause in pack.clauses)


def test_clauses_have_the_numbers_that_the_document_gives_them() -> None:
    lines = {clause.id: clause.line for clause in draft("bank").clauses}

    assert [lines[number] for number in ("0", "1", "2", "2.1", "2.1.1", "2.2.2", "3.2", "4.5")] == [
        *[3, 8, 12, 14],
        *[15, 24, 32, 42],
    ]


def test_every_proposal_stands_below_the_line_it_comes_from() -> None:
    lines = import_policy(BANK.encode(), file="bank.txt").text.split("\n")

    place = lines.index('id = "voicemail-return"')

    assert lines[place - 2] == "# line 16: If you leave a voicemail, we will call you back within two (2) hours."
    assert lines[place + 1] == 'clause = "2.1.2"'


def test_an_amount_of_time_that_became_nothing_is_named_at_the_head() -> None:
    head = import_policy(BANK.encode(), file="bank.txt").text.partition("[policy]")[0]

    assert "line 33: Customers must report a lost card within 24 hours." in head
