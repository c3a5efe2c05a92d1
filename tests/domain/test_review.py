"""The checks before sending."""

import time
from dataclasses import replace
from decimal import Decimal

import pytest

from agentconsole.domain.review import Check, Level, SendFacts, blocked, review, suggestions

FACTS = SendFacts(customer_name="Rosa Prado", case_number="4471-8", agent_name="Ana Costa")
GOOD = "Dear Rosa,\n\nyour parcel is here.\n\nKind regards,\nAna"


def levels(text: str, facts: SendFacts = FACTS) -> dict[str, Level]:
    return {check.field: check.level for check in review(text, facts)}


def finding(text: str, field: str, facts: SendFacts = FACTS) -> Check:
    return next(check for check in review(text, facts) if check.field == field)


def test_a_good_reply_passes_with_what_was_looked_at() -> None:
    checks = review(GOOD, FACTS)

    assert [(check.level, check.sentence) for check in checks] == [
        (Level.OK, "no placeholders left"),
        (Level.OK, "name and number match the case"),
        (Level.NOTE, "Nothing changed since you opened this. 9 words."),
    ]
    assert blocked(checks) is None


@pytest.mark.parametrize(
    ("situation", "text", "field"),
    [
        ("nothing written", "", "text"),
        ("only white space", " \n\n ", "text"),
        ("only the customer's own words", "> when does it come?\n", "text"),
        ("a blank", "Dear Rosa, by {{date_promised}}.\nAna", "placeholder"),
        ("a card number", "Your card 4111 1111 1111 1111 was charged.\nAna", "card"),
        ("a card number in the quoted text (000-77)", GOOD + "\n> my card is 4111-1111-1111-1111", "card"),
        ("a card number without spaces", "5500005555555559\nAna", "card"),
    ],
)
def test_what_must_not_go_is_blocked(situation: str, text: str, field: str) -> None:
    stop = blocked(review(text, FACTS))

    assert stop is not None, situation
    assert (stop.field, stop.key) == (field, "Enter"), situation


@pytest.mark.parametrize(
    "number",
    [
        "4111 1111 1111 1112",  # the check digit is wrong
        "+4411111111111111",  # a telephone number
        "411111111111111111111",  # longer than a card number
        "order 9111 1111 1111 1115",  # no card begins so
    ],
)
def test_other_long_numbers_are_no_card_numbers(number: str) -> None:
    assert "card" not in levels(f"Dear Rosa, {number}\nAna")


def test_the_blanks_left_are_named() -> None:
    check = finding("{{a}} and {{b}}", "placeholder")

    assert check.sentence == "2 placeholders left: a, b. Tab jumps to it."


def test_loose_braces_are_a_question() -> None:
    assert levels("Dear Rosa, {{ date }}\nAna")["placeholder"] is Level.WARN


@pytest.mark.parametrize(
    ("situation", "text", "expected"),
    [
        ("her first name", "Dear Rosa,\nAna", Level.OK),
        ("her last name with a title", "Good morning Mrs Prado,\nAna", Level.OK),
        ("in capitals", "HELLO ROSA!\nAna", Level.OK),
        ("somebody else", "Dear Bill,\nAna", Level.WARN),
        ("no greeting", "It is here.\nAna", None),
        ("a greeting that is none", "Higher prices apply.\nAna", None),
    ],
)
def test_the_greeting_is_held_against_the_customers_name(situation: str, text: str, expected: Level | None) -> None:
    assert levels(text).get("name") is expected, situation


def test_no_name_is_asked_for_when_the_customer_has_none() -> None:
    assert "name" not in levels("Dear Rosa,\nAna", replace(FACTS, customer_name=""))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("case 4471", None),
        ("case #4471-8", None),
        ("#04471", None),
        ("case 4472", "You name case 4472; this is case 4471-8."),
        ("ticket no. 12", "You name case 12; this is case 4471-8."),
        ("see #99", "You name case 99; this is case 4471-8."),
        ("order 12", None),
    ],
)
def test_another_case_number_is_a_warning(text: str, expected: str | None) -> None:
    found = [check.sentence for check in review(f"Dear Rosa, {text}\nAna", FACTS) if check.field == "number"]

    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("$100", False),
        ("$100.01", True),
        ("$ 140.00", True),
        ("1,400 dollars", True),
        ("USD 250", True),
        ("€ 99", False),
        ("120 €", True),
        ("₹500", True),
        ("Rs. 500", True),
        ("140 parcels", False),
        ("$1,0000,0000,0000,0000", True),
    ],
)
def test_money_over_the_limit_needs_approval(text: str, over: bool) -> None:
    """001-113: strictly over $100."""
    assert ("money" in levels(f"Dear Rosa, you get {text} back.\nAna")) is over


def test_money_that_only_the_customer_named_is_not_promised() -> None:
    assert "money" not in levels("> when do I get my $140?\n" + GOOD)


def test_a_desk_without_a_limit_asks_nothing_about_money() -> None:
    assert "money" not in levels("Dear Rosa, $9,000.\nAna", replace(FACTS, limit=None))
    assert "money" in levels("Dear Rosa, $9,000.\nAna", replace(FACTS, limit=Decimal(500)))


@pytest.mark.parametrize(
    ("ending", "missing"),
    [("Ana", False), ("ana costa, Eco Lab", False), ("Costa", False), ("Anastasia", True), ("The team", True)],
)
def test_the_agents_own_name_belongs_at_the_end(ending: str, missing: bool) -> None:
    """001-037: introduce yourself by name."""
    assert ("signature" in levels(f"Dear Rosa,\nit is here.\n{ending}")) is missing


def test_a_name_far_above_the_end_is_no_signature() -> None:
    assert "signature" in levels("Ana here.\n" + "line\n" * 9)


def test_a_promised_attachment_must_be_there() -> None:
    text = "Dear Rosa, the invoice is attached.\nAna"

    assert levels(text)["attachment"] is Level.WARN
    assert "attachment" not in levels(text, replace(FACTS, attachments=1))


def test_a_complaint_word_of_the_customer_is_a_hint() -> None:
    angry = replace(FACTS, last_message="This is the third time. I want to complain.")

    assert levels(GOOD, angry)["complaint"] is Level.WARN
    assert "complaint" not in levels(GOOD, replace(angry, complaint_known=True))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("When does it come?", ()),
        ("I want to complain.", ('The customer wrote "complain": a complaint? x hands it over.',)),
        ("Where are my $140?", ("$140 is over 100: a refund needs approval. x asks for it.",)),
        ("Where are my $100?", ()),
        (
            "This is unacceptable: 1,400 dollars!",
            (
                'The customer wrote "unacceptable": a complaint? x hands it over.',
                "1,400 dollars is over 100: a refund needs approval. x asks for it.",
            ),
        ),
    ],
)
def test_a_customers_message_suggests_more_than_an_answer(message: str, expected: tuple[str, ...]) -> None:
    assert suggestions(message) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(FACTS, new_messages=1), "A new message came. 9 words."),
        (replace(FACTS, new_messages=2, writing_too=("bo",)), "2 new messages came. bo writes too. 9 words."),
    ],
)
def test_what_others_did_meanwhile_is_said(facts: SendFacts, expected: str) -> None:
    assert finding(GOOD, "words", facts).sentence == expected


@pytest.mark.parametrize(
    "piece",
    ["4", "4 ", "$1,", "1", "{{", "{{a", ">", "dear ", "# ", "case ", "\n", "a", "Rs", "attach", "1-", "third ", "\t"],
)
def test_a_huge_text_is_looked_at_in_linear_time(piece: str) -> None:
    def cost(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        review(text, replace(FACTS, last_message=text))
        return time.process_time() - start

    cost(1_000)
    small = min(cost(20_000) for _ in range(5))

    assert min(cost(160_000) for _ in range(5)) < max(small * 40, 0.1)
