"""Doing things to tickets: on one, on each of several after asking, with the outcome on the message line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from agentconsole.domain.errors import Refused
from agentconsole.tui.console import Console
from agentconsole.tui.mode import Open, Target
from agentconsole.wire.commands import AnyCommand, GiveBack, Resolve
from agentconsole.wire.frames import AnyAnswer, Done
from agentconsole.wire.rows import QueueRow

NO_CASE = "No case is under the cursor."


class Doing:
    """Act on what the mode in view names: the ticket on the screen, the one under the cursor, or the selection."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.desk = console.desk

    def open(self, ticket: int) -> None:
        """Open a ticket by its number, from its row where one is known."""
        self.console.go("case", Open(ticket, self.row(ticket)))

    def row(self, ticket: int) -> QueueRow | None:
        """Return a ticket's row of the list, if it is there."""
        return self.console.queue.list.find(ticket)

    def do(self, command: AnyCommand, said: str) -> None:
        """Do one command and say what the desk says, or else `said`."""

        def done(answer: AnyAnswer) -> None:
            self._end(command)
            self.console.say((answer.said.line() if isinstance(answer, Done) else "") or said, "done")

        self.desk.ask(command, done)

    def on_one(self, what: str, do: Callable[[Target], None]) -> None:
        """Do something that takes exactly one ticket."""
        targets = self.console.mode.targets()
        if not targets:
            self.console.say(NO_CASE)
        elif len(targets) > 1:
            self.console.say(f"{what} takes one case, {len(targets)} are selected. Esc selects none.", "warn")
        else:
            do(targets[0])

    def each(self, what: str, command: Callable[[Target], AnyCommand]) -> None:
        """Do a command on every target; on several only after asking."""
        targets = self.console.mode.targets()
        if len(targets) < 2:
            self.on_one(what, lambda it: self.do(command(it), f"{what}: case {it.number}."))
            return
        self.console.choose(
            f"{what} {len(targets)} cases? y/N", {"y": partial(self._do_all, what, tuple(map(command, targets)))}
        )

    def _do_all(self, what: str, commands: tuple[AnyCommand, ...]) -> None:
        refusals: list[Refused] = []
        left = len(commands)

        def count() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                done = len(commands) - len(refusals)
                why = f" {len(refusals)} refused: {refusals[0].sentence}" if refusals else ""
                self.console.say(f"{what}: {done} of {len(commands)} cases.{why}", "warn" if refusals else "done")

        def refuse(refusal: Refused) -> None:
            refusals.append(refusal)
            count()

        def done(command: AnyCommand, _: AnyAnswer) -> None:
            self._end(command)
            count()

        for command in commands:
            self.desk.ask(command, partial(done, command), refuse)
        self.console.queue.list.selected.clear()

    def _end(self, command: AnyCommand) -> None:
        """Close the work tab of a ticket that is no work any more."""
        if isinstance(command, Resolve | GiveBack):
            self.console.drop_tab(command.ticket)
