"""Files that are no policy, or a strange one: one sentence that helps, or a draft that can be read, and never more."""

import resource

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentconsole.config.packs import holiday_sets
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_import import import_policy
from agentconsole.domain.policy_parse import parse_pack

PROMISE = "Emails are answered within 2 hours."
WORDS = (
    "Emails", "calls", "are answered", "within", "24 hours", "two (2) days", "[name]", "[daily/weekly]", "____",
    "every 2 hours", "reviewed", "complaint", "acknowledge", "immediately", "\n", "\n\n", "\n- ", "\n  * ", "\n# ",
    "chat", "\n1. ", ": ", ". ", "| ", "|---|", "\n| a | b |\n|---|---|\n|", "$100", "over £1,000.50", "escalate",
    "{blank:hours}", '"', "\\", "'''", "#", "]]", "=", "\t", "\x00", "\x1b[31m", "\u202e", "0 hours", "99999 days",
    "0 rings", "½", "[0] hours", "<insert> minutes", "99/99/2024", "31 February 2024", "Last updated", "Mon-Fri 9-5",
    "monday to friday, 25:99 to 7pm", "call 0123 456 789", "a@b.example", "Email us at,", "target: 90%", "CSAT",
    "１２ hours", "under", "<", "24/7", "if we cannot", "automated", "same day", "next business hours",
)  # fmt: skip


def read(text: str) -> Pack:
    """Parse a draft as the desk does."""
    return parse_pack(text, file="draft.toml", holiday_sets=holiday_sets(), answers={})


@pytest.mark.parametrize(
    ("document", "part"),
    [
        pytest.param(b"", "holds no sentence to import", id="nothing"),
        pytest.param(b" \n\t\r\n", "holds no sentence to import", id="white space"),
        pytest.param(b"1\n2\n- 3 -\nPage 4 of 9\n=====", "holds no sentence to import", id="page numbers"),
        pytest.param(b"%PDF-1.7 Emails are answered", "is a PDF", id="PDF"),
        pytest.param(b"PK\x03\x04 word/document.xml", "is a Word file", id="Word"),
        pytest.param(b"\n <!DOCTYPE html><p>Emails", "is a web page", id="HTML"),
        pytest.param(bytes(range(256)) * 40, "is no text", id="binary"),
        pytest.param(b"\x7fELF\x02\x01\x01" + b"\x00" * 9 + b"code" * 9, "is no text", id="program"),
        pytest.param(b"\x01\x02 hm \x03\x04" * 9, "is no text", id="control characters"),
        pytest.param(b"a" * 2_000_001, "larger than 2 MB", id="too large"),
        pytest.param(b"- A rule.\n" * 2_001, "more than one pack holds", id="too many clauses"),
    ],
)
def test_what_is_no_policy_is_refused_in_one_sentence_that_says_what_to_do(document: bytes, part: str) -> None:
    with pytest.raises(Refused) as refused:
        import_policy(document, file="doc.txt")

    assert refused.value.sentence.startswith("doc.txt ")
    assert part in refused.value.sentence
    assert "nothing was written. " in refused.value.sentence


@pytest.mark.parametrize(
    ("document", "line"),
    [
        pytest.param(f"Rules\n{PROMISE}".encode(), 2, id="UTF-8"),
        pytest.param(f"\ufeffRules\r\n{PROMISE}\r\n".encode(), 2, id="with a mark and DOS line ends"),
        pytest.param(f"Rules\r{PROMISE}".encode(), 2, id="old Mac line ends"),
        pytest.param(f"Rules\n{PROMISE}".encode("utf-16"), 2, id="UTF-16"),
        pytest.param(f"Rules\n{PROMISE}".encode("utf-16-be"), 2, id="UTF-16 without a mark"),
        pytest.param(f"Rules\n{PROMISE}".encode("utf-32"), 2, id="UTF-32"),
        pytest.param(f"Café – “rules”\n\n{PROMISE}".encode("cp1252"), 3, id="old Windows"),
        pytest.param(f"Rules\f\n\n\n\n\x1b[1m{PROMISE}\x1b[0m".encode(), 5, id="a few control characters"),
        pytest.param(f"Emails are\u00a0answered within\u20092\u202fhours{'!' * 50}".encode(), 1, id="odd spaces"),
    ],
)
def test_text_in_any_encoding_is_read_with_its_lines(document: bytes, line: int) -> None:
    pack = read(import_policy(document, file="doc.txt").text)

    found = [(standard.clock.value, pack.clause(standard.clause).line) for standard in pack.standards]

    assert found == [("first_response", line), ("next_response", line)]


@pytest.mark.parametrize(
    "document",
    [
        "Be kind to customers.",
        "x",
        "Nothing here [^1] is an amount. Nor [x](https://example.org) is. 42",
        "日本語の方針。お客様に親切に。",
        "He said \"quote\" and \\ back {blank:nowhere} ''' # not a comment = ] [",
    ],
)
def test_a_text_without_promises_is_a_draft_without_standards(document: str) -> None:
    pack = read(import_policy(document.encode(), file="we ird'\"\\.md").text)

    assert (pack.standards, pack.status.value, len(pack.clauses)) == ((), "draft", 1)


def outcome(document: bytes) -> str:
    """Return the draft of a document, or the sentence that refuses it."""
    try:
        return import_policy(document, file="doc.txt").text
    except Refused as refused:
        return refused.sentence


def seconds_of(document: bytes) -> float:
    """Return the processor time of an import, refused or not."""
    begun = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    outcome(document)
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime - begun


@pytest.mark.parametrize(
    "piece",
    [
        "word ", "24 hours ", "within ", "[", "_", "| ", ". . ",
        "\n", "line\n", "- item", "e.g. ", "!!!! ", "1 to ", "(2) ",
        "0", "if we cannot ", "monday to ",
        "Aa ", "a@", "a.", "$1,000,",
    ],
)  # fmt: skip
def test_a_repeated_piece_takes_time_in_step_with_its_length(piece: str) -> None:
    short, long = (seconds_of((piece * (size // len(piece)) + "x").encode()) for size in (8_000, 32_000))

    assert long <= max(0.5, 9 * short)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), max_size=60))
def test_any_text_gives_a_draft_that_parses_or_a_sentence(pieces: list[str]) -> None:
    said = outcome(" ".join(pieces).encode("utf-8", "replace"))

    assert said.startswith("doc.txt ") or read(said).status.value == "draft"


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_draft_that_parses_or_a_sentence(document: bytes) -> None:
    said = outcome(document)

    assert said.startswith("doc.txt ") or read(said).status.value == "draft"
