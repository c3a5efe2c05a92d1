"""How far a long piece of work is, on stderr: a bar on a terminal, a line for each part elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from agentconsole.cli.say import tell


class Steps:
    """Show one part of a piece of work after the other. `told` is called with what was looked at and how much of it."""

    def __init__(self) -> None:
        self._shown = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        self._done = 0

    def told(self, _what: str, number: int) -> None:
        """Count on within the part that is under way."""
        self._done += number
        for task in self._shown.task_ids[-1:]:
            self._shown.advance(task, number)

    @contextmanager
    def part(self, name: str, total: int) -> Iterator[None]:
        """Show a part of about so many steps while it lasts."""
        self._done, began = 0, time.monotonic()
        with self._shown:
            task = self._shown.add_task(name, total=max(total, 1))
            yield
            self._shown.update(task, total=max(self._done, 1), completed=max(self._done, 1))
        if self._shown.disable:
            tell(f"{name}: {self._done:,} rows in {time.monotonic() - began:.1f} s", error=True)
