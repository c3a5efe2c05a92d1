"""The duties as the console knows them: read when a list or their own place is shown, and signed off from there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from agentconsole.domain.errors import Refused
from agentconsole.tui.mode import Console
from agentconsole.wire.duties import Duties, DutyRow, ReadDuties, SignOffDuty
from agentconsole.wire.frames import AnyAnswer, Done

WHICH = "Sign off which duty? g d lists them; S there signs off the one under the cursor."


class DutyBook:
    """Hold the duties as the desk gave them last, and tell who shows them when they are others.

    `chosen` returns the one under the cursor while their own place is in view, else None.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self.rows: tuple[DutyRow, ...] = ()
        self.is_read = False
        self.chosen: Callable[[], DutyRow | None] = lambda: None
        self.shown: list[Callable[[], None]] = []

    def table(self) -> dict[str, Callable[[str], None]]:
        """Return what the actions on duties do."""
        return {"go.duties": lambda _: self._console.go("duties"), "duty.sign_off": self.sign_off}

    def forget(self) -> None:
        """Forget the duties: someone else may sign in."""
        self.rows, self.is_read = (), False

    def read(self) -> None:
        """Read the duties again."""
        self._console.desk.ask(ReadDuties(), self._keep, lambda _: None)

    def asked(self, now: datetime) -> tuple[DutyRow, ...]:
        """Return the duties of one's own role whose round has begun, what is due first in front."""
        return tuple(row for row in self.rows if row.mine and row.begins is not None and row.begins <= now)

    def sign_off(self, words: str) -> None:
        """Sign off the duty under the cursor, or the only one that is asked for; what was typed is its note."""
        asked = self.asked(self._console.desk.now())
        row = self.chosen() or (asked[0] if len(asked) == 1 else None)
        if row is None:
            self._console.say(WHICH, "refused")
            return
        note = words if len(words) > 1 else ""
        self._console.desk.ask(SignOffDuty(row.duty, note), self._signed, self._refused)

    def _signed(self, answer: AnyAnswer) -> None:
        if isinstance(answer, Done):
            self._console.say(answer.said.line(), "done")
        self.read()

    def _refused(self, refusal: Refused) -> None:
        self._console.refused(refusal)
        self.read()

    def _keep(self, answer: AnyAnswer) -> None:
        if isinstance(answer, Duties):
            self.rows, self.is_read = answer.rows, True
            for redraw in self.shown:
                redraw()
