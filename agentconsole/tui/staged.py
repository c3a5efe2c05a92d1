"""A Textual application whose every paint goes through the output stage, and that does nothing unasked."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from rich.color import ColorSystem
from rich.console import RenderableType
from rich.segment import Segment, Segments
from textual.app import App
from textual.geometry import Offset
from textual.screen import Screen

from agentconsole.tui.guard import inert
from agentconsole.tui.output import Stage, pieces_of
from agentconsole.tui.stock import stock_output

SYNC_FROM = 400
"""A paint of so many bytes is worth the two sequences that keep a terminal from showing half of it."""


class StagedApp(App[int], inherit_bindings=False):
    """Write to the terminal what the stage composes, and nothing else; open, save and suspend nothing."""

    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None

    def __init__(
        self, colours: ColorSystem | None, gate: Callable[[str], str] = inert, *, keeps_ground: bool = True
    ) -> None:
        super().__init__()
        self.stage = Stage(colours, gate, keeps_ground=keeps_ground)
        self._gate = gate
        self._is_stock = False

    def terminal_cursor(self) -> Offset | None:
        """Return where the terminal's own cursor is to stand, None to hide it; for the subclass."""
        return None

    def stage_failed(self, fault: Exception) -> None:
        """Hear that all is painted by Textual's own output from now on; for the subclass."""

    def send_all_again(self, colours: ColorSystem | None) -> None:
        """Send every cell again, in so many colours."""
        self.stage.colours = colours
        self.stage.forget(*self.size)
        self.screen.refresh()

    def send(self, text: str) -> None:
        """Write an order of our own that moves no cursor and changes no cell."""
        if self._may_write():
            self._send(text)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open nothing: no text of a customer may start a program."""

    def deliver_screenshot(
        self, filename: str | None = None, path: str | None = None, time_format: str | None = None
    ) -> str | None:
        """Write no picture of customers' data anywhere."""
        return None

    def action_suspend_process(self) -> None:
        """Stay in front: only a locked console leaves the terminal to the shell."""

    def _fatal_error(self) -> None:
        """End with where the fault was, but without the values at hand: they may be a customer's, and hostile."""
        fault = self._exception
        lines = [line for part in traceback.format_exception(fault) for line in part.splitlines()] if fault else []
        self._exit_renderables.append(Segments([Segment(f"{inert(line)}\n") for line in lines]))
        self._close_messages_no_wait()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Send what changed: composed by the stage, or where that fails as Textual itself would send it, guarded."""
        if renderable is not None and self._may_write():
            if not self._is_stock:
                self._send(self._from_stage(screen, renderable))
            if self._is_stock:
                cursor = self.terminal_cursor()
                self._send(stock_output(self.console, renderable, self.stage.colours, self._gate, cursor))
        self.post_display_hook()

    def _from_stage(self, screen: Screen[Any], renderable: RenderableType) -> str:
        try:
            if self.stage.size != screen.size:
                self.stage.forget(*screen.size)
            return self.stage.paint(pieces_of(renderable), self.terminal_cursor())
        except Exception as fault:
            # Whatever it is, an agent goes on working: on a screen that is sent less thriftily.
            self._is_stock = True
            self.call_later(screen.refresh)
            self.call_later(self.stage_failed, fault)
            return ""

    def _may_write(self) -> bool:
        ready = self._running and not self._closed and not self._batch_count
        return ready and not self.is_headless and self._driver is not None

    def _send(self, text: str) -> None:
        if not text or self._driver is None:
            return
        if len(text) >= SYNC_FROM:
            self._begin_update()
        self._driver.write(text)
        if len(text) >= SYNC_FROM:
            self._end_update()
        self._driver.flush()

    def _set_pointer_shape(self, shape: str) -> None:
        """Leave the mouse pointer alone: there is no mouse here."""
