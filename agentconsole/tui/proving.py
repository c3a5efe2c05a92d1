"""Verbs that ask for the code once more: the code is asked in place, then what was asked for is done."""

from __future__ import annotations

from collections.abc import Callable

from agentconsole.domain.errors import Refused
from agentconsole.tui.console import Console
from agentconsole.tui.mode import OnDone
from agentconsole.wire.commands import AcceptClock, AnyCommand, ProveAgain, RenewCodes
from agentconsole.wire.frames import AnyAnswer, Codes, Done

SAY_HOW = "Say why the clock was set back, as in :clock accept the battery was empty"
NOTHING_DONE = "Nothing done."


class Proving:
    """Ask the desk for what may want a code; keys typed ahead wait, for they mean the question that comes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def table(self) -> dict[str, Callable[[str], None]]:
        """Return what each of these actions does; the argument is what was typed after the verb."""
        return {"console.codes": lambda _: self.codes(), "console.clock": self.accept_clock}

    def codes(self) -> None:
        """Make new recovery codes and show them, once."""

        def shown(answer: AnyAnswer) -> None:
            if isinstance(answer, Codes):
                self._console.shut_gate("recovery", answer)

        self.ask(RenewCodes(), shown)

    def accept_clock(self, words: str) -> None:
        """Go on from what the machine's clock says; it takes a reason, and a code of its own."""
        verb, _, reason = words.partition(" ")
        if verb != "accept" or not reason.strip():
            self._console.say(SAY_HOW, "warn")
            return

        def accept(code: str) -> None:
            self.ask(AcceptClock(reason.strip(), code), self._said)

        self._ask_code("Accepting the clock takes your code.", accept)

    def ask(self, body: AnyCommand, on_done: OnDone) -> None:
        """Ask; where the desk wants a code first, ask for that and then for this again."""

        def refused(refusal: Refused) -> None:
            if refusal.code == "sudo":
                self._ask_code(refusal.sentence, lambda code: self._prove(code, body, on_done))
            else:
                self._console.refused(refusal)

        self._held(body, on_done, refused)

    def _prove(self, code: str, body: AnyCommand, on_done: OnDone) -> None:
        self._held(ProveAgain(code), lambda _: self.ask(body, on_done), self._console.refused)

    def _ask_code(self, why: str, then: Callable[[str], None]) -> None:
        def given(code: str) -> None:
            if code:
                then(code)
            else:
                self._console.say(NOTHING_DONE)

        self._console.prompt(f"{why} Code:", given)

    def _held(self, body: AnyCommand, on_done: OnDone, on_refused: Callable[[Refused], None]) -> None:
        release = self._console.hold("Asking the desk")

        def done(answer: AnyAnswer) -> None:
            on_done(answer)
            release()

        def refused(refusal: Refused) -> None:
            on_refused(refusal)
            release()

        self._console.desk.ask(body, done, refused)

    def _said(self, answer: AnyAnswer) -> None:
        if isinstance(answer, Done):
            self._console.say(answer.said.line(), "done")
