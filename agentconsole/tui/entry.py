"""Where the command line enters the console: set what Textual reads at import, then run the app."""

import os
from pathlib import Path

from agentconsole.tui.demo_hooks import DemoHooks

QUIET = {
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_SMOOTH_SCROLL": "0",
    "TEXTUAL_DISABLE_KITTY_KEY": "1",
}
"""No animation, no scrolling by pixels, one dialect of keys."""


def run(socket: Path, *, demo: DemoHooks | None = None) -> int:
    """Run the console on the desk at `socket` until its user leaves; return the exit code.

    The desk may still be starting: the sign-in is on the screen at once, and the link is tried until it is there.
    """
    environ = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]
    os.environ.update(QUIET)
    # What NO_COLOR asks for is done by our own theme; Textual's way of doing it is grey, not none.
    os.environ.pop("NO_COLOR", None)
    return _run(socket, environ, demo)


def _run(socket: Path, environ: dict[str, str], demo: DemoHooks | None) -> int:
    # Textual reads the environment when it is imported.
    from agentconsole.tui.app import ConsoleApp, Terminal  # noqa: PLC0415
    from agentconsole.wire.client import Client  # noqa: PLC0415

    app = ConsoleApp(lambda: Client.connect(socket), Terminal(environ), demo)
    app.run(mouse=False)
    return app.return_code or 0
