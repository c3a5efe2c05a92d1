"""The Textual application: one screen that never changes, keys to the router, cells through the output stage."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset

from agentconsole.domain.text import clean
from agentconsole.tui.backend import Link
from agentconsole.tui.copying import has_clipboard
from agentconsole.tui.demo_hooks import DemoHooks
from agentconsole.tui.frame import SMALLEST, ScreenFrame
from agentconsole.tui.guard import inert
from agentconsole.tui.hangup import on_hangup, terminal_is_gone
from agentconsole.tui.holder import Holder, OwnTerminal
from agentconsole.tui.mode import Key
from agentconsole.tui.pulse import SELDOM, Pulse
from agentconsole.tui.staged import StagedApp
from agentconsole.tui.terminal import GROUNDS, Terminal
from agentconsole.tui.terminal_driver import AskingDriver, GroundTold, RoundTrip, TerminalDriver, TitledDriver
from agentconsole.tui.theme import depth_of, themes
from agentconsole.tui.title import Title
from agentconsole.tui.wiring import build_console

SAVE_SECONDS = 1.0


class ConsoleApp(StagedApp, inherit_bindings=False):
    """Hold the frame; everything it means is the console's, which knows nothing of Textual."""

    CSS_PATH = "styles/console.tcss"
    TITLE = "agentconsole"

    def __init__(
        self,
        connect: Callable[[], Awaitable[Link]],
        terminal: Terminal,
        demo: DemoHooks | None = None,
        gate: Callable[[str], str] = inert,
        holder: Holder | None = None,
    ) -> None:
        tables = themes(depth_of(terminal.environ))
        super().__init__(tables[terminal.theme].colours, gate, keeps_ground=terminal.keeps_ground)
        for table in tables.values():
            self.register_theme(table.textual)
        self.frame = ScreenFrame(self, self, tables, terminal.theme)
        self.console_, self.session = build_console(self.frame, connect, terminal, demo)
        self.stage.colours = self.console_.thrift.colours(self.frame.table.colours)
        self.theme = self.frame.table.textual.name
        self.terminal = terminal
        titled = TitledDriver if terminal.titled else TerminalDriver
        self.driver_class = AskingDriver if terminal.asks else titled
        self._title = Title(self.send if terminal.titled else lambda _: None)
        self._leaving = False
        self._holder = holder or OwnTerminal()

    def compose(self) -> ComposeResult:
        """Mount all bodies at once; none is ever mounted later, for a screen that changes loses keys."""
        yield from self.frame.widgets(self.console_.modes.values(), "signin")

    def on_mount(self) -> None:
        """Connect while the first paint goes out."""
        self.console_.shut_gate("signin")
        self.console_.desk.start()
        Pulse(self.set_timer, self._time, self._beat, self._every).start()
        if not self.is_headless:
            on_hangup(self.leave_soon)
            self._holder.watch(self.suspend_to_shell)

    def on_resize(self, event: events.Resize) -> None:
        """Say when the terminal is smaller than the console was made for."""
        if event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]:
            self.console_.say(f"This window is {event.size.width}x{event.size.height}; best at 80x24.")
        self.frame.draw_edges()
        # What stands in the tray is cut to the width, and all have the new one only when they are laid out.
        self.call_after_refresh(self.frame.draw_edges)

    async def on_event(self, event: events.Event) -> None:
        """Give keys and pasted text to the router, before any widget can have them."""
        if isinstance(event, events.Key):
            if not event.is_forwarded:
                if not self.console_.gate:
                    self.console_.desk.still_here()
                self.console_.router.key(Key(event.key, event.character))
        elif isinstance(event, events.Paste):
            if not event.is_forwarded:
                # Terminals end the lines of a paste by a carriage return, as if Enter were pressed.
                lines = event.text.replace("\r\n", "\n").replace("\r", "\n")
                self.console_.router.paste(clean(lines))
        else:
            await super().on_event(event)

    def on_ground_told(self, told: GroundTold) -> None:
        """Go by the ground that the terminal really has, unless other colours were chosen."""
        wanted = GROUNDS[told.light]
        if not self.terminal.chosen and self.frame.table.name != wanted:
            self.frame.use_theme(wanted)

    def on_round_trip(self, trip: RoundTrip) -> None:
        """Take in how long the line is, and measure again where it seems slow."""
        if self.console_.thrift.trip(trip.seconds) and isinstance(self._driver, TerminalDriver):
            self._driver.time_line()

    def on_driver_signal_resume(self) -> None:
        """Show all of it again when the shell has brought the console back."""
        self._title.forget()
        self.repaint()

    def copy(self, text: str) -> bool:
        """Put clean text on the clipboard, where the terminal may have one; as base64 it can order nothing."""
        if not has_clipboard(self.terminal.environ):
            return False
        self.send(f"\x1b]52;c;{b64encode(text.encode()).decode()}\x1b\\")
        return True

    def ring(self) -> None:
        """Ring the terminal's bell."""
        self.bell()

    def has_shell(self) -> bool:
        """Tell whether a shell could bring a stopped console back."""
        return self._holder.has_shell()

    def suspend_to_shell(self) -> None:
        """Give the terminal to the shell until that brings the console back."""
        if self._driver is not None:
            self._holder.stop(self._driver)

    def repaint(self) -> None:
        """Send every cell again."""
        self.send_all_again(self.console_.thrift.colours(self.frame.table.colours))

    def stage_failed(self, fault: Exception) -> None:
        """Say that the screen comes another way from now on, and what to tell whoever looks after the desk."""
        what = f"Drawing is slower now ({type(fault).__name__}); nothing is lost. Tell your admin."
        self.console_.say(what, "warn")

    def terminal_cursor(self) -> Offset | None:
        """Return where is typed, or the line that the list's cursor is on."""
        return self.frame.cursor()

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

    def _every(self, now: datetime) -> int:
        return 1 if self.console_.mode.counts_seconds(now) else SELDOM

    def _beat(self, now: datetime) -> None:
        if terminal_is_gone(self._holder, headless=self.is_headless):
            self.leave_soon(1)
            return
        desk = self.console_.desk
        page = desk.page("mine")
        if self.console_.gate or page is None:
            self._title.quiet()
        else:
            self.console_.bell.look(desk.me.login, page.rows, now)
            self._title.look(page.rows, now)
            if offer := self.console_.thrift.offer():
                self.console_.say(offer, "news")
        self.console_.mode.tick(now)
        self.frame.status.redraw()
