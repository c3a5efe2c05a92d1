"""Colours are honest at every depth, and words carry what they mean (U5, U6)."""

import re
from itertools import combinations

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from agentconsole.domain.terms import ClockState
from agentconsole.tui.output import ink_of
from agentconsole.tui.theme import ROLES, depth_of, theme_for, themes

STATES = [state.value for state in ClockState]
TABLES = themes(ColorSystem.TRUECOLOR)


def luminance(colour: Color) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = [value / 255 for value in colour.get_truecolor()]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(style: Style, ground: str) -> float:
    """Return the contrast of a style's two colours on a ground."""
    shades = sorted((luminance(style.color), luminance(style.bgcolor or Color.parse(ground))))
    return (shades[1] + 0.05) / (shades[0] + 0.05)


@pytest.mark.parametrize("name", TABLES)
def test_every_role_has_a_look_in_every_theme(name: str) -> None:
    assert set(TABLES[name].looks) == set(ROLES)
    assert set(STATES) <= set(ROLES)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_text_has_contrast_and_state_words_more(name: str) -> None:
    ground = TABLES[name].textual.background
    low = {role: contrast(style, ground) for role, style in TABLES[name].looks.items() if contrast(style, ground) < 4.5}
    states = {word: contrast(TABLES[name].looks[word], ground) for word in STATES}

    assert low == {}
    assert min(states.values()) >= 6


@pytest.mark.parametrize(
    ("role", "code"), [("LATE", "31"), ("LIVE", "31"), ("DUE", "33"), ("SOON", "33"), ("ok", "36")]
)
def test_at_sixteen_colours_late_is_red_and_due_is_yellow(role: str, code: str) -> None:
    assert ink_of(TABLES["16"].looks[role], ColorSystem.STANDARD).colour == code


@pytest.mark.parametrize("role", ROLES)
def test_without_colours_none_is_sent(role: str) -> None:
    for table in TABLES.values():
        codes = ink_of(table.looks[role], None).codes()

        assert not re.search(r"(?:^|;)[349][0-8]", codes)


def test_states_that_must_not_be_confused_differ_without_colour_too() -> None:
    mono = TABLES["mono"].looks
    urgent = {word: mono[word] for word in ("LATE", "DUE", "ok")}

    assert all(one != other for one, other in combinations(urgent.values(), 2))


@pytest.mark.parametrize(
    ("environ", "theme", "depth"),
    [
        ({"TERM": "xterm-256color"}, "dark", ColorSystem.EIGHT_BIT),
        ({"TERM": "tmux-256color", "COLORTERM": "truecolor"}, "dark", ColorSystem.TRUECOLOR),
        ({"TERM": "putty-256color", "COLORFGBG": "0;15"}, "light", ColorSystem.EIGHT_BIT),
        ({"TERM": "xterm"}, "16", ColorSystem.STANDARD),
        ({"TERM": "linux"}, "16", ColorSystem.STANDARD),
        ({"TERM": "screen"}, "16", ColorSystem.STANDARD),
        ({"TERM": "vt220"}, "mono", ColorSystem.STANDARD),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "mono", ColorSystem.EIGHT_BIT),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "dark", ColorSystem.EIGHT_BIT),
    ],
)
def test_a_terminal_gets_the_theme_it_can_show(environ: dict, theme: str, depth: ColorSystem) -> None:
    assert theme_for(environ) == theme
    assert depth_of(environ) is depth
