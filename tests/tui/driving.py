"""Driving a whole console in a test: a desk in memory, keys typed, the screen read as text."""

import asyncio
from collections.abc import Awaitable, Callable

from textual.pilot import Pilot

from agentconsole.config.preferences import Preferences
from agentconsole.tui.app import ConsoleApp
from agentconsole.tui.demo_hooks import DemoHooks
from agentconsole.tui.terminal import Terminal
from tests.tui.fake_desk import CODE, PASSWORD, FakeDesk

PATIENCE = 400


class Driver:
    """Type and look; every wait is for something to be seen."""

    def __init__(self, app: ConsoleApp, pilot: Pilot, desk: FakeDesk) -> None:
        self.app = app
        self.pilot = pilot
        self.desk = desk

    @property
    def console(self):
        """Return the console behind the frame."""
        return self.app.console_

    @property
    def rows(self) -> list[str]:
        """Return the screen as lines of text."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """Return the screen as one text."""
        return "\n".join(self.rows)

    @property
    def message(self) -> str:
        """Return the message line."""
        return self.rows[-2].strip()

    async def keys(self, *keys: str) -> None:
        """Press keys, named as Textual names them; a text of several letters is typed letter by letter."""
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type a text."""
        names = {" ": "space", ";": "semicolon", "/": "slash", ":": "colon", ".": "full_stop", "-": "minus", "@": "at"}
        await self.keys(*(names.get(letter, letter) for letter in text))

    async def settle(self) -> None:
        """Let everything happen that can happen now."""
        for _ in range(4):
            await self.pilot.pause()

    async def sees(self, text: str) -> None:
        """Wait until a text is on the screen."""
        for _ in range(PATIENCE):
            if text in self.text:
                return
            await self.pilot.pause(0.005)
        raise AssertionError(f"{text!r} does not come; the screen is\n{self.text}")

    async def sign_in(self, user: str = "ana", *, sees: str = "STATE") -> None:
        """Sign in, until this is seen: the heading of a queue that holds something."""
        await self.sees("Username")
        form = self.console.modes["signin"].form
        form.set("user", user)
        form.set("password", PASSWORD)
        form.set("code", CODE)
        await self.keys("enter")
        await self.sees(sees)


def drive(
    script: Callable[[Driver], Awaitable[None]],
    desk: FakeDesk | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    environ: dict[str, str] | None = None,
    demo: DemoHooks | None = None,
    preferences: Preferences | None = None,
) -> FakeDesk:
    """Run a script against a console of this size; return the desk, for what it was asked."""

    async def run() -> FakeDesk:
        at = desk if desk is not None else FakeDesk()
        app = ConsoleApp(
            at.connect, Terminal(environ or {"TERM": "xterm-256color"}, preferences or Preferences()), demo
        )
        async with app.run_test(size=size) as pilot:
            await script(Driver(app, pilot, at))
        return at

    return asyncio.run(run())
