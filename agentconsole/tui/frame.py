"""The frame on the screen: status bar, bodies, tray, message line and hints, and what the console may do to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from typing import Protocol

from rich.style import Style
from textual.app import App
from textual.geometry import Offset
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from agentconsole.tui.console import Console, Outside
from agentconsole.tui.lines import Line
from agentconsole.tui.mode import Mode
from agentconsole.tui.status import hints_line, status_line
from agentconsole.tui.theme import ThemeTable
from agentconsole.tui.widgets.canvas import Canvas

SMALLEST = (80, 23)
TRAY_SHARE = 3
"""The tray takes at most this part of the height: a third."""
RECONNECTING = "reconnecting"


class Housing(Outside, Protocol):
    """What the frame needs of the app besides what every app has."""

    def repaint(self) -> None: ...
    def leave_soon(self, code: int) -> None: ...


class ScreenFrame:
    """Own the widgets of the frame; `console` is set once it exists."""

    def __init__(self, app: App[int], housing: Housing, themes: Mapping[str, ThemeTable], theme: str) -> None:
        self.console: Console
        self._app = app
        self.outside = housing
        self._themes = themes
        self.table = themes[theme]
        self.status = Canvas(self._draw_status, self.paint, id="status")
        self.message = Canvas(self._draw_message, self.paint, id="message")
        self.hints = Canvas(self._draw_hints, self.paint, id="hints")
        self.tray = Canvas(self._draw_tray, self.paint, id="tray")
        self.bodies: ContentSwitcher
        self._tray_lines: list[Line] = []

    def paint(self, role: str) -> Style:
        """Return the style of a role in the theme in use."""
        return self.table.looks.get(role) or self.table.looks[""]

    def widgets(self, modes: Iterable[Mode], first: str) -> list[Widget]:
        """Return the widgets of the frame from top to bottom; the bodies of all modes stay mounted for ever."""
        self.bodies = ContentSwitcher(*(mode.body for mode in modes), id="bodies", initial=first)
        return [self.status, self.bodies, self.tray, self.message, self.hints]

    @property
    def cells(self) -> tuple[int, int]:
        """Return width and height of the terminal."""
        return self._app.size.width, self._app.size.height

    def show(self, mode: Mode) -> None:
        """Bring a mode's body into view."""
        if self.bodies.is_attached:
            self.bodies.current = mode.body.id

    def draw_edges(self) -> None:
        """Draw all of the frame but the body."""
        self._size_tray()
        for canvas in (self.status, self.tray, self.message, self.hints):
            canvas.redraw()

    def draw_all_again(self) -> None:
        """Send every cell again."""
        self.outside.repaint()

    def use_theme(self, name: str) -> None:
        """Change the colours."""
        self.table = self._themes[name]
        self._app.theme = self.table.textual.name
        self.outside.repaint()
        for canvas in self._app.query(Canvas):
            canvas.refresh()

    def after(self, seconds: float, then: Callable[[], None]) -> None:
        """Do something later."""
        self._app.set_timer(seconds, then)

    def still(self, seconds: float) -> Callable[[], None]:
        """Paint nothing until the returned is called, or so many seconds have gone: what comes then is one paint."""
        batch = ExitStack()
        # The end of a batch wakes the app, but not the screen, which may have put a paint off meanwhile.
        batch.callback(self._app.screen.check_idle)
        batch.enter_context(self._app.batch_update())
        self.after(seconds, batch.close)
        return batch.close

    def leave(self, code: int) -> None:
        """End the console, saving first."""
        self.outside.leave_soon(code)

    def fail(self, error: BaseException) -> None:
        """End on a fault, through the app's own handling of faults."""

        def raise_it() -> None:
            raise error

        self._app.call_later(raise_it)

    def cursor(self) -> Offset | None:
        """Return where the terminal's own cursor stands: in the prompt, or where the mode wants it."""
        width, height = self.cells
        if self.console.line.is_open:
            return Offset(min(self.console.line.caret(width), width - 1), height - 2)
        return self.console.mode.cursor()

    def _size_tray(self) -> None:
        width, height = self.cells
        lines = self._tray_of(width, max(2, height // TRAY_SHARE)) if width else []
        if len(lines) != len(self._tray_lines):
            self.tray.styles.height = len(lines)
            self.tray.display = bool(lines)
        self._tray_lines = lines

    def _tray_of(self, width: int, most: int) -> list[Line]:
        """Return what stands above the message line: what the prompt shows, or else the tour and a long refusal."""
        if self.console.line.is_open:
            return list(self.console.line.tray(width))[:most]
        said = self.console.messages.above(width)
        tour = [] if self.console.gate else self.console.tour.strip(self.console.mode.name, width)
        return [*tour[: most - len(said)], *said]

    def _draw_tray(self, width: int, height: int) -> list[Line]:
        return self._tray_lines

    def _draw_status(self, width: int, height: int) -> list[Line]:
        desk = self.console.desk
        title = RECONNECTING if desk.is_reaching else self.console.mode.title()
        return [status_line(desk.me, desk.welcome, desk.counts, title, desk.now(), desk.zone, width)]

    def _draw_message(self, width: int, height: int) -> list[Line]:
        return [self.console.message_line(width)]

    def _draw_hints(self, width: int, height: int) -> list[Line]:
        line, mode = self.console.line, self.console.mode
        if line.is_open:
            return [hints_line(line.hints(), width, helps=False)]
        return [hints_line(mode.hints(), width, helps=not mode.takes_all_keys)]
