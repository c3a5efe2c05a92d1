"""The picture in the README: the queue of the demo desk, as the running program draws it."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from agentconsole.cli.demo import hooks
from agentconsole.demo.run import DemoOptions, DemoSignIn, run_demo
from agentconsole.tui.app import ConsoleApp
from agentconsole.tui.terminal import Terminal
from agentconsole.wire.client import Client

SIZE = (120, 24)
PATIENCE_SECONDS = 30.0


async def _sees(app: ConsoleApp, pilot: Pilot[Any], wanted: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while wanted not in "\n".join(strip.text for strip in app.screen._compositor.render_strips()):
        assert time.monotonic() < until, f"{wanted!r} does not come"
        await pilot.pause(0.02)


def test_the_picture_in_the_readme_is_what_the_demo_shows(snap_compare: Callable[..., bool], tmp_path: Path) -> None:
    same: list[bool] = []

    def console(socket: Path, sign_in: DemoSignIn, look_after: Callable[[], None]) -> int:
        app = ConsoleApp(lambda: Client.connect(socket), Terminal({"TERM": "xterm-256color"}), hooks(sign_in))

        async def into_the_queue(pilot: Pilot[Any]) -> None:
            await _sees(app, pilot, "Username")
            await pilot.press("enter")
            await _sees(app, pilot, "tour 1 of 6")
            await pilot.press("escape")
            await _sees(app, pilot, "Rosa Prado")
            await _sees(app, pilot, "Why here")
            await pilot.pause(0.3)
            await app.console_.desk.close()

        same.append(snap_compare(app, run_before=into_the_queue, terminal_size=SIZE))
        return 0

    run_demo(DemoOptions(speed=0.0, at=datetime(2026, 11, 23, 10, 42), home=tmp_path / "demo"), console)  # noqa: DTZ001

    assert same == [True]
