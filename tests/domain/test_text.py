"""Text from outside cannot drive a terminal, and attachment names are inert (PROMISES 8.1, H1, H5)."""

import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.domain.text import NAME_BYTES, NAME_CHARACTERS, clean, clean_line, clean_name

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x00\x1b\x7f\x9b\r\n\t\u202e\u2066\u200b\u200c\u200d\u0301\u0489\U000e0041\ud800\ufeffa é"),
    )
)
INVISIBLE = "\u00ad\u115f\u1160\u180e\u200b\u2060\u2064\u206a\u3164\ufeff\uffa0\ufff9\U0001d173\U000e0001\U000e007f"
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("situation", "text", "shown"),
    [
        ("clears the screen", "a\x1b[2Jb", "a\u241b[2Jb"),
        ("writes the clipboard", "\x1b]52;c;eA==\x07", "\u241b]52;c;eA==\u2407"),
        ("eight-bit CSI", "a\x9b2Jb", "a\ufffd2Jb"),
        ("NUL and DEL", "\x00\x7f", "\u2400\u2421"),
        ("Windows line ends", "a\r\nb", "a\nb"),
        ("a lone carriage return", "a\rb", "a\u240db"),
        ("a tab", "a\tb", "a       b"),
        ("Unicode line ends", "a\u2028b\u2029", "a\ufffdb\ufffd"),
        ("a lone surrogate", "a\ud800b", "a\ufffdb"),
        ("text run backwards", "a\u202eb", "a<U+202E>b"),
        ("a letter buried in marks", "e" + "\u0301" * 50, "e" + "\u0301" * 8),
        ("marks parted by a joiner", "e" + "\u0301\u200d" * 50, "e" + "\u0301\u200d" * 7 + "\u0301"),
        ("a joiner inside a brand", "pay\u200dpal", "paypal"),
        ("a joiner a Persian word needs", "می\u200cخواهم", "می\u200cخواهم"),
        ("a family of emoji", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("a joiner at the end of a word", "می\u200c خواهم", "می خواهم"),
        ("plain words", "Füße, 日本語, 👍🏽, naïve", "Füße, 日本語, 👍🏽, naïve"),
    ],
)
def test_text_is_made_safe_to_show(situation: str, text: str, shown: str) -> None:
    assert clean(text) == shown, situation


@pytest.mark.parametrize("letter", INVISIBLE, ids=ascii)
def test_an_invisible_character_goes(letter: str) -> None:
    assert clean(f"a{letter}b") == "ab"


@pytest.mark.parametrize("letter", BIDI, ids=ascii)
def test_a_bidi_control_is_seen(letter: str) -> None:
    assert clean(f"a{letter}b") == f"a<U+{ord(letter):04X}>b"


def test_no_character_of_unicode_passes_that_could_drive_a_terminal() -> None:
    # The planes between hold letters only, or nothing.
    for code in (*range(0x20000), *range(0xE0000, 0xE1000)):
        shown = clean(f"a{chr(code)}b")

        assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in shown if letter != "\n")


def test_no_combining_mark_counts_as_a_letter_of_a_word() -> None:
    """Finding runs of marks rests on this; a new Unicode version could change it."""
    marks = (chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] == "M")

    assert not [mark for mark in marks if mark.isalnum() or mark.isspace() or mark == "_"]


@given(HOSTILE)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)

    assert clean(once) == once


@given(HOSTILE)
def test_clean_text_has_no_control_character_but_line_ends(text: str) -> None:
    assert not [letter for letter in clean(text) if unicodedata.category(letter) == "Cc" and letter != "\n"]


@given(HOSTILE, st.integers(2, 40))
def test_a_clean_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    line = clean_line(text, limit)

    assert len(line) <= limit
    assert "\n" not in line
    assert line == line.strip()


def test_a_line_that_is_cut_says_so() -> None:
    assert clean_line("one two three", 8) == "one two…"


def test_a_megabyte_on_one_line_costs_nothing() -> None:
    assert clean_line("\u200bword " * 200_000, 9) == "word wor…"


@pytest.mark.parametrize("unit", ["\t", "\x00", "a\u0301", "\u0301", "\u200d", "é\u200d", "\ud800", "☃", "é", "a\r\n"])
def test_time_is_linear(unit: str) -> None:
    small, large = (_seconds(unit * (size // len(unit))) for size in (20_000, 400_000))

    assert large < max(small, 0.0005) * 20 * 4


def _seconds(text: str) -> float:
    taken = []
    for _ in range(3):
        start = time.process_time()
        clean(text)
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize(
    ("situation", "name", "shown"),
    [
        ("a plain name", "invoice 12.pdf", "invoice 12.pdf"),
        ("another alphabet", "Приложение №1.docx", "Приложение No1.docx"),
        ("climbs out of the folder", "../../../home/desk/.bashrc", "bashrc"),
        ("a Windows path", "C:\\Users\\eve\\x.exe", "x.exe"),
        ("a hidden file behind a zero width space (CVE-2026-28289)", "\u200b.htaccess", "htaccess"),
        ("a slash only after normalising", "a\uff0fb\u2215c\u2044d.txt", "d.txt"),
        ("dots only after normalising", "\u2024\u2024/\u2024bashrc", "bashrc"),
        ("an ending written backwards", "photo\u202egpj.exe", "photogpj.exe"),
        ("a NUL", "a.txt\x00.exe", "a.txt.exe"),
        ("an escape sequence", "\x1b]52;c;x\x07.txt", "]52;c;x.txt"),
        ("a line end", "a\r\nb.txt", "ab.txt"),
        ("a device", "CON", "_CON"),
        ("a device with an ending", "lpt1.txt", "_lpt1.txt"),
        ("only dots", "....", "attachment"),
        ("nothing", "", "attachment"),
        ("nothing one can see", "\u200b\u3164\u202e", "attachment"),
        ("a stream of another file", "a.txt:evil", "a.txt_evil"),
        ("an option", "-rf", "rf"),
    ],
)
def test_an_attachment_name_is_inert(situation: str, name: str, shown: str) -> None:
    assert clean_name(name) == shown, situation


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("é" * 4_000 + ".pdf")

    assert name.endswith("é.pdf")
    assert len(name) <= NAME_CHARACTERS
    assert len(name.encode()) <= NAME_BYTES


@given(st.one_of(HOSTILE, st.text(st.sampled_from("./\\\u2024\uff0e\uff0f\u200b\u202e\x00 ~-aCON1:"))))
def test_no_name_is_a_path_hidden_empty_or_unseen(text: str) -> None:
    name = clean_name(text)

    assert name
    assert not set(name) & set('/\\:*?"<>|\n\r\t\x00')
    assert name[0] not in ".~- "
    assert not [letter for letter in name if unicodedata.category(letter)[0] == "C"]
    assert len(name) <= NAME_CHARACTERS
    assert clean_name(name) == name
