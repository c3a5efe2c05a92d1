"""Filling reply templates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.domain.templates import Placeholder, placeholders, render


def test_a_blank_with_a_value_is_filled() -> None:
    filled = render(
        "Dear {{customer_name}}, about case {{case_number}}.", {"customer_name": "Rosa", "case_number": "7"}
    )

    assert filled.text == "Dear Rosa, about case 7."
    assert filled.open == ()


def test_a_blank_without_a_value_stays_and_is_reported_where_it_stands_in_the_filled_text() -> None:
    filled = render("Dear {{customer_name}},\n\nIt comes by {{date_promised}}.", {"customer_name": "Rosa Maria"})

    assert filled.text == "Dear Rosa Maria,\n\nIt comes by {{date_promised}}."
    assert filled.open == (Placeholder("date_promised", 2, 12, 17),)


def test_a_blank_behind_a_filled_one_on_the_same_line_is_reported_at_its_new_column() -> None:
    filled = render("{{a}} {{b}}", {"a": "12"})

    assert filled.open == (Placeholder("b", 0, 3, 5),)
    assert filled.text[3:8] == "{{b}}"


def test_an_empty_value_counts_as_no_value() -> None:
    filled = render("{{order_number}}", {"order_number": "  "})

    assert [blank.name for blank in filled.open] == ["order_number"]


@pytest.mark.parametrize(
    ("situation", "value", "expected"),
    [
        ("a name that looks like a blank", "{{agent_name}}", "Dear {{agent_name}}, Ana"),
        ("a name that completes a blank with what follows", "{{agent", "Dear {{agent, Ana"),
        ("a name on two lines", "Rosa\r\nBcc: x@example.org", "Dear Rosa Bcc: x@example.org, Ana"),
        ("a name with an escape sequence", "Ro\x1b[31msa", "Dear Ro\u241b[31msa, Ana"),
        ("a name that turns the text around", "Ro\u202esa", "Dear Ro<U+202E>sa, Ana"),
    ],
)
def test_a_value_is_only_text(situation: str, value: str, expected: str) -> None:
    filled = render("Dear {{customer_name}}, {{agent_name}}", {"customer_name": value, "agent_name": "Ana"})

    assert filled.text == expected, situation
    assert filled.open == (), situation


@pytest.mark.parametrize(
    "text", ["{{ name }}", "{{Name}}", "{{}}", "{{na me}}", "{{na\nme}}", "{name}", "{{" + "a" * 41 + "}}"]
)
def test_what_is_not_strictly_a_blank_is_left_alone(text: str) -> None:
    filled = render(text, {"name": "Rosa", "Name": "Rosa"})

    assert filled.text == text
    assert filled.open == ()


def test_a_value_of_any_length_is_cut() -> None:
    filled = render("{{customer_name}}", {"customer_name": "x" * 1_000_000})

    assert len(filled.text) == 200


@given(
    st.lists(st.sampled_from(["{{a}}", "{{b}}", "{", "}}", "\n", "x", "{{a"])),
    st.dictionaries(st.sampled_from("ab"), st.text()),
)
def test_every_reported_blank_stands_where_the_report_says(pieces: list[str], values: dict[str, str]) -> None:
    filled = render("".join(pieces), values)

    lines = filled.text.split("\n")
    for blank in filled.open:
        assert lines[blank.line][blank.column : blank.column + blank.length] == f"{{{{{blank.name}}}}}"


def test_the_blanks_of_a_text_are_found_in_reading_order() -> None:
    assert placeholders("a {{b}}\n{{c}} {{d}}") == (
        Placeholder("b", 0, 2, 5),
        Placeholder("c", 1, 0, 5),
        Placeholder("d", 1, 6, 5),
    )
