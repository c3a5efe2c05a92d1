"""What is being written to a ticket, and when it is time to keep it."""

from dataclasses import dataclass, field
from datetime import datetime

from agentconsole.tui.buffer import LIMIT, Buffer
from agentconsole.wire.commands import SaveDraft
from agentconsole.wire.rows import DraftRow

KEPT_WITHIN = 0.8
"""Seconds from the first key that is not kept yet until the draft goes to the desk, which shall have it in one."""


@dataclass
class Writing:
    """Hold one text, its ticket, and the version of the ticket that it answers.

    `kind` is reply, note or escalate, each with its own draft.
    `below` is what the desk was sent of this text, in turn, until its own draft is known: None from then on.
    `kept` is the version of the text that the desk has, `changes` tell why its sending was stopped, `last_contact` is
    the newest entry of the history that its writer saw, and `underway` means that it was sent and not answered yet.
    """

    ticket: int
    kind: str
    seen: int = 0
    buffer: Buffer = field(default_factory=Buffer)
    below: list[str] | None = field(default_factory=list)
    kept: int = 0
    kept_text: bool = False
    kept_at: datetime | None = None
    changes: tuple[str, ...] = ()
    last_contact: int = 0
    underway: bool = False

    @property
    def dirty(self) -> bool:
        """Tell whether something was typed that the desk has not kept, and that is not on its way as a message."""
        return not self.underway and self.buffer.version != self.kept and (not self.empty or self.kept_text)

    @property
    def empty(self) -> bool:
        """Tell whether nothing was written."""
        return not self.buffer.text.strip()

    def draft(self) -> SaveDraft:
        """Return the command that keeps the text as it is now; an empty text drops the draft."""
        text = "" if self.empty else self.buffer.text
        below = None if self.below is None else len(self.below[-1]) if self.below else 0
        return SaveDraft(self.ticket, self.kind, text, self.buffer.place, self.seen, below)

    def take_up(self, draft: DraftRow) -> bool:
        """Begin where a kept draft ends; what was typed before it arrived stays, below it. Tells whether there was one.

        What the desk was sent since stands at the end of that draft, and is not an older one.
        """
        typed, kept = self.buffer.text, draft.text.lines(LIMIT)
        for sent in sorted(filter(kept.endswith, self.below or ()), key=len)[-1:]:
            kept = kept.removesuffix(sent).rstrip()
        self.below = None
        self.kept_text, self.kept_at = True, draft.saved_at
        if not kept:
            return False
        if not self.empty and typed.strip() != kept.strip():
            self.buffer.load(f"{kept.rstrip()}\n\n{typed}")
            return True  # still to be kept: the desk has only the upper half of it, or the halves as they were
        if self.empty:
            self.buffer.load(kept, draft.cursor)
        self.kept = self.buffer.version
        return True


class Autosave:
    """Say when unsaved typing is to be kept; all times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._first: float | None = None

    def typed(self, now: float) -> None:
        """Note that the text changed."""
        if self._first is None:
            self._first = now

    def kept(self) -> None:
        """Note that all was kept."""
        self._first = None

    def wait(self, now: float) -> float | None:
        """Return how long to wait before keeping the text: 0 for now, None when nothing is unsaved."""
        return None if self._first is None else max(0.0, self._first + KEPT_WITHIN - now)
