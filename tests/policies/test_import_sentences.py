"""One row per sentence as policies write them: the clocks, channels and amounts that the import proposes for it."""

import pytest

from agentconsole.domain.policy import Business, Elapsed
from agentconsole.domain.policy_import import import_policy
from tests.policies.import_documents import read
from tests.policies.test_import_shipped import promises


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
