"""How things look: four themes, each a table from a role to a style; the words carry the meaning, never the colour."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from rich.color import ColorSystem
from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

THEMES = ("dark", "light", "16", "mono")
"""What `:theme` takes."""

STATES = ("LIVE", "DUE", "LATE", "SOON", "ok", "WAIT", "SHUT", "met", "MISS", "--")
ON_CURSOR = "_here"
"""After the role of a state word: that word in the row under the cursor, which has one ground."""

ROLES = (
    *(
        "",
        "head",
        "note",
        "quote",
        "fresh",
        "rule",
        "key",
        "column",
        "bar",
        "bar_late",
        "bar_due",
        "tab",
        "here",
        "cursor",
    ),
    *STATES,
    *(word + ON_CURSOR for word in STATES),
    *("said", "done", "warn", "refused", "field", "field_now", "caret", "qr"),
)
"""What a piece of a line can be; the state words of the clocks are roles of their own."""


@dataclass(frozen=True, slots=True)
class ThemeTable:
    """One theme: its looks, the theme Textual's own widgets get, and the colours it may send (None: none at all)."""

    name: str
    looks: Mapping[str, Style]
    textual: Theme
    colours: ColorSystem | None


@dataclass(frozen=True, slots=True)
class _Inks:
    """The colours of a theme."""

    ground: str
    text: str
    faint: str
    bar: str
    field: str
    late: str
    due: str
    soon: str
    ok: str


# The square is scanned by a camera: its own black and white, whatever the theme, the blocks being the light modules.
_SQUARE = Style(color="#ffffff", bgcolor="#000000")
_SQUARE_16 = Style(color="white", bgcolor="black", bold=True)


def _looks(ink: _Inks) -> dict[str, Style]:
    """Return the styles of the roles; the ground is what lies under all of them and is named only where it differs."""
    looks = {
        "": Style(color=ink.text),
        "head": Style(color=ink.text, bold=True),
        "note": Style(color=ink.soon),
        "quote": Style(color=ink.faint),
        "fresh": Style(color=ink.due, bold=True),
        "rule": Style(color=ink.faint),
        "key": Style(color=ink.text, bold=True),
        "column": Style(color=ink.faint),
        "bar": Style(color=ink.text, bgcolor=ink.bar),
        "tab": Style(color=ink.faint),
        "here": Style(color=ink.text, bold=True),
        "cursor": Style(color=ink.text, bgcolor=ink.bar, bold=True),
        "bar_late": Style(color=ink.late, bgcolor=ink.bar, bold=True),
        "bar_due": Style(color=ink.due, bgcolor=ink.bar, bold=True),
        "LIVE": Style(color=ink.late, reverse=True),
        "DUE": Style(color=ink.due, bold=True),
        "LATE": Style(color=ink.late, bold=True, reverse=True),
        "SOON": Style(color=ink.soon),
        "ok": Style(color=ink.ok),
        "WAIT": Style(color=ink.faint),
        "SHUT": Style(color=ink.faint),
        "met": Style(color=ink.ok),
        "MISS": Style(color=ink.late, bold=True),
        "--": Style(color=ink.faint),
        "said": Style(color=ink.text),
        "done": Style(color=ink.ok),
        "warn": Style(color=ink.due, bold=True),
        "refused": Style(color=ink.late, bold=True),
        "field": Style(color=ink.text, bgcolor=ink.field),
        "field_now": Style(color=ink.text, bgcolor=ink.field, bold=True),
        "caret": Style(color=ink.text, bgcolor=ink.field, reverse=True),
        "qr": _SQUARE,
    }
    # A reverse block stays one: it changes places with the cursor's ground.
    return {**looks, **{word + ON_CURSOR: looks[word] + Style(bgcolor=ink.bar) for word in STATES}}


def _sixteen() -> dict[str, Style]:
    """Return looks in the terminal's own colours, whose shades and ground nobody knows.

    Red is hard to read on black and yellow on white: each colour brings its own ground. Black is never bold, which some
    terminals show as grey; and none of the eight bright colours is used, for older terminals have none.
    """
    late, due = Style(color="white", bgcolor="red", bold=True), Style(color="black", bgcolor="yellow")
    return {
        **_mono(),
        **dict.fromkeys(("LIVE", "LATE", "MISS", "refused", *_on_cursor("LIVE", "LATE", "MISS")), late),
        **dict.fromkeys(("DUE", "warn", *_on_cursor("DUE")), due),
        "qr": _SQUARE_16,
    }


def _mono() -> dict[str, Style]:
    """Return looks without any colour: bold and reverse alone."""
    bold, reverse = Style(bold=True), Style(reverse=True)
    return {
        **dict.fromkeys(ROLES, Style()),
        **dict.fromkeys(("head", "key", "cursor", "here", "DUE", "MISS", "fresh", "warn", "refused"), bold),
        **dict.fromkeys(_on_cursor(*STATES), bold),
        **dict.fromkeys(("bar", "bar_late", "bar_due", "LIVE", "caret"), reverse),
        **dict.fromkeys(("LATE", *_on_cursor("LIVE", "LATE")), Style(bold=True, reverse=True)),
        "field": Style(underline=True),
        "field_now": Style(underline=True, bold=True),
    }


def _on_cursor(*words: str) -> tuple[str, ...]:
    return tuple(word + ON_CURSOR for word in words)


def _textual(name: str, ink: _Inks, *, dark: bool) -> Theme:
    """Return the theme of Textual's own widgets; of those only the grounds of our canvases are ever seen."""
    return Theme(
        name=name,
        dark=dark,
        primary=ink.ok,
        warning=ink.due,
        error=ink.late,
        foreground=ink.text,
        background=ink.ground,
        surface=ink.ground,
        panel=ink.ground,
        boost=ink.ground,
    )


def _terminals_own(name: str) -> Theme:
    """Return a theme that leaves all colours to the terminal."""
    return replace(BUILTIN_THEMES["ansi-dark"], name=name)


_DARK = _Inks(
    ground="#121212",
    text="#e4e4e4",
    faint="#a8b0b8",
    bar="#303030",
    field="#262626",
    late="#ff7a6b",
    due="#ffb000",
    soon="#ffe08a",
    ok="#6fb7ff",
)
_LIGHT = _Inks(
    ground="#ffffff",
    text="#1c1c1c",
    faint="#5a6169",
    bar="#e8e8e8",
    field="#eeeeee",
    late="#a3120a",
    due="#8a4b00",
    soon="#6b5900",
    ok="#0b5cad",
)


def themes(depth: ColorSystem) -> dict[str, ThemeTable]:
    """Return the themes by the name that `:theme` takes; `depth` is what the terminal can show."""
    return {
        "dark": ThemeTable("dark", _looks(_DARK), _textual("desk-dark", _DARK, dark=True), depth),
        "light": ThemeTable("light", _looks(_LIGHT), _textual("desk-light", _LIGHT, dark=False), depth),
        "16": ThemeTable("16", _sixteen(), _terminals_own("desk-16"), ColorSystem.STANDARD),
        "mono": ThemeTable("mono", _mono(), _terminals_own("desk-mono"), None),
    }


_KINDS = "xterm|linux|screen|ansi|tmux|putty|rxvt|cygwin|aterm|eterm|konsole"
_FEW = re.compile(
    rf"(?:screen\.)?(?:(?:{_KINDS})(?:[-.](?:m\d?|mono|color|basic|bce|bw|s|w|sys|nic|r\d|vt\d+|8color|16color|88color))*"
    r"|vt\d.*|dumb)",
    re.ASCII,
)
"""Names of terminals with 8 or 16 colours; GNU screen puts its own before that of the terminal around it."""

_NONE = re.compile(r"(?:screen\.)?(?:vt[1-4]\d\d?(?:-.*)?|vt52|dumb)|.*-(?:m|mono)", re.ASCII)
"""Names of terminals without colours."""


def depth_of(environ: Mapping[str, str]) -> ColorSystem:
    """Return how many colours the terminal has by its name: 256 where nothing is said of fewer or more.

    COLORTERM is handed on to what runs inside; neither a terminal of few colours nor GNU screen has more for that.
    """
    name = environ.get("TERM", "").lower()
    if _FEW.fullmatch(name):
        return ColorSystem.STANDARD
    within_screen = name.startswith("screen") and not environ.get("TMUX")
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") and not within_screen:
        return ColorSystem.TRUECOLOR
    return ColorSystem.EIGHT_BIT


def theme_for(environ: Mapping[str, str]) -> str:
    """Choose a terminal's theme: mono under NO_COLOR or without colours, 16 where they are few, else by its ground."""
    if environ.get("NO_COLOR") or _NONE.fullmatch(environ.get("TERM", "").lower()):
        return "mono"
    if depth_of(environ) is ColorSystem.STANDARD:
        return "16"
    return "light" if _light_ground(environ.get("COLORFGBG", "")) else "dark"


def _light_ground(said: str) -> bool:
    """Read rxvt's and Konsole's "15;0": the last number is the background."""
    return said.rpartition(";")[2] in ("7", "15")
