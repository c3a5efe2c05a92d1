"""What the import reads besides promises: chapters, dates, hours, names, contacts, tasks and limits."""

import pytest

from agentconsole.domain.policy_import import import_policy
from tests.policies.import_documents import read
from tests.policies.test_import_shipped import promises


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Refunds over $100 are escalated to a manager.", "100 USD False manager"),
        ("Refunds of £1,250.50 or more are escalated.", "1250.50 GBP True supervisor"),
        ("Escalate claims exceeding Rs. 5000.", "5000 INR False supervisor"),
        ("Escalate claims above 300 euros.", "300 EUR False supervisor"),
        ("Claims of more than £500 go straight to the manager.", "500 GBP False manager"),
        ("Escalate claims from CHF 20.", "20 CHF True supervisor"),
    ],
)
def test_a_limit_of_money_keeps_its_currency_and_whether_it_is_reached(text: str, wanted: str) -> None:
    trigger = read(text).triggers[0]

    assert f"{trigger.limit} {trigger.currency} {trigger.inclusive} {trigger.to}" == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Last updated: January 15, 2024", "2024-01-15"),
        ("Revised 15th January 2024", "2024-01-15"),
        ("Date of revision: 27/07/2022", "2022-07-27"),
        ("Date of revision: 07/27/2022", "2022-07-27"),
        ("Effective 05.05.2022", "2022-05-05"),
        ("Effective 2022-12-31", "2022-12-31"),
        ("Effective 31 February 2022", "None"),
        ("Reviewed March 2022", "None"),
        ("Founded 27/07/1922", "None"),
    ],
)
def test_a_date_is_one_only_where_its_order_is_certain(text: str, wanted: str) -> None:
    assert str(read(f"{text}.").revision_date) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("We are open Monday to Friday, 9am to 5.30pm.", "540-1050 540-1050 540-1050 540-1050 540-1050 - -"),
        ("Hours: Mon-Sat 08:00-20:00", "480-1200 480-1200 480-1200 480-1200 480-1200 480-1200 -"),
        ("8:30 a.m. to noon, Monday through Friday.", "510-720 510-720 510-720 510-720 510-720 - -"),
        ("Monday to Friday, 9 to 5, and Saturday 9am - 1pm.", "540-1020 540-1020 540-1020 540-1020 540-1020 540-780 -"),
        (
            "Monday-Friday: 8-6\n\nSaturday & Sunday: 10:00-16:00",
            "480-1080 480-1080 480-1080 480-1080 480-1080 600-960 600-960",
        ),
        ("Mon 9-5pm, Tue 9-6pm, Wed 9-5pm.", "540-1020 540-1080 540-1020 - - - -"),
        ("Open 12am to 6am, Friday to Monday.", "0-360 - - - 0-360 0-360 0-360"),
        ("Open Monday to Friday, 5pm to 9am.", "540-1020 540-1020 540-1020 540-1020 540-1020 - -"),
        ("Open Monday to Friday, 25:99 to 30.", "540-1020 540-1020 540-1020 540-1020 540-1020 - -"),
        ("On Monday 2 to 3 people are here.", "540-1020 540-1020 540-1020 540-1020 540-1020 - -"),
    ],
)
def test_hours_of_a_week_are_read_as_they_are_written(text: str, wanted: str) -> None:
    weekly = read(text).calendars["desk"].weekly

    assert " ".join(f"{day[0].start}-{day[0].end}" if day else "-" for day in weekly) == wanted


def test_what_a_document_is_for_and_whose_it_is_stand_at_the_head_of_the_draft() -> None:
    pack = read(
        "# RULES\n\nAcme Tools is committed to help. The purpose of these rules is calm. Closed on bank holidays, GMT."
    )

    blanks = {blank.id: (blank.proposal, blank.sentence) for blank in pack.blanks}

    assert (pack.title, pack.intent) == ("Rules", "The purpose of these rules is calm")
    assert blanks["organisation_name"] == ("Acme Tools", "Acme Tools is committed to help")
    assert blanks["time_zone"] == ("Europe/London", "Closed on bank holidays, GMT")
    assert blanks["holidays"] == ("none", "Closed on bank holidays, GMT")
    assert blanks["business_hours"] == ("Mon-Fri 09:00-17:00", "The document does not say")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mail: care@acme.example", "acme"),
        ("Be kind.", "Text"),
    ],
)
def test_an_organisation_without_a_name_is_called_after_its_address_or_the_file(text: str, wanted: str) -> None:
    blanks = {blank.id: blank.proposal for blank in read(text).blanks}

    assert blanks["organisation_name"] == wanted


@pytest.mark.parametrize(
    ("number", "note"),
    [
        ("1-800-FLOWERS", ""),
        ("1-800-IT-DESK", "After 1 and the area code come 6 letters or digits where a number has 7."),
        ("020 7946 0018", ""),
    ],
)
def test_a_number_that_cannot_be_dialled_is_noted(number: str, note: str) -> None:
    contact = read(f"## Emergency contacts\n\n- Gas leaks: {number}").contacts[0]

    assert (contact.label, contact.address, contact.emergency, contact.note) == ("Gas leaks", number, True, note)


def test_an_address_that_is_missing_is_a_blank_of_the_contact() -> None:
    pack = read("## Wholesale Inquiries\n\nEmail us at, we reply within 24 hours!")

    assert [(contact.label, contact.address) for contact in pack.contacts] == [
        ("Wholesale Inquiries", "desk@desk.example")
    ]
    assert {standard.applies.queues for standard in pack.standards} == {("wholesale",)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Voicemail is checked every two hours.", "voicemail-checked agent 2:00:00"),
        ("The inbox is checked hourly.", "email-checked agent 1:00:00"),
        ("The supervisor reviews open cases daily.", "reviews supervisor daily"),
        (
            "Calls are monitored for quality on a [weekly/monthly/quarterly] basis.",
            "phone-monitored supervisor monthly",
        ),
        ("Regular training", "training supervisor monthly"),
        ("Everybody meets once a year.", "meets agent yearly"),
    ],
)
def test_a_task_that_recurs_is_a_duty_of_its_role(text: str, wanted: str) -> None:
    duty = read(text).duties[0]

    assert f"{duty.id} {duty.owner.value} {duty.every or duty.cadence}" == wanted


def test_a_report_that_recurs_is_a_report_and_no_duty() -> None:
    pack = read("- Weekly performance summaries\n- Monthly reports to management")

    assert [(report.cadence, report.recipients) for report in pack.reports] == [
        ("weekly", ("supervisor",)),
        ("monthly", ("manager",)),
    ]
    assert pack.duties == ()


def test_days_with_the_same_hours_are_written_together() -> None:
    draft = import_policy(b"Monday to Friday 8am-8pm and Saturday 9am-1pm.", file="text.md").text

    assert 'hours = "Mon-Fri 08:00-20:00; Sat 09:00-13:00"' in draft


def test_rows_of_a_table_are_said_of_their_first_cell_under_the_name_of_the_column() -> None:
    text = "| Priority | Reply | Fix |\n|---|:-:|--:|\n| High | 1 hour | 2 days |\n| Low | 1 day | - |"

    found = [(promise[0], promise[2], promise[4]) for promise in promises(read(text))]

    assert found == [("first_response", "1:00:00", 3), ("resolution", "2 days", 3), ("first_response", "1 days", 4)]


def test_lines_that_are_broken_in_a_sentence_are_one_clause_of_their_first_line() -> None:
    pack = read("Intro.\n\nEmails are\nanswered within\n2 hours. Calls within\n3 rings.\n")

    assert [(clause.id, clause.line, clause.quote) for clause in pack.clauses] == [
        ("1", 1, "Intro."),
        ("2", 3, "Emails are"),
    ]
    assert [standard.clause for standard in pack.standards] == ["2", "2", "2"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# Rules\n\n- One\n- Two", ["1", "1.1", "1.2"]),
        ("# Rules\n\nPreface.\n\n## Mail\n\n- One\n  - Two\n\n## Calls", ["0", "0.1", "1", "1.1", "1.1.1", "2"]),
        ("RULES\nOF ACME\n\n1. MAIL\n\n1.1 Speed\n(a) One.\n(b) Two.", ["0", "0.1", "1", "1.1", "1.1.1", "1.1.2"]),
        ("# Mail\n\nOne.\n\n# Calls\n\nTwo.", ["0", "0.1", "1", "1.1"]),
        ("Preface.\n\n# Mail\n\nOne.", ["1", "2", "2.1"]),
        ("Rules\n\nIf you call\n• One\nIf you write\n• Two\n• Three\n  goes on", ["0", "1", "1.1", "2", "2.1", "2.2"]),
    ],
)
def test_clauses_are_numbered_in_their_order_below_their_headings(text: str, wanted: list[str]) -> None:
    assert [clause.id for clause in read(text).clauses] == wanted


def test_the_first_heading_says_nothing_of_a_chapter_beside_it() -> None:
    pack = read("# Email\n\nAnswered within 2 hours.\n\n# Other\n\nAnswered within 3 hours.")

    assert [standard.applies.channels for standard in pack.standards] == [("email",), ("email",), (), ()]


def test_the_data_at_the_head_of_a_markdown_file_is_no_clause() -> None:
    pack = read("---\ntitle: Support\n---\n# Support\n\nEmails are answered within 2 hours.")

    assert [clause.line for clause in pack.clauses] == [4, 6]
