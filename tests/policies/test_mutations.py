"""A damaged pack is refused or read, and nothing else ever happens."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentconsole.config.paths_data import data_dir
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from tests.policies.small_pack import SMALL, parse

TEXTS = (SMALL, *(path.read_text(encoding="utf-8") for path in sorted((data_dir() / "policies").glob("*.toml"))))
VALUES = (
    "true", "-1", '""', "[]", "{}", "[[]]", "[1, {}]", "1e999999999999999999", "nan", "2024-01-01", '"24x7"',
    '{ blank = "x" }', "{ setting = [] }", "{ by_setting = {} }", '{ by_setting = "reading" }', '{ blank = "hours" }',
    '"{blank:hours}"', "0x" + "f" * 60, "12:00:00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59",
)  # fmt: skip

damage = st.one_of(
    st.tuples(st.just("delete"), st.just("")),
    st.tuples(st.just("double"), st.just("")),
    st.tuples(st.just("retag"), st.text(alphabet="abcdefgh_.\"'[]{}=# \n", min_size=1, max_size=12)),
    st.tuples(st.just("revalue"), st.sampled_from(VALUES)),
    st.tuples(st.just("swap"), st.just("")),
)


def damaged(text: str, position: int, kind: str, piece: str) -> str:
    """Return the text with one line deleted, doubled, given another key or value, or swapped with the next."""
    lines = text.split("\n")
    at = position % (len(lines) - 1)
    key, equals, value = lines[at].partition("=")
    if kind == "delete":
        del lines[at]
    elif kind == "double":
        lines.insert(at, lines[at])
    elif kind == "retag":
        lines[at] = f"{piece}{equals}{value}"
    elif kind == "revalue":
        lines[at] = f"{key}= {piece}"
    else:
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return "\n".join(lines)


def outcome(text: str) -> Pack | Refused:
    """Parse the text; anything but a pack or a refusal escapes and fails the test."""
    try:
        return parse(text)
    except Refused as refusal:
        return refusal


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.sampled_from(TEXTS), position=st.integers(0, 2000), change=damage)
def test_a_damaged_line_is_refused_in_one_printable_sentence_or_read(
    text: str, position: int, change: tuple[str, str]
) -> None:
    result = outcome(damaged(text, position, *change))

    if isinstance(result, Refused):
        assert result.sentence.startswith("small.toml")
        assert result.sentence.isprintable()
        assert len(result.sentence) < 2000
    else:
        assert result.clauses


@pytest.mark.parametrize("value", VALUES[::2])
def test_every_key_of_the_small_pack_takes_any_value_without_breaking(value: str) -> None:
    keys = [at for at, line in enumerate(SMALL.split("\n")) if " = " in line]

    results = [outcome(damaged(SMALL, at, "revalue", value)) for at in keys]

    assert sum(isinstance(result, Refused) for result in results) > len(keys) // 2


@pytest.mark.parametrize(
    "text",
    [
        "a = [" + "1," * 400_000 + "]",
        "\n".join(f'k{n} = "{n}"' for n in range(50_000)),
        "[[sections]]\n" * 60_000,
        "] " * 400_000,
        SMALL + '\n[packet."' + "x" * 500_000 + '"]',
        SMALL.replace('intent = "Be kind."', 'intent = "' + "{blank:town}" * 70_000 + '"'),
    ],
    ids=["long list", "many keys", "many tables", "brackets", "long key", "many references"],
)
def test_a_huge_text_is_refused_soon(text: str) -> None:
    began = time.process_time()

    result = outcome(text)

    assert isinstance(result, Refused)
    assert time.process_time() - began < 5
