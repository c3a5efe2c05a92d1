"""Every screen of the daily loop, at every size and in all colours, as text: `-m tests.tui.screens` writes it anew.

A picture is kept as its letters and the roles of its cells, once a size, for they are the same in all colours; what a
role looks like in each is kept once for all screens. Both are read from what is drawn.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from rich.cells import cell_len
from textual.geometry import Offset

from agentconsole.domain.errors import Refused
from agentconsole.tui.app import ConsoleApp
from agentconsole.tui.output import ink_of
from agentconsole.tui.terminal import Terminal
from agentconsole.tui.theme import THEMES
from agentconsole.tui.widgets.canvas import Canvas
from agentconsole.wire import frames as f
from agentconsole.wire.commands import Resolve
from tests.tui.driving import Driver
from tests.tui.duty_rows import ALL
from tests.tui.fake_desk import CODE, PASSWORD, FakeDesk
from tests.tui.rosa import rosa

FOLDER = Path(__file__).parent / "screens"
LOOKS = FOLDER / "looks.txt"
SIZES = ((80, 23), (80, 24), (100, 30), (120, 40), (200, 60))
ENVIRON = {"TERM": "xterm-256color"}


@dataclass(frozen=True)
class Scene:
    """How to come to a screen: what is typed after the sign-in, what is seen then, and on what desk."""

    keys: tuple[str, ...]
    wanted: str
    desk: Callable[[], FakeDesk] = FakeDesk
    signs_in: bool = True


@dataclass
class Seen:
    """What a screen showed: letters and roles by its size, and the looks that roles had in each theme."""

    pictures: dict[tuple[int, int], str] = field(default_factory=dict)
    looks: dict[tuple[str, str], set[str]] = field(default_factory=dict)


def _rosas_desk() -> FakeDesk:
    desk = FakeDesk()
    desk._on_read_case = lambda _: f.Case(rosa())
    return desk


def _empty_desk() -> FakeDesk:
    desk = FakeDesk()
    desk.rows = [held for held in desk.rows if held.owner != "ana"]
    return desk


def _refusing_desk() -> FakeDesk:
    desk = FakeDesk()
    desk.forced[Resolve] = Refused(
        "4490 has a letter that was promised for Friday and is not sent. Send it first (r), or say what became of the"
        " promise: w changes its date."
    )
    return desk


def _dutiful_desk() -> FakeDesk:
    desk = FakeDesk()
    desk._on_read_duties = lambda _: ALL
    return desk


SCENES = {
    "signin": Scene(tuple("ana"), "[ana", signs_in=False),
    "queue": Scene(("j",), "> DUE"),
    "empty": Scene((), "Well done", _empty_desk),
    "error": Scene(("e",), "w changes its date", _refusing_desk),
    "filter": Scene(("slash", *"late"), "2 of 9"),
    "command": Scene(("colon", *"re"), "commands: re"),
    "palette": Scene(("ctrl+p", *"esc"), "case 4451"),
    "help": Scene(("question_mark",), "Keys in the lists"),
    "why": Scene(("j", "equals_sign"), "why"),
    "case": Scene(("j", "enter"), "case 4471", _rosas_desk),
    "note": Scene(("j", "i", *"Asked", "space", *"Tomas"), "draft saved", _rosas_desk),
    "composer": Scene(("j", "r", "semicolon", *"ref", "tab", *"Yours"), "draft saved", _rosas_desk),
    "picker": Scene(("j", "r", "ctrl+t", "down"), "Closing", _rosas_desk),
    "review": Scene(("j", "r", "semicolon", *"ref", "tab", "ctrl+d"), "checks before", _rosas_desk),
    "duties_above": Scene(("j",), "> DUE", _dutiful_desk),
    "duties": Scene(("g", "d", "j"), "review all complaints", _dutiful_desk),
    "locked": Scene(("L",), "You locked this screen"),
}


async def _play(scene: Scene) -> Seen:
    desk = scene.desk()
    app = ConsoleApp(desk.connect, Terminal(ENVIRON))
    seen = Seen()
    async with app.run_test(size=SIZES[0]) as pilot:
        driver = Driver(app, pilot, desk)
        await driver.sees("Username")
        if scene.signs_in:
            form = driver.console.modes["signin"].form
            for name, value in (("user", "ana"), ("password", PASSWORD), ("code", CODE)):
                form.set(name, value)
            await driver.keys("enter")
            await driver.sees("[My work")
        await driver.keys(*scene.keys)
        await driver.sees(scene.wanted)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            for theme in THEMES:
                driver.console.frame.use_theme(theme)
                await driver.settle()
                _look(app, theme, seen)
                picture = _picture(app)
                kept = seen.pictures.setdefault(size, picture)
                assert kept == picture, "\n".join(unified_diff(kept.split("\n"), picture.split("\n"), "dark", theme))
    return seen


def _roles(app: ConsoleApp) -> list[list[str]]:
    """Return the role of every cell of the screen."""
    width, height = app.size
    roles = [["?"] * width for _ in range(height)]
    for canvas in app.query(Canvas):
        if not (canvas.display and canvas.is_on_screen and canvas.region):
            continue
        for y, row in enumerate(canvas._rows, canvas.region.y):
            strip = [role for text, role in row for _ in range(cell_len(text))]
            roles[y][canvas.region.x : canvas.region.x + len(strip)] = strip
    return roles


def _look(app: ConsoleApp, theme: str, seen: Seen) -> None:
    """Add what the roles on the screen look like now: the codes that the terminal gets."""
    roles = _roles(app)
    colours = app.frame.table.colours
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        x = 0
        for text, style, _ in strip:
            ink = ink_of(style, colours).codes() if style is not None else "0"
            for _ in range(cell_len(text)):
                seen.looks.setdefault((roles[y][x], theme), set()).add(ink)
                x += 1


def _picture(app: ConsoleApp) -> str:
    """Return letters and roles of the screen, and where the terminal's own cursor stands."""
    rows = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
    parts = [f"{y}: {runs}" for y, row in enumerate(_roles(app)) if (runs := _runs(row))]
    return "\n".join([*rows, "", f"cursor {_place(app.terminal_cursor())}", *parts])


def _place(cursor: Offset | None) -> str:
    return "hidden" if cursor is None else f"{cursor.y}:{cursor.x}"


def _runs(row: list[str]) -> str:
    """Return the roles of a row as runs, `DUE 2-6 cursor 6-80`; cells without a role are left out."""
    runs: list[str] = []
    start = 0
    for x in range(1, len(row) + 1):
        if x == len(row) or row[x] != row[start]:
            if row[start]:
                runs.append(f"{row[start]} {start}-{x}")
            start = x
    return " ".join(runs)


def played(name: str) -> Seen:
    """Play a scene and return what was seen."""
    return asyncio.run(_play(SCENES[name]))


def text_of(seen: Seen) -> str:
    """Return the text of a screen's file."""
    return "\n".join(f"== {wide}x{high}\n{picture}\n" for (wide, high), picture in seen.pictures.items())


def looks_text(looks: dict[tuple[str, str], set[str]]) -> str:
    """Return the text of the file of looks: a role a line, and its codes in each theme."""
    roles = sorted({role for role, _ in looks})
    lines = [f"{'role':<10}{''.join(f'{theme:<26}' for theme in THEMES)}".rstrip()]
    for role in roles:
        cells = (",".join(sorted(looks.get((role, theme), ()))) for theme in THEMES)
        lines.append(f"{role or '(none)':<10}{''.join(f'{cell:<26}' for cell in cells)}".rstrip())
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    all_looks: dict[tuple[str, str], set[str]] = {}
    for one in SCENES:
        shown = played(one)
        (FOLDER / f"{one}.txt").write_text(text_of(shown), "utf-8")
        for key, inks in shown.looks.items():
            all_looks.setdefault(key, set()).update(inks)
    LOOKS.write_text(looks_text(all_looks), "utf-8")
