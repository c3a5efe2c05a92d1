"""What the console has read of the policies, and asking the desk for it."""

from __future__ import annotations

from collections.abc import Callable

from agentconsole.domain.errors import Refused
from agentconsole.tui.mode import Console, Consult
from agentconsole.wire.commands import AnyCommand
from agentconsole.wire.frames import AnyAnswer, Done
from agentconsole.wire.policy_reading import (
    AcceptanceRow,
    Acceptances,
    AcceptPolicy,
    Clauses,
    MyPolicies,
    MyPolicyRow,
    ReadAcceptances,
    ReadClauses,
    ReadingQuery,
    ReadMyPolicies,
    ReadSuggestions,
    SettleSuggestion,
    Suggest,
    SuggestionRow,
    Suggestions,
)


class PolicyBook:
    """Keep the policies, the one that is open, who accepted it and what is suggested; `changed` hears of answers."""

    def __init__(self, console: Console, changed: Callable[[], None]) -> None:
        self._console = console
        self._changed = changed
        self.close()
        self.policies: tuple[MyPolicyRow, ...] | None = None
        self._wanted = Consult()

    def close(self) -> None:
        """Forget the text that was open."""
        self.text: Clauses | None = None
        self.acceptances: tuple[AcceptanceRow, ...] = ()
        self.suggestions: tuple[SuggestionRow, ...] = ()
        self.refusal = ""

    def forget(self) -> None:
        """Forget all of it."""
        self.close()
        self.policies = None

    @property
    def pack(self) -> str:
        """Return the policy that is open, "" where none is."""
        return self.text.policy.pack if self.text is not None else ""

    def read_policies(self) -> None:
        """Read which policies are in force."""
        self._read(ReadMyPolicies(), self._keep)

    def open(self, wanted: Consult) -> None:
        """Read a policy's text, and what is said about it."""
        self.close()
        self._wanted = wanted
        self._read(ReadClauses(wanted.pack, wanted.version), self._keep_text)

    def read_again(self) -> None:
        """Read the open policy anew: something of it was changed here."""
        if self.text is not None:
            self._read(ReadClauses(self.pack, self._wanted.version), self._keep_text)
            self.read_policies()

    def accept(self, code: str) -> None:
        """Accept the open policy by a code."""
        if self.text is not None:
            self._do(AcceptPolicy(self.pack, self.text.policy.version, code))

    def suggest(self, clause: str, text: str) -> None:
        """Suggest a change of a clause of the open policy."""
        self._do(Suggest(self.pack, clause, text))

    def settle(self, number: int, disposition: str, reason: str) -> None:
        """Decide on a suggestion."""
        self._do(SettleSuggestion(number, disposition, reason))

    def _do(self, command: AnyCommand) -> None:
        release = self._console.hold("Asking the desk")

        def done(answer: AnyAnswer) -> None:
            if isinstance(answer, Done):
                self._console.say(answer.said.line(), "done")
            self.read_again()
            release()

        def refused(refusal: Refused) -> None:
            self._console.refused(refusal)
            release()

        self._console.desk.ask(command, done, refused)

    def _read(self, query: ReadingQuery, keep: Callable[[AnyAnswer], None]) -> None:
        def done(answer: AnyAnswer) -> None:
            keep(answer)
            self._changed()

        def refused(refusal: Refused) -> None:
            self.refusal = refusal.sentence
            self._changed()

        self._console.desk.ask(query, done, refused)

    def _keep(self, answer: AnyAnswer) -> None:
        if isinstance(answer, MyPolicies):
            self.policies = answer.rows
        elif isinstance(answer, Acceptances):
            self.acceptances = answer.rows
        elif isinstance(answer, Suggestions):
            self.suggestions = tuple(row for row in answer.rows if row.pack == self.pack)

    def _keep_text(self, answer: AnyAnswer) -> None:
        if isinstance(answer, Clauses) and answer.policy.pack == self._wanted.pack:
            self.text, self.refusal = answer, ""
            self._read(ReadSuggestions(), self._keep)
            if self._console.permits("read_acceptances"):
                self._read(ReadAcceptances(self.pack), self._keep)
