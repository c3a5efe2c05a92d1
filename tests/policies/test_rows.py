"""Every row of the requirements stands at the clauses that say it: none missing, unknown, or twice for nothing."""

import re

import pytest

from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.domain.policy import Pack
from tests.policies.documents import document_lines
from tests.policies.requirements import numbered, requirements

TWICE = {
    # row: (its clauses, why it has several)
    "000-04": ("1.3a 1.3b", "the row quotes the name from one sentence and the playbook from the next"),
    "000-54": ("5.5 5.6", "thanks and invitation are two lines, and the row quotes both"),
    "000-63": ("7.1b 7.2a", "the document says it twice, and the row says so"),
    "000-75": ("6.1 6.2 7.1b 7.2a 7.4a 7.5 8.2 8.5", "the foreign name stands in eight clauses"),
    "000-77": ("10.1 10.2", "each way of paying is a line of its own"),
}
# Rows that quote what is no clause: page furniture, a title above its paragraph; and one about a leftover name.
NOT_QUOTED = {"000-01", "000-73", "000-75", "002-01"}
LOOK_ALIKE = {"’": "'", "“": '"', "”": '"', "…": " "}


def places(pack: Pack) -> dict[str, list[str]]:
    """Return the clauses of each row, in the order of the pack."""
    found: dict[str, list[str]] = {}
    for clause in pack.clauses:
        for row in clause.rows:
            found.setdefault(row, []).append(clause.id)
    return found


def words(text: str) -> set[str]:
    for sign, plain in LOOK_ALIKE.items():
        text = text.replace(sign, plain)
    return set(re.findall(r"[a-z0-9]{2,}", text.lower()))


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_no_row_is_missing_unknown_or_twice_without_a_reason(pack_id: str) -> None:
    found = places(load_pack(pack_id))

    several = {row: " ".join(clauses) for row, clauses in found.items() if len(clauses) > 1}

    assert sorted(found) == numbered(pack_id)
    assert several == {row: clauses for row, (clauses, _) in TWICE.items() if row in found}
    assert all(reason for _, reason in TWICE.values())


def test_the_rows_are_those_of_the_requirements() -> None:
    rows = requirements()

    known = [row for pack_id in shipped_packs() for row in numbered(pack_id)]

    assert len(known) == 292
    assert rows is None or [row.id for row in rows] == known


def quoted_elsewhere(pack: Pack, lines: list[str]) -> list[str]:
    """Return the rows whose quoted words stand for less than half in the lines of their clauses."""
    wrong = []
    for row in requirements() or []:
        at = [lines[clause.line - 1] for clause in pack.clauses if row.id in clause.rows]
        quoted = words(" ".join(re.findall(r'"([^"]*)"', row.quote)))
        if at and row.id not in NOT_QUOTED and 2 * len(quoted & words(" ".join(at))) < len(quoted):
            wrong.append(row.id)
    return wrong


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_the_words_that_a_row_quotes_stand_in_the_lines_of_its_clauses(pack_id: str) -> None:
    pack = load_pack(pack_id)

    lines = document_lines(pack.source)

    assert sum(len(clause.rows) for clause in pack.clauses) >= len(numbered(pack_id))
    assert lines is None or quoted_elsewhere(pack, lines) == []


def test_a_heading_carries_no_row_and_everything_else_carries_one() -> None:
    clauses = [clause for pack_id in shipped_packs() for clause in load_pack(pack_id).clauses]

    assert [clause.id for clause in clauses if clause.title is bool(clause.rows)] == []


@pytest.mark.parametrize(
    ("pack_id", "row", "clause", "said"),
    [
        ("ecolab", "000-75", "6.1", "names LiveAgent here"),
        ("ecomstore", "001-175", "17.emergency.1", "One letter short"),
        ("ist-desk", "002-37", "Summary.6", "the 27th of July 2022"),
    ],
)
def test_what_is_odd_in_a_document_is_kept_with_a_note(pack_id: str, row: str, clause: str, said: str) -> None:
    odd = load_pack(pack_id).clause(clause)

    assert row in odd.rows
    assert said in odd.note


def test_every_clause_that_names_the_foreign_brand_has_the_note() -> None:
    pack = load_pack("ecolab")

    lines = document_lines(pack.source)
    noted = {clause.line for clause in pack.clauses if clause.note}

    assert noted == {94, 97, 116, 121, 127, 130, 139, 150}
    assert lines is None or noted == {at for at, line in enumerate(lines, 1) if "LiveAgent" in line}
