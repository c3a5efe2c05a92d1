"""`agentconsole demo`: wires the scratch desk to the console."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from agentconsole.config.terminal import prepare_terminal
from agentconsole.demo.run import DemoOptions, DemoSignIn, run_demo
from agentconsole.tui.demo_hooks import DemoHooks
from agentconsole.tui.entry import run


def show_demo(line: argparse.Namespace) -> int:
    """Show the demo desk until its console is closed."""
    prepare_terminal(os.environ, sys.stdin, sys.stdout)
    options = DemoOptions(keep=line.keep, speed=line.speed, role=line.role, at=line.at, seed=line.seed)
    return run_demo(options, _console)


def _console(socket: Path, sign_in: DemoSignIn, look_after: Callable[[], None]) -> int:
    return run(socket, demo=hooks(sign_in), revive=look_after)


def hooks(sign_in: DemoSignIn) -> DemoHooks:
    """Return what the demo lends as the console wants it."""
    return DemoHooks(
        code=sign_in.code,
        user=sign_in.user,
        password=sign_in.password,
        others=tuple(hooks(other) for other in sign_in.others),
        tour=sign_in.tour,
    )
