"""A text that somebody wrote comes out cleaned, or by a name that says what it is; a forgotten cleaning is loud."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.domain.text import MARKS_A_BASE, clean, clean_line
from agentconsole.domain.untrusted import NOTHING, Untrusted

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=("Cc", "Cf", "Cs", "Mn", "Zl", "Zp")),
        st.sampled_from(
            "\x00\x07\x1b\x7f\x9b\x9d\r\n\t\u061c\u200e\u202e\u2066\u2069\u2028\u0301\ud800\udc9b\U000e0041a é"
        ),
    )
)
OBEYED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)
"""All that a terminal could obey, but for the line feed."""

MANY_MARKS = re.compile(f"\u0301{{{MARKS_A_BASE + 1}}}")
CURSED = Untrusted("\x1b]52;c;eA==\x07Rosa\u202e\nPrado\x9b2J")


@given(HOSTILE)
def test_nothing_that_a_terminal_obeys_comes_out_on_any_way_to_a_screen(text: str) -> None:
    written = Untrusted(text)

    for shown in (written.line(), written.lines(), written.lines(7), repr(written)):
        assert OBEYED.search(shown) is None
        assert MANY_MARKS.search(shown) is None
    assert "\n" not in written.line() + repr(written)


@given(HOSTILE, st.integers(1, 80))
def test_a_line_is_as_long_as_it_may_be_and_lines_are_the_first_of_the_text(text: str, limit: int) -> None:
    written = Untrusted(text)

    assert len(written.line(limit)) <= limit
    assert written.line(limit) == clean_line(text, limit)
    assert written.lines(limit) == clean(text[:limit])
    assert written.lines() == clean(text)


@given(HOSTILE)
def test_what_must_not_be_changed_comes_out_as_it_came(text: str) -> None:
    assert Untrusted(text).verbatim() == text


@pytest.mark.parametrize(
    "forgotten",
    [
        pytest.param(str, id="str"),
        pytest.param(print, id="print"),
        pytest.param(lambda text: f"{text}", id="f-string"),
        pytest.param(lambda text: f"{text:>20}", id="f-string with a width"),
        pytest.param(lambda text: f"{text!s}", id="f-string as str"),
        pytest.param(lambda text: "{}".format(text), id="format"),  # noqa: UP032 - it is what is tested
        pytest.param(lambda text: "%s" % text, id="percent"),  # noqa: UP031 - it is what is tested
        pytest.param(lambda text: "" + text, id="plus"),
        pytest.param(lambda text: text + "", id="plus from the right"),
        pytest.param("".join, id="join of its letters"),
        pytest.param(lambda text: ", ".join([text]), id="join"),
        pytest.param(lambda text: text[:10], id="slice"),
        pytest.param(lambda text: "a" in text, id="in"),
        pytest.param(lambda text: text in ("a", "b"), id="in a table"),
        pytest.param(lambda text: text == "a", id="equals"),
        pytest.param(lambda text: text != "a", id="differs"),
        pytest.param(lambda text: clean(text), id="clean"),
        pytest.param(sorted, id="sorted"),
        pytest.param(re.compile("a").search, id="search"),
    ],
)
def test_a_forgotten_cleaning_is_an_error_when_it_happens(forgotten: Callable[[Untrusted], object]) -> None:
    with pytest.raises(TypeError):
        forgotten(CURSED)


@pytest.mark.parametrize("method", ["strip", "lower", "split", "replace", "encode", "format", "join", "startswith"])
def test_it_has_no_method_of_a_str(method: str) -> None:
    assert not hasattr(CURSED, method)
    assert not isinstance(CURSED, str)


def test_what_a_log_or_a_traceback_shows_of_it_is_short_and_harmless() -> None:
    assert repr(CURSED) == "Untrusted('␛]52;c;eA==␇Rosa<U+202E> Prado\ufffd2J')"
    assert len(repr(Untrusted("x" * 1_000_000))) < 100


def test_texts_that_came_alike_are_equal_and_an_empty_one_is_false() -> None:
    assert Untrusted("a") == Untrusted("a")
    assert Untrusted("a") != Untrusted("b")
    assert len({Untrusted("a"), Untrusted("a"), Untrusted("b")}) == 2
    assert (bool(Untrusted("a")), bool(NOTHING), len(CURSED)) == (True, False, 26)
