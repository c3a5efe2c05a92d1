"""What the modes before the desk have in common: a form in the middle of nothing, sent with Enter."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime

from rich.style import Style
from textual.geometry import Offset

from agentconsole.config.clock import SystemClock
from agentconsole.domain.errors import Refused
from agentconsole.tui.form import Form
from agentconsole.tui.lines import Line
from agentconsole.tui.mode import Console, Hint, Key, Mode
from agentconsole.tui.widgets.canvas import Canvas
from agentconsole.wire.commands import AnyCommand
from agentconsole.wire.frames import AnyAnswer

CODE_SECONDS = 30
NARROW_INDENT = 6


class GateMode(Mode, ABC):
    """Show a form; nothing typed here is a verb, and keys wait while the desk judges what was sent."""

    def __init__(self, console: Console, paint: Callable[[str], Style], form: Form) -> None:
        super().__init__(console)
        self.form = form
        self.form_row = 0
        self.canvas = Canvas(self.draw, paint, id=self.name)
        self.body = self.canvas

    @property
    def takes_all_keys(self) -> bool:
        """No key is a verb before the desk is open."""
        return True

    def indent(self) -> int:
        """Return how far the form stands from the left edge."""
        return max(NARROW_INDENT, (self.console.size[0] - 50) // 2) if self.console.size[0] >= 60 else 1

    def handle(self, key: Key) -> bool:
        """Type, or send."""
        if key.name == "enter":
            self.submit()
        elif not self.special(key) and not self.form.handle(key):
            return False
        self.redraw()
        return True

    def special(self, key: Key) -> bool:
        """Use a key that is not the form's; for the subclass."""
        return False

    def submit(self) -> None:
        """Send the form; for the subclass."""

    def paste(self, text: str) -> None:
        """Put pasted text into the field."""
        self.form.now.edit.insert(text)
        self.redraw()

    def send(self, what: str, command: AnyCommand, on_done: Callable[[AnyAnswer], None]) -> None:
        """Ask the desk, and keep the keys typed meanwhile for what comes after."""
        release = self.console.hold(what)

        def done(answer: AnyAnswer) -> None:
            self.console.say("")  # what was refused before is over
            on_done(answer)
            release()

        def refused(refusal: Refused) -> None:
            self.refused(refusal)
            release()

        self.desk.ask(command, done, refused)

    def refused(self, refusal: Refused) -> None:
        """Say why not, and go to the field that is to blame, if one is named."""
        self.console.refused(refusal)
        for gap in refusal.gaps[:1]:
            self.form.go(gap.field)
        self.redraw()

    def redraw(self) -> None:
        """Draw what changed."""
        self.canvas.redraw()
        self.console.frame_changed()

    def tick(self, now: datetime) -> None:
        """Let the countdown of the code run."""
        self.canvas.redraw()

    @abstractmethod
    def draw(self, width: int, height: int) -> list[Line]:
        """Lay the form out; for the subclass."""

    def with_form(self, above: list[Line], below: list[Line]) -> list[Line]:
        """Put the form between two blocks of lines, and remember where it stands."""
        self.form_row = len(above)
        return [*above, *self.form.lines(self.indent()), *below]

    def cursor(self) -> Offset | None:
        """Return where the field's cursor stands; the body begins below the status bar."""
        column, row = self.form.caret(self.indent())
        return Offset(column, 1 + self.form_row + row)

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys of a form."""
        return (Hint("Enter", "go on"), Hint("Tab", "next field"), Hint("ctrl+g", "clear field"))

    def code_note(self) -> str:
        """Say when the authenticator shows another code: by the desk's clock, or by ours where a demo's runs fast."""
        now = SystemClock().now() if self.desk.welcome.demo else self.desk.now()
        left = CODE_SECONDS - int(now.timestamp()) % CODE_SECONDS
        return f"6 digits; the code changes in {left} s"

    def said(self, text: str) -> Line:
        """Return a line of text under the form's left edge."""
        return Line(((" " * self.indent() + text, ""),))
