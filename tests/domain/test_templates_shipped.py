"""The reply templates that are shipped, and how their files are read."""

from pathlib import Path

import pytest

from agentconsole.config.templates import PLACEHOLDERS, load_templates
from agentconsole.domain.errors import Refused
from agentconsole.domain.review import Level, SendFacts, review
from agentconsole.domain.templates import Template, render

SHIPPED = load_templates()
KNOWN = dict.fromkeys(PLACEHOLDERS, "x") | {
    "customer_name": "Rosa Prado",
    "case_number": "4471-8",
    "agent_name": "Ana Costa",
    "order_number": "A-12",
    "date_promised": "Friday 27 November",
}


def test_every_shipped_template_has_its_own_abbreviation() -> None:
    assert {"ack", "ref", "ret", "sor", "clo", "inf", "shp", "inv", "pwd", "hol"} <= {each.abbr for each in SHIPPED}
    assert len({each.abbr for each in SHIPPED}) == len(SHIPPED)


@pytest.mark.parametrize("template", [each for each in SHIPPED if each.abbr != "clo"], ids=lambda each: each.abbr)
def test_a_shipped_letter_passes_the_review_when_its_blanks_are_filled(template: Template) -> None:
    """001-037: greeted by name, and signed with the agent's own."""
    filled = render(template.text, KNOWN)

    checks = review(filled.text, SendFacts("Rosa Prado", "4471-8", "Ana Costa"))

    assert [check.sentence for check in checks if check.level in (Level.WARN, Level.BLOCK)] == []
    assert "name" in [check.field for check in checks]


def test_the_refund_template_needs_nothing_that_the_case_does_not_know() -> None:
    """UX 13, task 1: `;ref Tab ^D e` leaves no blank on the way."""
    refund = next(each for each in SHIPPED if each.abbr == "ref")

    filled = render(refund.text, {"customer_name": "Rosa", "case_number": "1", "agent_name": "Ana", "brand_name": "E"})

    assert filled.open == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("abbr = ", "Template a.toml cannot be read"),
        ('abbr = "aa"\ntitle = "A"', "Template a.toml has no text."),
        ('abbr = "aa"\ntitle = " "\ntext = "x"', "Template a.toml has no title."),
        ('abbr = "aa"\ntitle = "A"\ntext = "x"\nbody = ""', "Template a.toml has an unknown key body; allowed: abbr"),
        ('abbr = "aa"\ntitle = "A"\ntext = 7', "Template a.toml: all values are texts in quotes."),
        ('abbr = "A1"\ntitle = "A"\ntext = "x"', "Template a.toml: abbr is two to six small letters, not 'A1'."),
        ('abbr = "aa"\ntitle = "A"\ntext = "{{mood}}"', "Template a.toml: no blank mood; allowed: customer_name"),
    ],
)
def test_a_broken_file_is_refused_by_name(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")

    with pytest.raises(Refused) as refused:
        load_templates(tmp_path)

    assert refused.value.sentence.startswith(sentence)


def test_two_templates_of_one_name_are_refused_but_a_brand_may_have_its_own(tmp_path: Path) -> None:
    one = 'abbr = "aa"\ntitle = "A"\ntext = "x"\n'
    (tmp_path / "a.toml").write_text(one, encoding="utf-8")
    (tmp_path / "b.toml").write_text(one + 'brand = "ecolab"\n', encoding="utf-8")

    assert [each.brand for each in load_templates(tmp_path)] == ["", "ecolab"]

    (tmp_path / "c.toml").write_text(one, encoding="utf-8")
    with pytest.raises(Refused, match="Two templates are both called ;aa"):
        load_templates(tmp_path)
