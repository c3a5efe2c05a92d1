"""The output stage: what a terminal shows is what was drawn, and only what changed is sent."""

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset

from agentconsole.tui.output import Stage

WIDE, HIGH = 24, 4
STYLES = (
    Style(),
    Style(color="red", bold=True),
    Style(color="#ffb000", bgcolor="#121212"),
    Style(bgcolor="#303030"),
    Style(reverse=True),
    Style(underline=True, color="cyan"),
)
WILD = ("👨\u200d👩\u200d👧", "❤\ufe0f", "👍🏽", "🇩🇪", "e\u0301", "ก็", "☺", "🦤", "①")
"""Letters that terminals give different numbers of cells."""

wild = st.lists(st.sampled_from([*WILD, "山", "a", "xyz", "  ", "é"]), min_size=1, max_size=8).map("".join)
wild_paints = st.lists(st.tuples(st.integers(0, HIGH - 1), st.integers(0, 10), wild), min_size=1, max_size=12)
texts = st.text(alphabet="abc  xyz", min_size=1, max_size=10)
segments = st.lists(st.tuples(texts, st.sampled_from(STYLES)), min_size=1, max_size=4)
paints = st.lists(st.tuples(st.integers(0, HIGH - 1), st.integers(0, 10), segments), min_size=1, max_size=12)


def stage(colours: ColorSystem | None = ColorSystem.EIGHT_BIT, **more) -> Stage:
    """Return a stage of a small terminal that shows nothing yet."""
    made = Stage(colours, **more)
    made.forget(WIDE, HIGH)
    return made


def drawn(pieces) -> list:
    """Return pieces as the stage takes them."""
    return [(y, x, [Segment(text, style) for text, style in parts]) for y, x, parts in pieces]


def looks(screen: pyte.Screen) -> list:
    """Return what can be seen: letters, and the looks that show on them."""
    seen = []
    for y in range(HIGH):
        for x in range(WIDE):
            cell = screen.buffer[y][x]
            bare = cell.data == " " and not cell.reverse and not cell.underscore
            seen.append((cell.data, cell.bg, cell.reverse, cell.underscore, *(() if bare else (cell.fg, cell.bold))))
    return seen


def terminal() -> tuple[pyte.Screen, pyte.Stream]:
    """Return an emulated terminal that does not wrap lines, as ours does not."""
    screen = pyte.Screen(WIDE, HIGH)
    screen.reset_mode(pyte.modes.DECAWM >> 5, private=True)
    return screen, pyte.Stream(screen)


@settings(max_examples=150, deadline=None)
@given(paints=paints)
def test_sending_only_what_changed_shows_what_sending_all_of_it_shows(paints) -> None:
    thrifty, plain = terminal(), terminal()
    keeps = stage()

    for piece in paints:
        thrifty[1].feed(keeps.paint(drawn([piece])))
        plain[1].feed(stage().paint(drawn([piece])))

    assert looks(thrifty[0]) == looks(plain[0])


@given(pieces=paints)
def test_painting_the_same_again_sends_nothing(pieces) -> None:
    made = stage()
    for piece in pieces:
        made.paint(drawn([piece]))
        assert made.paint(drawn([piece])) == ""


def test_one_changed_letter_costs_a_move_and_a_letter() -> None:
    made = stage()
    made.paint([(1, 0, [Segment("LATE   +22m letter")])])

    assert made.paint([(1, 0, [Segment("LATE   +23m letter")])]) == "\x1b[10G3"


def test_what_is_forgotten_is_sent_again() -> None:
    made = stage()
    made.paint([(0, 0, [Segment("abc")])])
    made.forget(WIDE, HIGH)

    assert "abc" in made.paint([(0, 0, [Segment("abc")])])


def test_blanks_up_to_the_edge_are_erased_where_the_terminal_keeps_the_ground() -> None:
    line = [(0, 0, [Segment("a" + " " * (WIDE - 1), Style(bgcolor="#303030"))])]

    assert stage().paint(line).startswith("\x1b[1H\x1b[0;48;5;236ma\x1b[K")
    assert "\x1b[K" not in stage(keeps_ground=False).paint(line)


@pytest.mark.parametrize(
    ("colours", "sent"),
    [
        (ColorSystem.STANDARD, "\x1b[0;1;31m"),
        (ColorSystem.EIGHT_BIT, "\x1b[0;1;31m"),
        (None, "\x1b[0;1m"),
    ],
)
def test_a_depth_of_colours_is_never_exceeded(colours: ColorSystem | None, sent: str) -> None:
    assert sent in stage(colours).paint([(0, 0, [Segment("LATE", Style(color="red", bold=True))])])


def test_half_a_wide_letter_is_never_sent() -> None:
    made = stage()
    out = made.paint([(0, 0, [Segment("x" * (WIDE - 1) + "山")])])

    assert "山" not in out
    assert made._rows[0][-1][0] == " "


def test_a_letter_in_the_place_of_half_a_wide_one_clears_the_other_half() -> None:
    screen, stream = terminal()
    made = stage()
    stream.feed(made.paint([(0, 0, [Segment("山田x")])]))
    stream.feed(made.paint([(0, 0, [Segment("a田x ")])]))

    assert screen.display[0].rstrip() == "a田x"


@settings(max_examples=150, deadline=None)
@given(paints=wild_paints)
def test_a_letter_that_the_terminal_draws_wider_or_narrower_moves_none_of_its_neighbours(paints) -> None:
    screen, stream = terminal()
    made = stage()

    for y, x, text in paints:
        stream.feed(made.paint([(y, x, [Segment(text)])]))

    for y in range(HIGH):
        sure = {x: letter for x, cell in enumerate(made._rows[y]) if cell and (letter := cell[0]).isascii() and letter}
        assert sure == {x: screen.buffer[y][x].data for x in sure}


@pytest.mark.parametrize("letter", WILD)
def test_behind_a_letter_of_doubtful_width_the_place_is_said_again(letter: str) -> None:
    width = cell_len(letter)

    sent = stage().paint([(0, 0, [Segment(f"ab{letter}cd")])])

    assert f"{letter[-1]}\x1b[{3 + width}Gcd" in sent
    assert (f"  \x1b[3G{letter[0]}" in sent) is (width == 2)


def test_letters_that_all_terminals_agree_about_need_no_moves() -> None:
    sent = stage().paint([(0, 0, [Segment("Grüße Ωме 山田 한글 ▀█")])])

    assert "\x1b[mGrüße Ωме 山田 한글 ▀█" in sent


def test_the_cursor_stands_where_it_is_wanted_and_hides_where_it_is_not() -> None:
    made = stage()

    assert made.paint([(0, 0, [Segment("ab")])], Offset(5, 2)).endswith("\x1b[3;6H\x1b[?25h")
    assert made.paint([], Offset(5, 2)) == ""
    assert made.paint([(0, 0, [Segment("ac")])], None).endswith("\x1b[?25l")


def test_what_lies_outside_the_terminal_is_left_out() -> None:
    assert "abc" not in stage().paint([(HIGH, 0, [Segment("abc")]), (0, WIDE, [Segment("abc")])])


def test_segments_that_are_orders_are_left_out() -> None:
    assert "\x07" not in stage().paint([(0, 0, [Segment("\x07", None, [(0,)])])])


def test_an_attribute_that_ends_is_ended_alone() -> None:
    made = stage()

    sent = made.paint(drawn([(0, 0, [("a", Style(bold=True, color="red")), ("b", Style(color="red"))])]))

    assert "a\x1b[22mb" in sent


def test_of_two_attributes_with_one_end_the_other_is_said_again() -> None:
    made = stage()
    both, one = Style(bold=True, dim=True, color="#ffb000", bgcolor="#303030"), Style(dim=True, color="#ffb000")

    sent = made.paint(drawn([(0, 0, [("a", both), ("b", one + Style(bgcolor="#303030"))])]))

    assert sent.split("a", 1)[1].startswith("\x1b[22;2mb")


def test_what_is_blank_already_is_erased_with_what_becomes_blank() -> None:
    made = stage()
    made.paint(drawn([(0, 0, [("abcdefghij" + " " * (WIDE - 10), Style())])]))

    assert made.paint(drawn([(0, 0, [("ab        ", Style())])])) == "\x1b[3G\x1b[K"
