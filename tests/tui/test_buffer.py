"""The text being written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.tui.buffer import LIMIT, Buffer, breaks
from agentconsole.tui.lines import width_of


def typed(text: str) -> Buffer:
    buffer = Buffer()
    for letter in text:
        assert buffer.insert(letter)
    return buffer


def at(text: str) -> Buffer:
    """Read a text whose cursor is written as |."""
    before, _, after = text.partition("|")
    buffer = Buffer(before + after)
    buffer.go(before.count("\n"), len(before) - before.rfind("\n") - 1)
    return buffer


def shown(buffer: Buffer) -> str:
    lines = list(buffer.lines)
    lines[buffer.line] = lines[buffer.line][: buffer.column] + "|" + lines[buffer.line][buffer.column :]
    return "\n".join(lines)


def test_letters_go_where_the_cursor_stands() -> None:
    buffer = at("Dear |,\nbye")

    buffer.insert("Rosa")

    assert shown(buffer) == "Dear Rosa|,\nbye"


@pytest.mark.parametrize(
    ("before", "motion", "after"),
    [
        ("one two|", "left", "one tw|o"),
        ("one\n|two", "left", "one|\ntwo"),
        ("|one", "left", "|one"),
        ("one|\ntwo", "right", "one\n|two"),
        ("two|", "right", "two|"),
        ("one, two|", "word_left", "one, |two"),
        ("one,  |two", "word_left", "|one,  two"),
        ("one| two-three", "word_right", "one two|-three"),
        ("one two| three", "home", "|one two three"),
        ("o|ne\ntwo", "end", "one|\ntwo"),
        ("one\nt|wo", "top", "|one\ntwo"),
        ("o|ne\ntwo", "bottom", "one\ntwo|"),
        ("ame\u0301|", "left", "am|e\u0301"),
        ("am|e\u0301", "right", "ame\u0301|"),
    ],
)
def test_the_cursor_moves_as_readline_users_expect(before: str, motion: str, after: str) -> None:
    buffer = at(before)

    buffer.move(motion)

    assert shown(buffer) == after


@pytest.mark.parametrize(
    ("before", "motion", "after"),
    [
        ("one tw|o", "left", "one t|o"),
        ("one\n|two", "left", "one|two"),
        ("|one", "left", "|one"),
        ("one|\ntwo", "right", "one|two"),
        ("one two| three", "word_left", "one | three"),
        ("one two| three", "home", "| three"),
        ("one two| three\nx", "end", "one two|\nx"),
        ("ame\u0301|", "left", "am|"),
    ],
)
def test_deleting_goes_as_far_as_the_motion(before: str, motion: str, after: str) -> None:
    buffer = at(before)

    buffer.delete(motion)

    assert shown(buffer) == after


def test_what_was_cut_can_be_put_back_elsewhere() -> None:
    buffer = at("Dear Rosa|, hello")

    buffer.delete("home", keep=True)
    buffer.move("end")
    buffer.yank()

    assert shown(buffer) == ", helloDear Rosa|"


def test_undo_takes_back_a_word_and_then_a_cut() -> None:
    buffer = typed("one two")
    buffer.delete("home", keep=True)

    buffer.undo()
    after_cut = shown(buffer)
    buffer.undo()

    assert after_cut == "one two|"
    assert shown(buffer) == "one |"


def test_undo_with_nothing_to_take_back_says_so() -> None:
    assert Buffer("draft").undo() is False


def test_a_replaced_piece_leaves_the_cursor_behind_it() -> None:
    buffer = at("a ;ref| b\nc")

    buffer.replace((0, 2), (0, 6), "Dear\nRosa")

    assert shown(buffer) == "a Dear\nRosa| b\nc"


def test_a_text_stops_growing_at_its_limit() -> None:
    buffer = Buffer("x" * (LIMIT - 1))

    assert buffer.insert("y") is True
    assert buffer.insert("z") is False
    assert len(buffer.text) == LIMIT


def test_pasted_control_characters_are_made_visible() -> None:
    buffer = Buffer()

    buffer.insert("a\x1b[31mb\r\nc\td")

    assert buffer.lines == ["a\u241b[31mb", "c       d"]


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("", 10, [""]),
        ("one two three", 8, ["one two ", "three"]),
        ("one two", 7, ["one two"]),
        ("onetwothree", 4, ["onet", "woth", "ree"]),
        ("a onetwothree b", 4, ["a ", "onet", "woth", "ree ", "b"]),
        ("配送が届きません", 6, ["配送が", "届きま", "せん"]),
    ],
)
def test_a_line_breaks_at_spaces_and_by_cells(text: str, width: int, rows: list[str]) -> None:
    starts = breaks(text, width)

    assert [text[start:end] for start, end in zip(starts, (*starts[1:], len(text)), strict=True)] == rows


@given(st.text(alphabet="ab 配\u0301", max_size=60), st.integers(2, 12))
def test_no_row_is_wider_than_the_screen_but_for_spaces(text: str, width: int) -> None:
    rows = Buffer(text).rows(width)

    assert "".join(text[row.start : row.end] for row in rows) == text
    assert all(width_of(text[row.start : row.end].rstrip()) <= width for row in rows)


def test_moving_by_rows_keeps_the_column_one_came_from() -> None:
    buffer = at("a long line|\nx\nanother line")

    buffer.move_rows(1, 40)
    middle = shown(buffer)
    buffer.move_rows(1, 40)

    assert middle == "a long line\nx|\nanother line"
    assert shown(buffer) == "a long line\nx\nanother lin|e"


def test_moving_by_rows_goes_through_a_wrapped_line() -> None:
    buffer = at("one two three| four")

    buffer.move_rows(-1, 9)

    assert shown(buffer) == "one t|wo three four"


COMMANDS = st.one_of(
    st.tuples(st.just("insert"), st.text(alphabet="ab \n配\u0301\x1b", max_size=5)),
    st.tuples(st.just("move"), st.sampled_from(["left", "right", "word_left", "word_right", "home", "end", "top"])),
    st.tuples(st.just("delete"), st.sampled_from(["left", "right", "word_left", "home", "end"])),
    st.tuples(st.just("rows"), st.sampled_from([-3, -1, 1, 5])),
    st.tuples(st.just("undo"), st.none()),
)


@given(st.lists(COMMANDS, max_size=25))
def test_the_cursor_always_stands_in_the_text(commands: list[tuple[str, object]]) -> None:
    buffer = Buffer("one two\nthree")

    for name, argument in commands:
        call = {"insert": buffer.insert, "move": buffer.move, "delete": buffer.delete}.get(name)
        if call is not None:
            call(str(argument))
        elif name == "rows":
            buffer.move_rows(int(str(argument)), 5)
        else:
            buffer.undo()

        assert 0 <= buffer.line < len(buffer.lines)
        assert 0 <= buffer.column <= len(buffer.lines[buffer.line])


@given(st.lists(st.text(alphabet="ab \n", min_size=1, max_size=4), max_size=20))
def test_undoing_everything_leads_back_to_the_beginning(pieces: list[str]) -> None:
    buffer = Buffer("begin")
    for piece in pieces:
        buffer.insert(piece)

    while buffer.undo():
        pass

    assert buffer.text == "begin"
