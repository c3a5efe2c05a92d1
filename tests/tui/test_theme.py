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


@pytest.mark.parametrize("depth", [ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT])
@pytest.mark.parametrize("name", ["dark", "light"])
def test_text_has_contrast_and_state_words_more(name: str, depth: ColorSystem) -> None:
    def sent(colour: Color | None) -> Color | None:
        return colour.downgrade(depth) if colour is not None else None

    ground = Color.parse(TABLES[name].textual.background).downgrade(depth).get_truecolor().hex
    looks = {
        role: Style(color=Color.parse(sent(look.color).get_truecolor().hex), bgcolor=sent(look.bgcolor))
        for role, look in TABLES[name].looks.items()
    }
    states = {word: contrast(looks[word], ground) for word in STATES}

    assert {role: contrast(look, ground) for role, look in looks.items() if contrast(look, ground) < 4.5} == {}
    assert min(states.values()) >= (6 if depth is ColorSystem.TRUECOLOR else 5.5)


PALETTES = {
    # black, red, yellow, white and what bold white becomes, as each terminal comes.
    "xterm": ("#000000", "#cd0000", "#cdcd00", "#e5e5e5", "#ffffff"),
    "linux": ("#000000", "#aa0000", "#aa5500", "#aaaaaa", "#ffffff"),
    "putty": ("#000000", "#bb0000", "#bbbb00", "#bbbbbb", "#ffffff"),
    "gnome": ("#171421", "#c01c28", "#a2734c", "#d0cfcc", "#ffffff"),
    "tango": ("#2e3436", "#cc0000", "#c4a000", "#d3d7cf", "#eeeeec"),
    "windows": ("#0c0c0c", "#c50f1f", "#c19c00", "#cccccc", "#f2f2f2"),
    "conhost": ("#000000", "#800000", "#808000", "#c0c0c0", "#ffffff"),
    "macos": ("#000000", "#990000", "#999900", "#bfbfbf", "#e6e6e6"),
}
NAMES = ("black", "red", "yellow", "white")


@pytest.mark.parametrize("palette", PALETTES)
def test_at_sixteen_colours_every_colour_brings_a_ground_on_which_it_can_be_read(palette: str) -> None:
    *shades, bright = PALETTES[palette]
    shade = dict(zip(NAMES, shades, strict=True))
    coloured = {look for look in TABLES["16"].looks.values() if look.color or look.bgcolor}

    assert coloured
    for look in coloured:
        ink = bright if look.bold else shade[look.color.name]
        ground = shade[look.bgcolor.name]
        assert contrast(Style(color=ink, bgcolor=ground), ground) >= 3.5, look
        assert (look.color.name, look.bold) != ("black", True)


@pytest.mark.parametrize(
    ("role", "codes"), [("LATE", "0;1;37;41"), ("LIVE", "0;1;37;41"), ("DUE", "0;30;43"), ("SOON", "0"), ("ok", "0")]
)
def test_at_sixteen_colours_late_is_red_and_due_is_yellow(role: str, codes: str) -> None:
    assert ink_of(TABLES["16"].looks[role], ColorSystem.STANDARD).codes() == codes


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
        ({"TERM": "linux", "COLORTERM": "truecolor"}, "16", ColorSystem.STANDARD),
        ({"TERM": "linux-16color"}, "16", ColorSystem.STANDARD),
        ({"TERM": "putty"}, "16", ColorSystem.STANDARD),
        ({"TERM": "putty-256color"}, "dark", ColorSystem.EIGHT_BIT),
        ({"TERM": "xterm-16color"}, "16", ColorSystem.STANDARD),
        ({"TERM": "xterm-kitty"}, "dark", ColorSystem.EIGHT_BIT),
        ({"TERM": "xterm-direct"}, "dark", ColorSystem.EIGHT_BIT),
        ({"TERM": "alacritty", "COLORTERM": "truecolor"}, "dark", ColorSystem.TRUECOLOR),
        ({"TERM": "screen.linux"}, "16", ColorSystem.STANDARD),
        ({"TERM": "screen.xterm-256color"}, "dark", ColorSystem.EIGHT_BIT),
        ({"TERM": "screen-256color", "COLORTERM": "truecolor"}, "dark", ColorSystem.EIGHT_BIT),
        ({"TERM": "screen-256color", "COLORTERM": "truecolor", "TMUX": "/tmp/t"}, "dark", ColorSystem.TRUECOLOR),
        ({"TERM": "vt102", "COLORTERM": "truecolor"}, "mono", ColorSystem.STANDARD),
        ({"TERM": "vt420"}, "mono", ColorSystem.STANDARD),
        ({"TERM": "screen.vt220"}, "mono", ColorSystem.STANDARD),
        ({"TERM": "xterm-mono"}, "mono", ColorSystem.STANDARD),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "mono", ColorSystem.EIGHT_BIT),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "dark", ColorSystem.EIGHT_BIT),
    ],
)
def test_a_terminal_gets_the_theme_it_can_show(environ: dict, theme: str, depth: ColorSystem) -> None:
    assert theme_for(environ) == theme
    assert depth_of(environ) is depth
