"""What the composer knows to fill templates with, and how an abbreviation becomes its template."""

import re
from collections.abc import Mapping
from datetime import tzinfo

from agentconsole.domain.templates import Rendered, placeholders, render
from agentconsole.wire.rows import CaseView, TemplateRow

Place = tuple[int, int]
"""A line and a column, counted in characters from 0."""

_ORDER = re.compile(r"(?i)\border(?: (?:no\.?|number|nr\.?))?[ :]*#?[ ]?([A-Z]{0,4}-?\d[\d-]{2,19})\b")
_ABBREVIATION = re.compile(r"(?:^|(?<=[\s(]));([a-z]{1,6})\Z")


def values_for(case: CaseView, agent_name: str, zone: tzinfo) -> dict[str, str]:
    """Return what is known for the blanks of a reply on this ticket; what is not known is left out.

    A date is filled only if it was promised before: a template never makes a promise by itself.
    """
    promised = [clock.due_at for clock in case.clocks if clock.kind == "promise" and clock.due_at and not clock.met_at]
    date = min(promised).astimezone(zone) if promised else None
    known = {
        "customer_name": case.customer.name.line(80),
        "case_number": case.number,
        "agent_name": agent_name,
        "brand_name": case.brand_name.line(80),
        "order_number": order_number(case),
        "date_promised": f"{date:%A} {date.day} {date:%B}" if date else "",
    }
    return {name: value for name, value in known.items() if value}


def order_number(case: CaseView) -> str:
    """Return the order that the customer names, if she names exactly one: in the subject, or else in her words."""
    for text in (
        case.subject.line(),
        "\n".join(row.text.lines(20_000) for row in case.contacts if row.author == "customer"),
    ):
        named = {found.upper() for found in _ORDER.findall(text)}
        if named:
            return named.pop() if len(named) == 1 else ""
    return ""


def abbreviation(line: str, column: int) -> str:
    """Return the abbreviation that ends at the cursor (`;ref`, without the semicolon), or ""."""
    found = _ABBREVIATION.search(line[max(0, column - 8) : column])
    return found[1] if found else ""


def templates_for(rows: tuple[TemplateRow, ...], brand: str) -> tuple[TemplateRow, ...]:
    """Return the templates that serve a brand, by abbreviation; its own replaces the common one of the same name."""
    common = {row.abbr: row for row in rows if not row.brand}
    own = {row.abbr: row for row in rows if row.brand == brand}
    return tuple(row for _, row in sorted({**common, **own}.items()))


def matching(rows: tuple[TemplateRow, ...], typed: str) -> tuple[TemplateRow, ...]:
    """Return the templates that a search in the picker keeps: by abbreviation, then by words of the title, of the text.

    What was typed is the beginning of an abbreviation or of a word.
    """
    wanted = typed.strip().lower().removeprefix(";")
    word = re.compile(rf"(?i)(?<!\w){re.escape(wanted)}")
    places = [
        [row for row in rows if row.abbr.startswith(wanted)],
        [row for row in rows if word.search(row.title.line())],
        [row for row in rows if word.search(row.text.lines())],
    ]
    return tuple({row.abbr: row for found in places for row in found}.values())


def filled(row: TemplateRow, values: Mapping[str, str]) -> Rendered:
    """Fill a template with what is known."""
    return render(row.text.lines(), values)


def next_blank(text: str, place: Place, *, back: bool = False) -> tuple[Place, Place] | None:
    """Return start and end of the next blank behind the cursor, going round; None when none is left."""
    spans = [((blank.line, blank.column), (blank.line, blank.column + blank.length)) for blank in placeholders(text)]
    if not spans:
        return None
    if back:
        return next((span for span in reversed(spans) if span[1] < place), spans[-1])
    return next((span for span in spans if span[0] >= place), spans[0])
