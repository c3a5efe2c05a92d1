"""Lines made of pieces, and their breaking by cells."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.tui.lines import Line, beside, clip, fit, heading, padded, spread, width_of, wrap

TEXTS = st.text(alphabet="ab 配\u0301😀\n-", max_size=80)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("Rosa", 6, "Rosa  "),
        ("Rosa Prado", 6, "Rosa.."),
        ("配送が届", 6, "配送.."),
        ("配送が届", 5, "配 .."),
        ("abc", 2, "ab"),
        ("abc", 0, ""),
    ],
)
def test_a_text_is_cut_or_filled_to_its_cells(text: str, width: int, expected: str) -> None:
    assert fit(text, width) == expected


def test_a_text_that_fits_is_not_cut() -> None:
    assert clip("Rosa", 4) == "Rosa"
    assert clip("Rosas", 4) == "Ro.."


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("", 8, [""]),
        ("a\n\nb", 8, ["a", "", "b"]),
        ("  indented text", 10, ["  indented", "text"]),
        ("https://example.org/very/long", 10, ["https://ex", "ample.org/", "very/long"]),
        ("配送が届きません", 6, ["配送が", "届きま", "せん"]),
    ],
)
def test_a_text_breaks_at_spaces_where_there_are_any(text: str, width: int, expected: list[str]) -> None:
    assert list(wrap(text, width)) == expected


@given(TEXTS, st.integers(2, 20))
def test_no_line_is_too_wide_and_no_letter_is_lost(text: str, width: int) -> None:
    lines = list(wrap(text, width))

    assert all(width_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.lists(st.tuples(TEXTS.map(lambda text: text.replace("\n", " ")), st.just(""))), st.integers(0, 40))
def test_a_padded_line_has_exactly_its_width(pieces: list[tuple[str, str]], width: int) -> None:
    assert sum(width_of(text) for text, _ in padded(Line(tuple(pieces)), width)) == width


@pytest.mark.parametrize("piece", ["a", " ", "a ", "配", "\u0301", "\n", "  a"])
def test_breaking_a_huge_text_takes_linear_time(piece: str) -> None:
    def cost(size: int) -> float:
        text = piece * size
        start = time.process_time()
        for _ in wrap(text, 76):
            pass
        return time.process_time() - start

    cost(1_000)
    small = min(cost(10_000) for _ in range(5))

    assert min(cost(80_000) for _ in range(5)) < max(small * 40, 0.1)


def test_two_panes_have_one_rule_between_them() -> None:
    rows = beside([Line((("left", ""),))], [Line((("right", ""),)), Line((("more", ""),))], 6, 3)

    assert [row.text for row in rows] == ["left  |right", "      |more", "      |"]


def test_the_right_piece_stands_at_the_edge_and_the_left_gives_way() -> None:
    wide = "".join(text for text, _ in spread((("Rosa Prado", ""),), ("* NEW", "fresh"), 20))
    narrow = "".join(text for text, _ in spread((("Rosa Prado", ""),), ("* NEW", "fresh"), 12))

    assert wide == "Rosa Prado     * NEW"
    assert narrow == "Rosa.. * NEW"


def test_a_heading_fills_its_line() -> None:
    assert heading("clocks", 16).text == "-- clocks ------"
