"""Sending what was written: the commands, and what is said and shown when the desk has answered."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from datetime import datetime

from agentconsole.domain.errors import Refused, Stale
from agentconsole.tui.leaving import DEMO_HOLD, Leaving
from agentconsole.tui.mode import Console, OnDone
from agentconsole.tui.writing import Writing
from agentconsole.wire.commands import AddNote, Escalate, Reply, SaveDraft
from agentconsole.wire.frames import AnyAnswer, Done

_THEN = {"resolve": ", resolved", "wait": ", waits for the customer", "escalate": ", handed to the supervisor"}


class Sending:
    """Send texts of one composer.

    A reply and a hand-off hold the keys until the desk has answered, because what comes next depends on the answer: the
    next ticket, or what happened meanwhile. `sent` forgets a text, `stopped` shows that it was stopped.
    """

    def __init__(
        self,
        console: Console,
        goes_at: MutableMapping[int, datetime],
        leaving: Leaving,
        sent: Callable[[Writing], None],
        stopped: Callable[[Writing, Stale], None],
    ) -> None:
        self._console = console
        self._goes_at = goes_at
        self._leaving = leaving
        self._sent = sent
        self._stopped = stopped

    def reply(self, writing: Writing, number: str, then: str, *, anyway: bool = False, note: str = "") -> None:
        """Answer the customer, then open, resolve, wait or escalate (with a `note` to the supervisor)."""
        text = writing.buffer.text.strip("\n")

        def done(answer: AnyAnswer) -> None:
            self._away(writing, answer, number, then)

        self._ask(writing, Reply(writing.ticket, writing.seen, text, then, anyway, note), done)

    def hand_over(self, writing: Writing, number: str) -> None:
        """Hand the ticket to the supervisor with the text as its note."""

        def done(answer: AnyAnswer) -> None:
            self._drop_draft(writing)
            self._away(writing, answer, number, "escalate")

        self._ask(writing, Escalate(writing.ticket, writing.seen, writing.buffer.text.strip()), done)

    def note(self, writing: Writing) -> None:
        """Keep the text as an internal note, and go back without waiting; refused, the text is still there."""
        console = self._console

        def done(answer: AnyAnswer) -> None:
            self._drop_draft(writing)
            self._sent(writing)
            console.say(_said(answer) or "Note added. u takes it back.", "done")

        def refused(refusal: Refused) -> None:
            writing.underway = False
            console.say(f"Note not kept: {refusal.sentence} The text is still here: i opens it.", "refused")

        writing.underway = True
        console.desk.ask(AddNote(writing.ticket, writing.buffer.text.strip()), done, refused)
        console.back()

    def _ask(self, writing: Writing, command: Reply | Escalate, done: OnDone) -> None:
        writing.underway = True
        release = self._console.hold("sending")

        def answered(answer: AnyAnswer) -> None:
            done(answer)
            release()

        def refused(refusal: Refused) -> None:
            writing.underway = False
            if isinstance(refusal, Stale):
                self._stopped(writing, refusal)
            else:
                self._console.say(f"Not sent: {refusal.sentence} Your text is kept.", "refused")
            release()

        self._console.desk.ask(command, answered, refused)

    def _away(self, writing: Writing, answer: AnyAnswer, number: str, then: str) -> None:
        self._console.leave_for_next(writing.ticket)
        self._sent(writing)
        self._console.say(self._outcome(answer, number, then), "done")
        if isinstance(answer, Done) and answer.contact is not None and answer.held_until is not None:
            demo = self._console.desk.welcome.demo
            held = DEMO_HOLD if demo else (answer.held_until - self._console.desk.now()).total_seconds()
            self._leaving.watch(writing.ticket, number, answer.contact, max(held, 0.0))

    def _outcome(self, answer: AnyAnswer, number: str, then: str) -> str:
        held = answer.held_until if isinstance(answer, Done) else None
        # A hold runs by the machine's time; only the clock of a demo is another one.
        if held is None or not isinstance(answer, Done) or self._console.desk.welcome.demo:
            return _said(answer) or f"{number}: done{_THEN.get(then, '')}."
        if answer.contact is not None:
            self._goes_at[answer.contact] = held
        desk = self._console.desk
        left = max(0, round((held - desk.now()).total_seconds()))
        # The hour keeps the sentence true while it stands on the message line.
        at = f"{held.astimezone(desk.zone):%H:%M:%S}"
        return f"{number}{_THEN.get(then, '')}: sending in {left} s, u takes it back before {at}"

    def _drop_draft(self, writing: Writing) -> None:
        """Drop the draft of a text that became something else: the desk cannot know that it was the same."""
        if writing.kept:
            self._console.desk.ask(SaveDraft(writing.ticket, writing.kind, ""))


def _said(answer: AnyAnswer) -> str:
    return answer.said.line() if isinstance(answer, Done) else ""
