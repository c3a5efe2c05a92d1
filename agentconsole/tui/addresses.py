"""`:allow`: from where people may sign in, said, changed, and asked a code for."""

from __future__ import annotations

from collections.abc import Callable

from agentconsole.tui.console import Console
from agentconsole.tui.proving import Proving
from agentconsole.wire.addresses import AllowAddress, RemoveAddress
from agentconsole.wire.frames import Addresses, AnyAnswer, Done
from agentconsole.wire.queries import ReadAddresses

SAY_HOW = "As in :allow agent 192.0.2.0/24 desk-lan, or :allow remove agent 192.0.2.0/24; :allow alone says the rules."
REMOVE = "remove"


class AddressVerbs:
    """Read and change the allow-list."""

    def __init__(self, console: Console, proving: Proving) -> None:
        self._console = console
        self._proving = proving

    def table(self) -> dict[str, Callable[[str], None]]:
        """Return what the action does; the argument is what was typed after the verb."""
        return {"console.allow": self.allow}

    def allow(self, words: str) -> None:
        """Say the rules, add one or take one away."""
        given = words.split()
        if not given:
            self._console.desk.ask(ReadAddresses(), self._rules)
        elif given[0] == REMOVE and len(given) == 3:
            self._proving.ask(RemoveAddress(given[1], given[2]), self._said)
        elif given[0] != REMOVE and len(given) in (2, 3):
            self._proving.ask(AllowAddress(given[0], given[1], *given[2:]), self._said)
        else:
            self._console.say(SAY_HOW, "warn")

    def _rules(self, answer: AnyAnswer) -> None:
        if not isinstance(answer, Addresses):
            return
        rules = "; ".join(f"{row.role} {row.range}{f' ({row.label})' if row.label else ''}" for row in answer.rows)
        aside = f"SET ASIDE until {answer.open_until:%H:%M} UTC. " if answer.open_until is not None else ""
        said = f"Sign-in only from: {rules}." if rules else f"Everybody may sign in from anywhere. {SAY_HOW}"
        # Said as what is worth more than a line of the screen: somebody waits to read all of it.
        self._console.say(f"{aside}You: {answer.here}. {said}", "warn")

    def _said(self, answer: AnyAnswer) -> None:
        if isinstance(answer, Done):
            self._console.say(answer.said.line(), "done")
