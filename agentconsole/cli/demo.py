"""`agentconsole demo`: wires the scratch desk to the console."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from agentconsole.config.terminal import prepare_terminal
from agentconsole.demo.run import DemoOptions, DemoSignIn, run_demo
from agentconsole.domain.errors import Refused


def show_demo(line: argparse.Namespace) -> int:
    """Show the demo desk until its console is closed."""
    if not 0 <= line.speed <= 1000:
        raise Refused("Clocks of the demo run 0 to 1000 times as fast: give --speed 10.")
    prepare_terminal(os.environ, sys.stdin, sys.stdout)
    options = DemoOptions(keep=line.keep, speed=line.speed, role=line.role, at=_instant(line.at), seed=line.seed)
    return run_demo(options, _console)


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f'"{text}" is no instant: write it as 2026-11-23T10:42.') from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _console(socket: Path, sign_in: DemoSignIn) -> int:
    from agentconsole.tui import run  # noqa: PLC0415 - after the environment is clean: Textual reads it when imported
    from agentconsole.tui.demo_hooks import DemoHooks  # noqa: PLC0415

    return run.run(socket, demo=_hooks(DemoHooks, sign_in))
