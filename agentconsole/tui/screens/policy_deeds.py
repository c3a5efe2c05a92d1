"""What is done about a policy in the console: accepting it, suggesting a change, deciding on a suggestion."""

from __future__ import annotations

from agentconsole.domain.suggestion import Disposition
from agentconsole.tui.mode import Console
from agentconsole.tui.screens.policy_book import PolicyBook
from agentconsole.wire.policy_reading import ClauseRow, SuggestionRow

NOTHING_DONE = "Nothing done."


class PolicyDeeds:
    """Ask on the message line for what each needs, then ask the desk."""

    def __init__(self, console: Console, book: PolicyBook) -> None:
        self._console = console
        self._book = book

    def accept(self, read: int) -> None:
        """Accept the open policy, of which so much was seen (in percent): at its end, by a code."""
        if self._book.text is None:
            self._console.say("Open a policy and read it to its end; there A accepts it.", "warn")
            return
        policy = self._book.text.policy
        if policy.version != policy.newest:
            old = f"This is version {policy.version}; version {policy.newest} is in force"
            self._console.say(f"{old}: `:policy {policy.pack}` opens it.", "warn")
        elif read < 100:
            self._console.say(f"Read it to its end first: you have seen {read} %. space goes on.", "warn")
        else:
            what = f"Accepting version {policy.version}" if policy.owed else "Having read it again"
            self._console.prompt(f"{what} takes your code. Code:", self._given)

    def _given(self, code: str) -> None:
        if code:
            self._book.accept(code)
        else:
            self._console.say(NOTHING_DONE)

    def suggest(self, clause: ClauseRow | None, text: str) -> None:
        """Suggest a change of a clause; where nothing was typed yet, ask for it."""
        if clause is None:
            self._console.say("Go to the clause first: g y lists the policies, Enter opens one, + is for its clause.")
        elif text:
            self._book.suggest(clause.id, text)
        else:
            asked = f"What should {clause.id} say instead?"
            self._console.prompt(asked, lambda said: self._suggested(clause, said))

    def _suggested(self, clause: ClauseRow, said: str) -> None:
        if said:
            self._book.suggest(clause.id, said)
        else:
            self._console.say(NOTHING_DONE)

    def decide(self, row: SuggestionRow | None) -> None:
        """Decide on a suggestion, with the reason that its author reads."""
        if row is None or not self._console.permits("settle_suggestion"):
            self._console.say("A manager decides on suggestions.")
        elif row.disposition != Disposition.OPEN:
            self._console.say(f"Suggestion {row.number} is decided on already.")
        else:
            number = row.number
            self._console.choose(
                f"Suggestion {number}: t taken up, d declined",
                {"t": lambda: self._why(number, "taken"), "d": lambda: self._why(number, "declined")},
            )

    def _why(self, number: int, disposition: str) -> None:
        def given(reason: str) -> None:
            if reason:
                self._book.settle(number, disposition, reason)
            else:
                self._console.say(NOTHING_DONE)

        self._console.prompt(f"{disposition.title()}, because:", given)
