"""Commands whose answer was lost with the link: who asked them, under which id, and who waits for the answer."""

from __future__ import annotations

from dataclasses import dataclass

from agentconsole.domain.errors import Refused
from agentconsole.domain.ticket import case_number
from agentconsole.tui.mode import OnDone, OnRefused
from agentconsole.wire.commands import KEPT, AnyCommand
from agentconsole.wire.queries import AnyQuery


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the desk: `request` stays the same when it is asked again, `login` is who asks."""

    body: AnyCommand | AnyQuery
    request: str
    login: str
    on_done: OnDone | None
    on_refused: OnRefused

    @property
    def is_kept(self) -> bool:
        """Tell whether the desk does it once however often it is asked, so that it may be asked again."""
        return bool(self.login) and isinstance(self.body, KEPT)

    def outcome(self, refusal: Refused | None) -> str:
        """Say in a sentence what became of it when it was asked again."""
        verb = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(self.body).__name__)
        ticket = getattr(self.body, "ticket", None)
        what = f"{verb.strip()} of case {case_number(ticket)}" if isinstance(ticket, int) else verb.strip()
        if refusal is None:
            return f"The answer lost with the link: {what} is done."
        return f"The answer lost with the link: {what} is not done. {refusal.sentence}"


class Unanswered:
    """Keep them across a new link and a new sign-in, in the order they were asked."""

    def __init__(self) -> None:
        self._kept: list[Question] = []

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, question: Question) -> None:
        """Keep one until its asker is signed in again."""
        self._kept.append(question)

    def of(self, login: str) -> tuple[Question, ...]:
        """Hand over those of who has signed in; another person's are nobody's to ask, and are dropped."""
        kept, self._kept = self._kept, []
        return tuple(question for question in kept if question.login == login)
