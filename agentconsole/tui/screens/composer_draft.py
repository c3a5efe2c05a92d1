"""Keeping what is typed: within a second, however one types, and on leaving."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.widget import Widget

from agentconsole.domain.errors import Refused
from agentconsole.tui.mode import Console
from agentconsole.tui.writing import Autosave, Writing
from agentconsole.wire.frames import AnyAnswer

RETRY = 5.0
"""Seconds after which a draft that the desk did not take is offered again."""


class DraftKeeper:
    """Send the drafts of one composer to the desk; `widget` lends its timers."""

    def __init__(self, console: Console, widget: Widget, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._widget = widget
        self._monotonic = monotonic
        self._autosave = Autosave()
        self._writing: Writing | None = None
        self._armed = False
        self._turn = 0
        self._complained = False

    def forget(self) -> None:
        """Keep nothing more of what was typed so far: it is not the next person's."""
        self._turn += 1
        self._writing = None
        self._autosave.kept()

    def typed(self, writing: Writing) -> None:
        """Note that a text changed, and keep it in time."""
        self._writing = writing
        self._autosave.typed(self._monotonic())
        self._arm()

    def keep(self, writing: Writing) -> None:
        """Keep a text now, if it has anything new; the answer is not waited for."""
        self._autosave.kept()
        if not writing.dirty:
            return
        version, draft = writing.buffer.version, writing.draft()
        before, writing.kept = writing.kept, version
        if writing.below is not None:
            writing.below.append(draft.text)
        turn = self._turn

        def done(answer: AnyAnswer) -> None:
            self._complained = False
            writing.kept_text, writing.kept_at = bool(draft.text), self._console.desk.now()
            self._console.frame_changed()

        def refused(refusal: Refused) -> None:
            if turn != self._turn:
                return
            writing.kept = before
            if writing.below is not None:
                writing.below.remove(draft.text)
            # Whose session has ended reads why; the text is kept again once she has signed in.
            if not self._complained and refusal.code != "sign-in":
                self._complained = True
                self._console.say(f"Draft not kept yet: {refusal.sentence} The text is still here.", "warn")
            self._widget.set_timer(RETRY, lambda: self.keep(writing) if turn == self._turn else None)

        self._console.desk.ask(draft, done, refused)

    def _arm(self) -> None:
        wait = self._autosave.wait(self._monotonic())
        if wait is not None and not self._armed:
            self._armed = True
            self._widget.set_timer(max(wait, 0.01), self._look)

    def _look(self) -> None:
        self._armed = False
        if self._autosave.wait(self._monotonic()) == 0 and self._writing is not None:
            self.keep(self._writing)
        self._arm()
