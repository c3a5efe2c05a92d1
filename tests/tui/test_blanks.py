"""What templates are filled with, and finding abbreviations and blanks."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from agentconsole.tui.blanks import abbreviation, matching, next_blank, order_number, templates_for, values_for
from agentconsole.wire.rows import ClockRow
from tests.tui.rosa import NOW, TEMPLATES, contact, rosa

ZONE = ZoneInfo("Asia/Kolkata")


def test_what_the_case_knows_fills_the_blanks() -> None:
    assert values_for(rosa(), "Ana Costa", ZONE) == {
        "customer_name": "Rosa Prado",
        "case_number": "4471-8",
        "agent_name": "Ana Costa",
        "brand_name": "Eco Lab Supply",
        "order_number": "4471",
    }


def test_a_date_is_filled_only_when_it_was_promised() -> None:
    promise = ClockRow("promise", "promise", "", "", as_of=NOW, due_at=NOW + timedelta(days=4))

    assert values_for(rosa(clocks=(promise,)), "Ana", ZONE)["date_promised"] == "Friday 27 November"


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("Refund for order 4471", "", "4471"),
        ("Order no. AB-12345 late", "", "AB-12345"),
        ("Order #888", "", "888"),
        ("Order 12 bottles", "", ""),
        ("late", "where is my order number 99-123?", "99-123"),
        ("orders 12 and order 13, order 14", "", ""),
        ("in order to ask", "", ""),
        ("late", "", ""),
    ],
)
def test_the_order_is_known_when_exactly_one_is_named(subject: str, text: str, expected: str) -> None:
    assert order_number(rosa(subject=subject, contacts=(contact(1, NOW, text),))) == expected


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        (";ref", 4, "ref"),
        ("Hello ;clo", 10, "clo"),
        ("(;clo", 5, "clo"),
        (";ref and", 4, "ref"),
        ("a;ref", 5, ""),
        ("&nbsp;re", 8, ""),
        (";", 1, ""),
        (";REF", 4, ""),
        ("", 0, ""),
    ],
)
def test_an_abbreviation_ends_at_the_cursor_and_begins_a_word(line: str, column: int, expected: str) -> None:
    assert abbreviation(line, column) == expected


def test_a_brands_own_template_replaces_the_common_one() -> None:
    titles = {row.abbr: row.title.line() for row in templates_for(TEMPLATES, "ecomstore")}

    assert titles["clo"] == "Closing question of another brand"
    assert {row.abbr: row.title.line() for row in templates_for(TEMPLATES, "ecolab")}["clo"] == "Closing question"


def test_a_search_finds_abbreviations_first_and_then_words() -> None:
    rows = templates_for(TEMPLATES, "ecolab")

    assert [row.abbr for row in matching(rows, ";re")] == ["ref", "shp"]
    assert [row.abbr for row in matching(rows, "parcel")] == ["shp"]
    assert matching(rows, "nothing like it") == ()


@pytest.mark.parametrize(
    ("place", "back", "expected"),
    [((0, 0), False, 2), ((0, 2), False, 2), ((0, 3), False, 10), ((0, 12), False, 2), ((0, 12), True, 2)],
)
def test_blanks_are_gone_through_in_a_ring(place: tuple[int, int], back: bool, expected: int) -> None:
    span = next_blank("a {{b}} c {{d}}", place, back=back)

    assert span is not None
    assert span[0] == (0, expected)


def test_without_a_blank_there_is_nowhere_to_go() -> None:
    assert next_blank("Dear Rosa", (0, 0)) is None
