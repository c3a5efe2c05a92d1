"""The Textual application: one screen that never changes, keys to the router, cells through the output stage."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import RenderableType
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.screen import Screen

from agentconsole.domain.text import clean
from agentconsole.tui.backend import Link
from agentconsole.tui.demo_hooks import DemoHooks
from agentconsole.tui.frame import SMALLEST, ScreenFrame
from agentconsole.tui.guard import inert
from agentconsole.tui.hangup import on_hangup, terminal_is_gone
from agentconsole.tui.mode import Key
from agentconsole.tui.output import Stage, pieces_of
from agentconsole.tui.pulse import Pulse
from agentconsole.tui.theme import depth_of, theme_for, themes
from agentconsole.tui.wiring import build_console

SAVE_SECONDS = 1.0
SYNC_FROM = 400
"""A paint of so many bytes is worth the two sequences that keep a terminal from showing half of it."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """What the environment says about the terminal; read once, so that tests can say it themselves."""

    environ: dict[str, str]

    @property
    def theme(self) -> str:
        """Return the theme to begin with."""
        return theme_for(self.environ)

    @property
    def name(self) -> str:
        """Return the terminal's name as shown at sign-in."""
        return self.environ.get("TERM", "unknown")[:32]

    @property
    def keeps_ground(self) -> bool:
        """Tell whether an erased cell gets the ground colour; GNU screen's does not."""
        return not self.name.startswith("screen")


class ConsoleApp(App[int], inherit_bindings=False):
    """Hold the frame; everything it means is the console's, which knows nothing of Textual."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "styles/console.tcss"
    AUTO_FOCUS = None
    TITLE = "agentconsole"

    def __init__(
        self,
        connect: Callable[[], Awaitable[Link]],
        terminal: Terminal,
        demo: DemoHooks | None = None,
        gate: Callable[[str], str] = inert,
    ) -> None:
        super().__init__()
        tables = themes(depth_of(terminal.environ))
        for table in tables.values():
            self.register_theme(table.textual)
        self.frame = ScreenFrame(self, self, tables, terminal.theme)
        self.console_, self.session = build_console(self.frame, connect, terminal.name, demo)
        self.stage = Stage(self.frame.table.colours, gate, keeps_ground=terminal.keeps_ground)
        self.theme = self.frame.table.textual.name
        self._leaving = False
        self._parent_id = os.getppid()

    def compose(self) -> ComposeResult:
        """Mount all bodies at once; none is ever mounted later, for a screen that changes loses keys."""
        yield from self.frame.widgets(self.console_.modes.values(), "signin")

    def on_mount(self) -> None:
        """Connect while the first paint goes out."""
        self.console_.shut_gate("signin")
        self.console_.desk.start()
        Pulse(self.set_timer, self._time, self._beat).start()
        if not self.is_headless:
            on_hangup(self.leave_soon)

    def on_resize(self, event: events.Resize) -> None:
        """Say when the terminal is smaller than the console was made for."""
        if event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]:
            self.console_.say(f"This window is {event.size.width}x{event.size.height}; best at 80x24.")
        self.frame.draw_edges()

    async def on_event(self, event: events.Event) -> None:
        """Give keys and pasted text to the router, before any widget can have them."""
        if isinstance(event, events.Key):
            if not event.is_forwarded:
                self.console_.desk.still_here()
                self.console_.router.key(Key(event.key, event.character))
        elif isinstance(event, events.Paste):
            if not event.is_forwarded:
                self.console_.router.paste(clean(event.text))
        else:
            await super().on_event(event)

    def repaint(self) -> None:
        """Send every cell again."""
        self.stage.colours = self.frame.table.colours
        self.stage.forget(*self.frame.cells)
        self.screen.refresh()

    def leave_soon(self, code: int) -> None:
        """Save what is typed, give the terminal back, end."""
        if not self._leaving:
            self._leaving = True
            self.run_worker(self._leave(code), exit_on_error=False)

    async def _leave(self, code: int) -> None:
        desk = self.console_.desk
        if not self.console_.gate:
            await desk.settle(self.console_.saves(), SAVE_SECONDS)
        await desk.close()
        self.exit(code, return_code=code)

    def _time(self) -> tuple[datetime, float]:
        return self.console_.desk.now(), self.console_.desk.welcome.speed

    def _beat(self, now: datetime) -> None:
        if terminal_is_gone(self._parent_id, headless=self.is_headless):
            self.leave_soon(1)
            return
        self.console_.mode.tick(now)
        self.frame.status.redraw()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Send what changed through the output stage; nothing else writes to the terminal while the app runs."""
        if isinstance(renderable, LayoutUpdate | ChopsUpdate) and self._may_write():
            if self.stage.size != screen.size:
                self.stage.forget(*screen.size)
            self._send(self.stage.paint(pieces_of(renderable), self.frame.cursor()))
        self.post_display_hook()

    def _set_pointer_shape(self, shape: str) -> None:
        """Leave the mouse pointer alone: there is no mouse here."""

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open nothing: no text of a customer may start a program."""

    def deliver_screenshot(
        self, filename: str | None = None, path: str | None = None, time_format: str | None = None
    ) -> str | None:
        """Write no picture of customers' data anywhere."""
        return None

    def action_suspend_process(self) -> None:
        """Stay in front; leaving the shell to a stopped console would leave the desk open."""

    def _may_write(self) -> bool:
        return bool(
            self._running and not self._closed and not self.is_headless and self._driver and not self._batch_count
        )

    def _send(self, text: str) -> None:
        if text and self._driver is not None:
            if len(text) >= SYNC_FROM:
                self._begin_update()
                self._driver.write(text)
                self._end_update()
            else:
                self._driver.write(text)
            self._driver.flush()
