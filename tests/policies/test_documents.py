"""The shipped packs against the documents they stand for: quotes, lines, coverage and verbatim texts.

The documents are not part of the project. Where a machine does not have them, a pack is held against the digest that it
had when it was last held against its document; whoever changes a quote must do that again.
"""

import hashlib
import re

import pytest

from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.domain.policy import Pack
from tests.policies.documents import document_lines
from tests.policies.furniture import FURNITURE, furniture_rule

HELD = {
    "ecolab": "c3b534dc4b48ad66",
    "ecomstore": "59dd6464a865787f",
    "ist-desk": "b6d15f6565dcec5f",
}


def digest(pack: Pack) -> str:
    """Return a digest of all that must agree with the document."""
    clauses = [f"{clause.id}\t{clause.line}\t{clause.quote}" for clause in pack.clauses]
    messages = [f"{message.id}\t{message.text}" for message in pack.messages if message.verbatim]
    return hashlib.sha256("\n".join([pack.source, *clauses, *messages]).encode()).hexdigest()[:16]


def misquoted(pack: Pack, lines: list[str]) -> list[str]:
    """Return the clauses whose quote does not stand verbatim in their line."""
    return [
        clause.id for clause in pack.clauses if clause.line > len(lines) or clause.quote not in lines[clause.line - 1]
    ]


def unclaimed(pack: Pack, lines: list[str]) -> list[tuple[int, str]]:
    """Return the lines that say something and are claimed by no clause and no rule of furniture, or by both."""
    covered = {clause.line for clause in pack.clauses}
    return [
        (number, line)
        for number, line in enumerate(lines, start=1)
        if line.strip() and (number in covered) is bool(furniture_rule(pack, number, line))
    ]


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_every_quote_stands_verbatim_in_the_line_named(pack_id: str) -> None:
    pack = load_pack(pack_id)

    lines = document_lines(pack.source)

    assert digest(pack) == HELD[pack_id]
    assert lines is None or misquoted(pack, lines) == []


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_every_line_that_says_something_is_a_clause_or_furniture_by_a_named_rule(pack_id: str) -> None:
    pack = load_pack(pack_id)

    lines = document_lines(pack.source)

    assert digest(pack) == HELD[pack_id]
    assert lines is None or unclaimed(pack, lines) == []


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_no_rule_of_furniture_claims_a_line_that_is_not_there(pack_id: str) -> None:
    pack = load_pack(pack_id)
    claimed = {number: text for rule in FURNITURE.values() for number, text in rule.get(pack_id, {}).items()}

    lines = document_lines(pack.source)

    assert not claimed.keys() & {clause.line for clause in pack.clauses}
    assert lines is None or {number: lines[number - 1].strip() for number in claimed} == claimed


def test_the_out_of_hours_prompt_is_the_documents_own_char_for_char() -> None:
    pack = load_pack("ist-desk")
    texts = {message.text for message in pack.messages if message.verbatim}

    lines = document_lines(pack.source)
    quoted = re.findall('prompt message: "(.*?)"', lines[54]) if lines else texts

    assert texts == set(quoted)
    assert texts == {
        "Please leave message and your contact number, we will contact you in next official hour cycle (IST), in case "
        "you are writing us from outside India, please leave your preferable time to chat and Time Zone"
    }


@pytest.mark.parametrize(
    ("pack_id", "line"),
    [("ecomstore", 3), ("ist-desk", 71)],
)
def test_the_revision_date_is_quoted_as_the_document_writes_it(pack_id: str, line: int) -> None:
    pack = load_pack(pack_id)

    dated = [clause for clause in pack.clauses if clause.line == line]

    assert pack.revision_text in dated[0].quote


def test_a_misquoted_clause_and_an_unclaimed_line_would_be_seen() -> None:
    pack = load_pack("ist-desk")
    lines = ["changed"] * 80

    assert len(misquoted(pack, lines)) == len(pack.clauses)
    assert (1, "changed") in unclaimed(pack, lines)
    assert [furniture_rule(pack, *at) for at in ((1, "top of page"), (2, "top of page"), (72, "A new promise:"))] == [
        "the page of a web site begins or ends",
        "",
        "",
    ]
