"""The recovery codes, shown once: after enrolment, or when their owner had them made anew."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from textual.geometry import Offset

from agentconsole.domain.text import clean_line
from agentconsole.tui.form import Field, Form
from agentconsole.tui.lines import Line, wrap
from agentconsole.tui.mode import Console, Hint
from agentconsole.tui.screens.gate import GateMode
from agentconsole.tui.screens.signin import Doorkeeper
from agentconsole.wire.frames import Codes, Enrolled

KEPT = "kept"


class RecoveryMode(GateMode):
    """Show the codes until their owner says, by a word, that they are kept: a stray Enter must not lose them."""

    name = "recovery"

    def __init__(
        self, console: Console, paint: Callable[[str], Style], door: Doorkeeper, back: Callable[[], None]
    ) -> None:
        super().__init__(console, paint, Form(Field("kept", "Type kept", cells=8)))
        self._door = door
        self._back = back
        self._shown: Enrolled | Codes | None = None

    def enter(self, argument: object) -> None:
        """Show the codes of an enrolment, or new ones."""
        if isinstance(argument, Enrolled | Codes):
            self._shown = argument
            self.form.clear()
        self.redraw()

    def leave(self) -> None:
        """Forget codes that were made anew; those of an enrolment are shown until they are kept."""
        self.form.clear()
        if isinstance(self._shown, Codes):
            self._shown = None

    def title(self) -> str:
        """Name the screen."""
        return "recovery codes"

    def submit(self) -> None:
        """Go on, once the codes are kept."""
        if self._shown is None:
            return
        if self.form["kept"].strip().lower() != KEPT:
            self.console.say(
                f"Type the word {KEPT} when the codes are written down; they are never shown again.", "warn"
            )
            return
        shown, self._shown = self._shown, None
        if isinstance(shown, Enrolled):
            self._door.admitted(shown.signed_in)
        else:
            self._back()
            self.console.say("The old recovery codes are void; the new ones are yours.", "done")

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys of this screen."""
        return (Hint("Enter", "go on, when the codes are kept"),)

    def cursor(self) -> Offset | None:
        """Return where the word is typed."""
        column, row = self.form.caret(4)
        return Offset(column, 1 + self.form_row + row)

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay out the codes in two columns."""
        codes = [clean_line(code) for code in self._shown.codes] if self._shown is not None else []
        half = (len(codes) + 1) // 2
        pairs = [(codes[row], codes[row + half] if row + half < len(codes) else "") for row in range(half)]
        above = [Line(), Line((("    Your recovery codes", "head"),)), Line()]
        words = "Write them down or print them, and keep them away from your phone. Each signs you in once without it."
        above += [Line(((f"    {part}", ""),)) for part in wrap(words, max(min(width - 8, 72), 20))]
        above += [Line(), *(Line(((f"      {left:<28}{right}", "head"),)) for left, right in pairs), Line()]
        self.form_row = len(above)
        return [*above, *self.form.lines(4)]
