"""A password of one's own, in place of the one that someone else gave."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style

from agentconsole.tui.form import Field, Form
from agentconsole.tui.lines import Line
from agentconsole.tui.mode import Console, Hint
from agentconsole.tui.screens.gate import GateMode
from agentconsole.wire.commands import ChangePassword
from agentconsole.wire.frames import AnyAnswer


class PasswordMode(GateMode):
    """Ask, twice, for the new password; the one that was given was typed a moment ago, at the sign-in or the lock."""

    name = "password"

    def __init__(self, console: Console, paint: Callable[[str], Style], changed: Callable[[], None]) -> None:
        form = Form(
            Field("new", "New password", hidden=True),
            Field("again", "New password again", hidden=True),
        )
        super().__init__(console, paint, form)
        self._changed = changed

    def enter(self, argument: object) -> None:
        """Begin with empty fields."""
        self.form.clear()
        self.redraw()

    def leave(self) -> None:
        """Forget the passwords."""
        self.form.clear()

    def title(self) -> str:
        """Name the screen."""
        return "a password of your own"

    def submit(self) -> None:
        """Send it, when both are alike."""
        if empty := self.form.first_empty():
            self.form.go(empty)
        elif self.form["new"] != self.form["again"]:
            self.form.set("again", "")
            self.form.go("again")
            self.console.say("The two new passwords are not alike. Type the second one again.", "refused")
        else:
            self.send("Changing", ChangePassword("", self.form["new"]), self._done)

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys of this screen."""
        return (Hint("Enter", "change it"), Hint("Tab", "next field"), Hint("ctrl+g", "clear field"))

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay out the form."""
        above = [Line()] * max(1, min(4, height // 5))
        above += [self.said("Choose a password of your own"), Line()]
        below = [Line(), self.said("At least 8 characters; a short sentence is good.")]
        return self.with_form(above, below)

    def indent(self) -> int:
        """Stand further left: the labels are long."""
        return max(1, (self.console.size[0] - 66) // 2)

    def _done(self, _: AnyAnswer) -> None:
        self._changed()
        self.console.say("Your password is changed.", "done")
