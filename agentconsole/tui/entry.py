"""Where the command line enters the console: set what Textual reads at import, then run the app."""

import gc
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from agentconsole.config.preferences import Preferences
from agentconsole.tui.demo_hooks import DemoHooks

if TYPE_CHECKING:
    from agentconsole.tui.holder import Holder
    from agentconsole.wire.client import Client

QUIET = {
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_SMOOTH_SCROLL": "0",
    "TEXTUAL_DISABLE_KITTY_KEY": "1",
}
"""No animation, no scrolling by pixels, one dialect of keys."""


def run(
    socket: Path,
    *,
    demo: DemoHooks | None = None,
    preferences: Preferences | None = None,
    revive: Callable[[], None] = lambda: None,
    holder: "Holder | None" = None,
) -> int:
    """Run the console on the desk at `socket` until its user leaves; return the exit code.

    The desk may still be starting: the sign-in is on the screen at once, and the link is tried until it is there.
    `revive` is called before each try, for a server that has to be started again; what it refuses is said. Without
    `preferences` nothing that is chosen outlives the run. `holder` lends the terminal, where it is not our own.
    """
    environ = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]
    os.environ.update(QUIET)
    # What NO_COLOR asks for is done by our own theme; Textual's way of doing it is grey, not none.
    os.environ.pop("NO_COLOR", None)
    return _run(socket, environ, demo, preferences or Preferences(), revive, holder)


def _run(
    socket: Path,
    environ: dict[str, str],
    demo: DemoHooks | None,
    preferences: Preferences,
    revive: Callable[[], None],
    holder: "Holder | None",
) -> int:
    # Nothing of the start can be thrown away, and looking for it takes a tenth of the time that importing takes.
    gc.disable()
    # Textual reads the environment when it is imported.
    from agentconsole.tui.app import ConsoleApp  # noqa: PLC0415
    from agentconsole.tui.holder import OwnTerminal  # noqa: PLC0415
    from agentconsole.tui.terminal import Terminal  # noqa: PLC0415

    holder = holder or OwnTerminal()

    def connect() -> "Awaitable[Client]":
        revive()
        return holder.connect(socket)

    app = ConsoleApp(connect, Terminal(environ, preferences), demo, holder=holder)
    gc.freeze()
    gc.enable()
    app.run(mouse=False)
    return app.return_code or 0
