"""The terminal's ground: what is asked, what counts as an answer, and that no key is lost beside it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.tui.ground import AnswerSieve, can_be_asked, is_light
from tests.pty import Terminal

WHITE = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\"
# What only a terminal says, up to where the answers differ, is nobody's typing.
KEYS = st.text(st.sampled_from("ae1;:]rgb/\\ \x1b\x07[é"), max_size=40).filter(lambda typed: "\x1b]11;rgb" not in typed)


@pytest.mark.parametrize(
    ("answer", "light"),
    [
        (WHITE, True),
        ("\x1b]11;rgb:0000/0000/0000\x07", False),
        ("\x1b]11;rgb:f/f/f\x07", True),
        ("\x1b]11;rgb:fd/f6/e3\x1b\\", True),
        ("\x1b]11;rgb:0000/2b2b/3636\x1b\\", False),
        ("\x1b]11;rgba:ffff/ffff/ffff/8000\x07", True),
        ("\x1b]11;rgb:ffff/ffff\x07", None),
        ("\x1b]11;rgb:fffff/ffff/ffff\x07", None),
        ("\x1b]11;rgb:ffff/ffff/ffff/ffff\x07", None),
        ("\x1b]11;#ffffff\x07", None),
        ("\x1b]10;rgb:ffff/ffff/ffff\x07", None),
        ("\x1b]11;rgb:ffff/ffff/ffff", None),
        (f"{WHITE}x", None),
        ("\x1b]11;rgb:\uff11/\uff11/\uff11\x07", None),
    ],
)
def test_an_answer_is_read_strictly(answer: str, light: bool | None) -> None:
    assert is_light(answer) is light


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "tmux-256color"}, True),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, True),
        ({"TERM": "linux"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "vt220"}, False),
        ({}, False),
    ],
)
def test_only_a_terminal_that_knows_the_question_is_asked(environ: dict[str, str], asked: bool) -> None:
    assert can_be_asked(environ) is asked


@given(before=KEYS, after=KEYS, cuts=st.lists(st.integers(0, 120), max_size=6), awaits=st.booleans())
def test_an_answer_between_keys_is_found_and_the_keys_pass_in_their_order(before, after, cuts, awaits) -> None:
    sieve = AnswerSieve()
    sieve.awaits = awaits
    sent = before + WHITE + after
    # Only while an answer is awaited may it be broken up after its escape, which else is a key.
    cuts = [cut for cut in cuts if awaits or cut != len(before) + 1]
    edges = sorted({0, len(before), *(cut for cut in cuts if cut < len(sent)), len(sent)})

    typed = ""
    for start, end in pairwise(edges):
        typed += sieve.feed(sent[start:end])
        typed += sieve.rest() if end == len(before) else ""
    typed += sieve.rest()

    assert typed == before + after
    assert sieve.light is True


@given(pieces=st.lists(KEYS, max_size=6), awaits=st.booleans())
def test_what_is_typed_without_an_answer_passes_unchanged(pieces: list[str], awaits: bool) -> None:
    sieve = AnswerSieve()
    sieve.awaits = awaits

    typed = "".join(map(sieve.feed, pieces)) + sieve.rest()

    if "\x1b]11;rgb" not in "".join(pieces):
        assert typed == "".join(pieces)
    assert sieve.light is None


def test_an_escape_waits_for_nothing_but_an_answer() -> None:
    sieve = AnswerSieve()

    before = sieve.feed("a\x1b")
    sieve.awaits = True
    during = sieve.feed("b\x1b")

    assert (before, during, sieve.rest()) == ("a\x1b", "b", "\x1b")


@pytest.mark.parametrize("broken", ["\x1b]11;rgb:ffffx", "\x1b]11;rgb:/x", "\x1b]11;rgbx"])
def test_the_letters_of_a_broken_answer_are_no_keys(broken: str) -> None:
    sieve = AnswerSieve()

    assert sieve.feed(broken) == "x"
    assert sieve.light is None


@pytest.fixture
def terminal():
    """Return a console that waits for a user name to be typed."""
    with Terminal.python("tests.tui.fake_console", "filled=no") as opened:
        opened.wait_for("Username")
        opened.settle()
        yield opened


def test_a_light_ground_changes_the_colours_and_eats_no_key(terminal: Terminal) -> None:
    before = len(terminal.raw)

    terminal.feed(b"a" + WHITE.encode() + b"na")

    terminal.wait_for("[ana")
    assert b"48;5;231" in terminal.raw[before:]
    assert b"48;5;231" not in terminal.raw[:before]


def test_a_late_and_broken_up_answer_is_no_key_either(terminal: Terminal) -> None:
    terminal.read(1.2)
    for piece in (b"\x1b]1", b"1;rgb:ffff/", b"ffff/ffff\x1b", b"\\an"):
        terminal.feed(piece)
        terminal.read(0.05)

    terminal.wait_for("[an ")
    assert b"48;5;231" in terminal.raw


@pytest.mark.parametrize(
    "environ", [{"NO_COLOR": "1"}, {"TERM": "xterm"}, {"TERM": "screen-256color"}, {"TERM": "linux"}], ids=str
)
def test_where_the_ground_decides_nothing_it_is_not_asked_for(environ: dict[str, str]) -> None:
    with Terminal.python("tests.tui.fake_console", "filled=no", environ=environ) as opened:
        opened.wait_for("Username")
        opened.settle()

    assert b"\x1b]" not in opened.raw


def test_a_byte_that_is_no_letter_of_utf_8_ends_nothing(terminal: Terminal) -> None:
    terminal.feed(b"a\xe9\xffna")

    terminal.wait_for("na")
    assert terminal.process.poll() is None
