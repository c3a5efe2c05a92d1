"""One line of text: the keys of readline, wide letters, and a cursor that stays in view."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.tui.line_edit import LineEdit
from agentconsole.tui.lines import width_of
from agentconsole.tui.mode import Key


def edited(value: str, *names: str) -> LineEdit:
    """Return a line after these keys, the cursor at its end before."""
    line = LineEdit()
    line.set(value)
    for name in names:
        line.edit(Key(name, name if len(name) == 1 else None))
    return line


@pytest.mark.parametrize(
    ("value", "keys", "result"),
    [
        ("", ["a", "b"], "ab"),
        ("ab", ["left", "x"], "axb"),
        ("ab", ["home", "x"], "xab"),
        ("ab", ["ctrl+a", "x", "ctrl+e", "y"], "xaby"),
        ("ab", ["backspace"], "a"),
        ("", ["backspace"], ""),
        ("ab", ["home", "delete"], "b"),
        ("one two", ["ctrl+w"], "one "),
        ("one two", ["ctrl+left", "ctrl+k"], "one "),
        ("one two", ["ctrl+left", "ctrl+u"], "two"),
        ("one two", ["home", "ctrl+right", "x"], "onex two"),
        ("山田", ["left", "x"], "山x田"),
    ],
)
def test_keys_edit_as_in_readline(value: str, keys: list[str], result: str) -> None:
    assert edited(value, *keys).value == result


def test_a_key_that_is_none_of_a_line_is_not_used() -> None:
    assert not LineEdit().edit(Key("f2"))


def test_pasted_text_becomes_one_clean_line_within_the_limit() -> None:
    line = LineEdit(longest=12)

    line.insert("one\ntwo\x1b[2J and much more")

    assert len(line.value) <= 12
    assert line.value.startswith("one two")
    assert "\x1b" not in line.value


@given(value=st.text(alphabet="ab 山\u0301", max_size=40), back=st.integers(0, 40), cells=st.integers(4, 30))
def test_what_is_shown_fills_its_field_and_has_the_cursor_in_it(value: str, back: int, cells: int) -> None:
    line = edited(value, *["left"] * back)

    shown = line.shown(cells)

    assert sum(width_of(text) for text, _ in shown) in (cells, cells + 1)
    assert 0 <= line.caret_cell(cells) < cells


def test_a_hidden_line_shows_asterisks_only() -> None:
    assert "".join(text for text, _ in edited("secret").shown(10, hidden=True)) == "******    "
