"""One row per sentence as policies write them: the clocks, channels and amounts that the import proposes for it."""

import pytest

from agentconsole.config.packs import holiday_sets
from agentconsole.domain.policy import Business, Elapsed, Pack
from agentconsole.domain.policy_import import import_policy
from agentconsole.domain.policy_parse import parse_pack
from tests.policies.test_import_shipped import promises


def read(text: str) -> Pack:
    """Import a text and read the draft."""
    return parse_pack(
        import_policy(text.encode(), file="text.md").text, file="draft.toml", holiday_sets=holiday_sets(), answers={}
    )


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Emails are answered within 24 hours.", "first_response email 1 day, 0:00:00"),
        ("We reply to e-mail in forty-eight hours.", "first_response email 2 days, 0:00:00"),
        ("E-mail is answered in under 90 minutes.", "first_response email 1:30:00 under"),
        ("Emails get a response in 24-48 hours.", "first_response email 2 days, 0:00:00"),
        ("Emails get a response within one and a half hours.", "first_response email 1:30:00"),
        ("Emails get a response within an hour and a half.", "first_response email 1:30:00"),
        ("Emails get a response within 1.5 hours.", "first_response email 1:30:00"),
        ("Emails get a response within 2½ hours.", "first_response email 2:30:00"),
        ("Emails get a response within 4hrs.", "first_response email 4:00:00"),
        ("Emails get a response within a fortnight.", "first_response email 2 weeks"),
        ("Emails get a response within one month.", "first_response email 1 months"),
        ("Emails get a response within 3 calendar days.", "first_response email 3 days"),
        ("Emails get a response within three clear working days.", "first_response email 3 working days"),
        ("Emails get a response the same day.", "first_response email 0 working days"),
        ("Emails get a response by close of business.", "first_response email 0 working days"),
        ("Emails get a response by the next business day.", "first_response email 1 working days"),
        ("Emails get a response within 8 business hours.", "first_response email 8:00:00"),
        ("Emails get a response in about 45 minutes.", "first_response email 0:45:00"),
        ("Emails get a response inside 2 hours.", "first_response email 2:00:00"),
        ("Emails get a response with no delay longer than 2 hours.", "first_response email 2:00:00"),
        ("Email: 2 hours", "first_response email 2:00:00"),
        ("Phone support: 80 % in 30 s", "ring phone 0:00:30"),
        ("| Channel | Target |\n|---|---|\n| Chat | 1 min |", "first_response chat 0:01:00"),
        ("Within two hours we will answer your email.", "first_response email 2:00:00"),
        ("Emails and tweets are answered within an hour.", "first_response email,social 1:00:00"),
        ("Calls are picked up within four rings.", "ring phone 4 rings"),
        ("The phone is answered immediately.", "ring phone Immediate"),
        ("Phone calls are answered as soon as possible.", "ring phone BestEffort"),
        ("Emails are answered promptly.", "first_response email Unspecified"),
        ("Emails are answered promptly, and within 6 hours.", "first_response email 6:00:00"),
        ("Voicemails are returned within an hour.", "return_call voicemail 1:00:00"),
        ("Missed calls are returned within an hour.", "callback phone 1:00:00"),
        ("Leave a message and we call you back when we open.", "callback voicemail NextPeriodEnd"),
        ("Nobody waits longer than five minutes at the counter.", "greet walkin 0:05:00"),
        ("Callers should not wait longer than a minute.", "ring phone 0:01:00"),
        ("Loss of service is repaired within two full working days.", "resolution  2 working days"),
        ("Problems are fixed within 2 days.", "resolution  2 days"),
        ("We keep you informed every four hours.", "update  4:00:00"),
        ("We send you an update every hour.", "update  1:00:00"),
        ("Escalated cases are accepted within 15 minutes.", "accept_handoff  0:15:00"),
        ("We greet everybody within 10 seconds.", "greet walkin 0:00:10"),
        ("We acknowledge your email within a day.", "first_response email 1 days"),
        ("We acknowledge your complaint within a day.", "acknowledge  1 days"),
        ("Our final response to a complaint is sent within 8 weeks.", "respond  8 weeks"),
        ("If we cannot settle a complaint within 4 weeks, we write again.", "hold  4 weeks"),
        ("Complaints are resolved within a week.", "resolution  1 weeks"),
    ],
)
def test_a_sentence_becomes_the_clock_that_its_verb_names(sentence: str, wanted: str) -> None:
    first = next(promises(read(sentence)))

    clock, channels, amount, comparator, _ = first

    assert f"{clock} {','.join(sorted(channels))} {amount}{' under' if comparator == 'under' else ''}" == wanted


@pytest.mark.parametrize(
    "sentence",
    [
        "Goods may be returned within 30 days.",
        "Customers must reply within 24 hours.",
        "Please contact us within 7 days.",
        "Refunds are paid within 5 working days.",
        "Records are kept for 30 days.",
        "Chat logs: 30 days",
        "Our email is open 24 hours a day, seven days a week.",
        "Chat is available 24/7.",
        "If an email is unanswered after 3 days, tell us.",
        "We try to answer emails as soon as possible.",
        "We resolve problems promptly.",
        "Report an incident immediately.",
        "Calls are answered in 20 seconds on average.",
        "Orders are shipped within 2 days, and customers receive updates.",
    ],
)
def test_a_time_that_is_no_promise_of_the_desk_starts_no_clock(sentence: str) -> None:
    assert list(promises(read(sentence))) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# Live chat\n\nWe answer within 2 minutes.", "chat"),
        ("## Email\n\n### How fast\n\n- Answered within 2 hours", "email"),
        ("PHONE SUPPORT\n\nAnswered within 2 minutes.", "phone"),
        ("Social media:\n- Reply within 2 hours", "social"),
        ("Emails are answered within 2 hours and chats within 2 minutes.", "chat,email"),
        ("**Email**\n\nAnswered within 2 hours.", "email"),
        ("We answer within 2 hours.", ""),
    ],
)
def test_the_channel_is_the_nearest_that_is_named_or_that_of_the_heading(text: str, wanted: str) -> None:
    channels = {channel.value for standard in read(text).standards for channel in standard.applies.channels}

    assert ",".join(sorted(channels)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Email: reply within [24] hours", ("elapsed", "24 h")),
        ("Email: reply within ____ business days", ("working_days", "5")),
        ("Phone: answer within [N] rings", ("rings", "4")),
        ("Email: reply within [insert number] minutes", ("elapsed", "15 min")),
    ],
)
def test_a_gap_in_a_promise_is_a_blank_of_the_standard(text: str, wanted: tuple[str, str]) -> None:
    draft = import_policy(text.encode(), file="text.md").text
    blank = next(blank for blank in read(text).open_blanks if blank.id.startswith("amount"))

    key, proposal = wanted

    assert f'{key} = {{ blank = "{blank.id}" }}' in draft
    assert blank.proposal == proposal


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


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Emails: within 2 hours, and within 12 hours at all other times.", [False, True]),
        ("Outside office hours emails are answered within 12 hours.", [True]),
        ("Emails are answered within 2 hours.", [None]),
        ("Calls out of hours are returned in the next business hours.", [True]),
    ],
)
def test_a_time_for_closed_hours_binds_those_alone(text: str, wanted: list[bool | None]) -> None:
    standards = [standard for standard in read(f"# Response\n\n{text}").standards if standard.clock != "next_response"]

    assert [standard.applies.out_of_hours for standard in standards] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("- Chats are answered within 5 minutes.\n  - Chat is limited to office hours.", "Business 0:05:00 False"),
        (
            "Chats are answered within 5 minutes. Chat is only available during our working hours.",
            "Business 0:05:00 False",
        ),
        ("- Chats are answered within 5 minutes.\n- Branches are open during business hours.", "Elapsed 0:05:00 None"),
    ],
)
def test_a_service_that_is_limited_to_hours_counts_open_time(text: str, wanted: str) -> None:
    standard = read(f"# Chat\n\n{text}").standards[0]

    assert isinstance(standard.target, Business | Elapsed)
    assert f"{type(standard.target).__name__} {standard.target.amount} {standard.applies.out_of_hours}" == wanted


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


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Goods may be returned within 30 days.", "an amount of time, and no promise that a clock could keep"),
        ("We greet callers within 5 seconds.", "a greeting that is no clock on this channel"),
        ("Emails are answered within 20 minutes on average.", "a statistic, and no promise to each customer"),
        ("If we cannot help within 2 days, we say so.", "a condition, and no promise"),
        ("Fire doors are checked every 10 days.", "a task at an interval that no calendar of a desk has"),
        (
            "If we cannot answer an email within 12 hours, an automatic reply is sent.",
            "what happens instead of an answer, and no promise of that answer above it",
        ),
        (
            "- We acknowledge a complaint within 2 days.\n- Then we acknowledge the complaint within 5 days.",
            "the complaint procedure has a step acknowledge already",
        ),
    ],
)
def test_a_time_that_becomes_nothing_is_named_with_the_reason(text: str, why: str) -> None:
    draft = import_policy(text.encode(), file="text.md")

    assert draft.passed == 1
    assert f" ({why})\n" in draft.text


def test_a_document_that_is_all_promises_ends_in_remarks() -> None:
    lines = [f"- Emails about matter {number} are answered within {number} hours." for number in range(1, 101)]

    draft = import_policy("\n".join(lines).encode(), file="text.md")

    assert (draft.count("standards"), draft.clauses) == (120, 100)
    assert "#   line 100: Emails about matter 100 are answered within 100 hours. (the draft has 120" in draft.text


def test_a_notice_and_an_offer_are_actions_of_the_answer_that_is_late() -> None:
    pack = read(
        "Chats are answered within 5 minutes.\n\n"
        "If we cannot answer a chat within 5 minutes, customers are offered a callback.\n\n"
        "Emails are answered within 24 hours.\n\n"
        "If we cannot answer an email within 12 hours, an automatic reply is sent."
    )

    found = [[(action.kind.value, str(action.after)) for action in standard.actions] for standard in pack.standards]

    assert found == [[("offer_message_or_callback", "None")]] * 2 + [[("auto_acknowledge", "12:00:00")]] * 2
