"""How things look: four themes, each a table from a role to a style; the words carry the meaning, never the colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rich.color import ColorSystem
from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

THEMES = ("dark", "light", "16", "mono")
"""What `:theme` takes."""

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
    *("LIVE", "DUE", "LATE", "SOON", "ok", "WAIT", "SHUT", "met", "MISS", "--"),
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
    """The colours of a theme; None is the terminal's own."""

    ground: str | None
    text: str | None
    faint: str | None
    bar: str | None
    field: str | None
    late: str
    due: str
    soon: str
    ok: str


# The square is scanned by a camera: its own black and white, whatever the theme, the blocks being the light modules.
_SQUARE = Style(color="#ffffff", bgcolor="#000000")
_SQUARE_16 = Style(color="bright_white", bgcolor="black")


def _looks(ink: _Inks) -> dict[str, Style]:
    """Return the styles of the roles; the ground is what lies under all of them and is named only where it differs."""
    return {
        "": Style(color=ink.text),
        "head": Style(color=ink.text, bold=True),
        "note": Style(color=ink.soon),
        "quote": Style(color=ink.faint),
        "fresh": Style(color=ink.due, bold=True),
        "rule": Style(color=ink.faint),
        "key": Style(color=ink.text, bold=True),
        "column": Style(color=ink.faint),
        "bar": Style(color=ink.text, bgcolor=ink.bar, reverse=ink.bar is None),
        "tab": Style(color=ink.faint),
        "here": Style(color=ink.text, bold=True),
        "cursor": Style(color=ink.text, bgcolor=ink.bar, bold=True),
        "bar_late": Style(color=ink.late if ink.bar else None, bgcolor=ink.bar, bold=True, reverse=ink.bar is None),
        "bar_due": Style(color=ink.due if ink.bar else None, bgcolor=ink.bar, bold=True, reverse=ink.bar is None),
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
        "field": Style(color=ink.text, bgcolor=ink.field, underline=ink.field is None),
        "field_now": Style(color=ink.text, bgcolor=ink.field, underline=ink.field is None, bold=True),
        "caret": Style(color=ink.text, bgcolor=ink.field, reverse=True),
        "qr": _SQUARE if ink.ground else _SQUARE_16,
    }


def _mono() -> dict[str, Style]:
    """Return looks without any colour: bold and reverse alone."""
    bold, reverse = Style(bold=True), Style(reverse=True)
    return {
        **dict.fromkeys(ROLES, Style()),
        **dict.fromkeys(("head", "key", "cursor", "here", "DUE", "MISS", "fresh", "warn", "refused"), bold),
        **dict.fromkeys(("bar", "bar_late", "bar_due", "LIVE", "caret"), reverse),
        "LATE": Style(bold=True, reverse=True),
        "field": Style(underline=True),
        "field_now": Style(underline=True, bold=True),
    }


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
    bar="#e4e4e4",
    field="#eeeeee",
    late="#a3120a",
    due="#8a4b00",
    soon="#6b5900",
    ok="#0b5cad",
)
_SIXTEEN = _Inks(
    ground=None,
    text=None,
    faint=None,
    bar=None,
    field=None,
    late="red",
    due="yellow",
    soon="yellow",
    ok="cyan",
)


def themes(depth: ColorSystem) -> dict[str, ThemeTable]:
    """Return the themes by the name that `:theme` takes; `depth` is what the terminal can show."""
    return {
        "dark": ThemeTable("dark", _looks(_DARK), _textual("desk-dark", _DARK, dark=True), depth),
        "light": ThemeTable("light", _looks(_LIGHT), _textual("desk-light", _LIGHT, dark=False), depth),
        "16": ThemeTable("16", _looks(_SIXTEEN), _terminals_own("desk-16"), ColorSystem.STANDARD),
        "mono": ThemeTable("mono", _mono(), _terminals_own("desk-mono"), None),
    }


def depth_of(environ: Mapping[str, str]) -> ColorSystem:
    """Return how many colours the terminal says it has; 256 unless it names more or less."""
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return ColorSystem.TRUECOLOR
    name = environ.get("TERM", "").lower()
    few = name in ("xterm", "linux", "screen", "ansi", "tmux", "putty", "rxvt") or name.startswith("vt")
    return ColorSystem.STANDARD if few else ColorSystem.EIGHT_BIT


def theme_for(environ: Mapping[str, str]) -> str:
    """Choose the theme of a terminal: mono under NO_COLOR and on a VT100, 16 where colours are few, else dark."""
    name = environ.get("TERM", "").lower()
    if environ.get("NO_COLOR") or name in ("vt100", "vt102", "vt220", "dumb"):
        return "mono"
    if depth_of(environ) is ColorSystem.STANDARD:
        return "16"
    return "light" if _light_ground(environ.get("COLORFGBG", "")) else "dark"


def _light_ground(said: str) -> bool:
    """Read rxvt's and Konsole's "15;0": the last number is the background."""
    return said.rpartition(";")[2] in ("7", "15")
