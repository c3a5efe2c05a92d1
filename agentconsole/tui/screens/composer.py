"""The composer: a reply, a note or a hand-off is written, looked at once more, and sent by one letter."""

from __future__ import annotations

import time
from collections.abc import Callable, MutableMapping
from datetime import datetime

from rich.style import Style
from textual.geometry import Offset

from agentconsole.domain.errors import Refused, Stale
from agentconsole.tui.leaving import Leaving
from agentconsole.tui.lines import Line
from agentconsole.tui.mode import Compose, Console, Hint, Key, Mode, Open, Target
from agentconsole.tui.screens.composer_draft import DraftKeeper
from agentconsole.tui.screens.composer_hand import Hand
from agentconsole.tui.screens.composer_keys import HINTS
from agentconsole.tui.screens.composer_send import Sending
from agentconsole.tui.screens.composer_work import Work
from agentconsole.tui.sheet import lay_out
from agentconsole.tui.widgets.canvas import Canvas
from agentconsole.tui.writing import Writing
from agentconsole.wire.commands import AnyCommand
from agentconsole.wire.rows import CaseView


class ComposerMode(Mode):
    """Write to one ticket; keys change the text at once, so none typed ahead can be lost or overtaken."""

    name = "composer"

    def __init__(
        self,
        console: Console,
        paint: Callable[[str], Style],
        goes_at: MutableMapping[int, datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(console)
        self.canvas = Canvas(self.draw, paint, id="composer")
        self.body = self.canvas
        self._work = Work(console)
        self._keeper = DraftKeeper(console, self.canvas)
        sending = Sending(console, goes_at, Leaving(console, self.canvas.set_timer), self._sent, self._stopped)
        self._hand = Hand(console, self._work, self._keeper, sending, self._text_size, self.canvas.redraw, monotonic)

    def enter(self, argument: object) -> None:
        """Begin or go on with a text; without an argument stay at the last one."""
        work = self._work
        if isinstance(argument, Open):
            argument = Compose(argument.ticket, row=argument.row)
        if isinstance(argument, Compose):
            work.open(argument)
        if work.writing.ticket:
            self._read(first=not work.writing.changes)
            self._hand.to("stopped" if work.writing.changes else "text")
            self.canvas.redraw()

    def leave(self) -> None:
        """Keep the text; one that was begun gets a work tab, an empty one is forgotten."""
        writing = self._work.writing
        if writing.underway:
            return
        self._keeper.keep(writing)
        if writing.empty:
            self._work.forget(writing)
        else:
            self.console.keep_tab(writing.ticket, self._work.number(), self.name)

    def save(self) -> AnyCommand | None:
        """Return the command that keeps the text, if it has anything new."""
        return self._work.writing.draft() if self._work.writing.dirty else None

    def begun(self, ticket: int) -> tuple[str, ...]:
        """Return the kinds of text that were begun on a ticket and not sent, as far as this console knows."""
        return self._work.begun(ticket)

    def handle(self, key: Key) -> bool:
        """Use a key at once, in the way of the state."""
        return self._hand.press(key)

    def paste(self, text: str) -> None:
        """Put pasted text where the cursor stands."""
        self._hand.paste(text)

    def changed(self, tickets: frozenset[int]) -> None:
        """Read the ticket again when it moved, and say so when the customer wrote."""
        if self._work.writing.ticket in tickets:
            self._read(first=False)

    def forget(self) -> None:
        """Forget all texts: someone else has signed in, and the desk has her predecessor's drafts."""
        self._keeper.forget()
        self._work.clear()

    def tick(self, now: datetime) -> None:
        """Let the clocks run: in the title, and beside the text where there is room for them."""
        self.canvas.redraw()
        self.console.frame_changed()

    @property
    def takes_all_keys(self) -> bool:
        """Tell whether letters, `?` among them, are typed."""
        return self._work.state in ("text", "picker")

    def targets(self) -> tuple[Target, ...]:
        """Name the ticket that is written to."""
        return self._work.target()

    def title(self) -> str:
        """Name the ticket, the state, the clock that decides, and when the draft was kept."""
        return self._work.title()

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys of the state."""
        state, kind = self._work.state, self._work.writing.kind
        return HINTS[kind if state == "text" and kind != "reply" else state]

    def cursor(self) -> Offset | None:
        """Return where the text's cursor is on the screen."""
        place = self._work.laid.cursor
        return None if place is None else self.canvas.region.offset + Offset(*place)

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay the composer out in a body of this size."""
        self._work.laid = lay_out(self._work.sheet(), width, height, self._work.laid.top)
        return self._work.laid.rows

    def _text_size(self) -> tuple[int, int]:
        return self._work.laid.width, self._work.laid.height

    def _read(self, *, first: bool) -> None:
        writing = self._work.writing

        def arrived(case: CaseView) -> None:
            if self._work.writing is not writing:
                return
            said, kind = self._work.take_case(case, first=first)
            if writing.dirty:
                self._keeper.typed(writing)
            if said:
                self.console.say(said, kind)
            if self._work.template and writing.empty:
                self._hand.insert(self._work.template)
                self._work.template = ""
            self._work.was_read(case)
            self.canvas.redraw()
            self.console.frame_changed()

        def refused(refusal: Refused) -> None:
            self.console.refused(refusal)
            self._work.was_read(None)

        self.desk.read_case(writing.ticket, arrived, refused)

    def _sent(self, writing: Writing) -> None:
        self._hand.sent(writing)

    def _stopped(self, writing: Writing, stale: Stale) -> None:
        self._hand.stopped(writing, stale)
