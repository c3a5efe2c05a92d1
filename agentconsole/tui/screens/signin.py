"""Signing in: name, password and code at once, or a recovery code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from rich.style import Style

from agentconsole.domain.errors import Refused
from agentconsole.tui.demo_hooks import DemoHooks
from agentconsole.tui.form import Field, Form
from agentconsole.tui.lines import Line, clip
from agentconsole.tui.mode import Console, Hint, Key
from agentconsole.tui.screens.gate import GateMode
from agentconsole.wire.commands import SignIn
from agentconsole.wire.frames import AnyAnswer

CODE_DIGITS = 10
RECOVERY_CELLS = 28
SHIELD = (
    "Press Esc, then sign in.",
    "",
    "What you type before that was meant for the desk:",
    "it is dropped. Your draft is kept as it was.",
)
"""Stands where the form would be while the keys that come may still belong to a draft."""


class Doorkeeper(Protocol):
    """Whom the sign-in asks: the session of this console."""

    @property
    def linked(self) -> bool: ...
    def admitted(self, answer: AnyAnswer) -> None: ...
    def leave(self) -> None: ...


class SignInMode(GateMode):
    """Ask for all three, and send them together."""

    name = "signin"

    def __init__(
        self, console: Console, paint: Callable[[str], Style], door: Doorkeeper, terminal: str, demo: DemoHooks | None
    ) -> None:
        form = Form(
            Field("user", "Username"),
            Field("password", "Password", hidden=True),
            Field("code", "Code", cells=CODE_DIGITS),
        )
        super().__init__(console, paint, form)
        self._door = door
        self._terminal = terminal
        self._recovery = False
        self._wanted = False
        self._shielded = False
        self._used: dict[str, str] = {}
        self.demo = demo

    def enter(self, argument: object) -> None:
        """Show the form; an argument fills the user name, and the demo fills all of it."""
        self._wanted = self._shielded = False
        self._use_recovery(False)
        self.form.set("password", "")
        self.form.set("code", "")
        if isinstance(argument, str):
            self.form.set("user", argument)
        if self.demo is not None:
            self.form.set("user", self.demo.user)
            self.form.set("password", self.demo.password)
            self.form.set("code", self.demo.code())
        self.form.go(self.form.first_empty() or "code")
        self.redraw()

    def shield(self) -> None:
        """Drop all keys until Esc: who was writing when this screen came goes on typing, and not a password."""
        self._shielded = True
        self.redraw()

    def handle(self, key: Key) -> bool:
        """Type, or send; behind the shield only Esc does anything, which is no letter of a draft."""
        if not self._shielded:
            return super().handle(key)
        self._shielded = key.name != "escape"
        self.redraw()
        return True

    def paste(self, text: str) -> None:
        """Put pasted text into the field, unless it was meant for another screen."""
        if not self._shielded:
            super().paste(text)

    def linked(self) -> None:
        """Send what Enter was pressed on before the desk could be reached."""
        if self.demo is not None:
            self.form.set("code", self.demo.code())
        if self._wanted:
            self._wanted = False
            self.submit()
        self.redraw()

    def submit(self) -> None:
        """Send the form, or go to the field that is empty; before there is a link, as soon as there is one."""
        empty = self.form.first_empty()
        if empty in ("user", "password") or (empty == "code" and self.form.now.name != "code"):
            self.form.go(empty)
            return
        if not self._door.linked:
            self._wanted = True
            self.console.say("Reaching the desk .. it signs you in as soon as it answers.")
            return
        user, code = self.form["user"].strip(), self.form["code"].strip()
        if self._code_is_used(user):
            self._wanted = True
            self.console.say(f"A code works once, and {user}'s was used: the next one signs in by itself.")
            return

        def admitted(answer: AnyAnswer) -> None:
            self._used[user] = code
            self._door.admitted(answer)

        self.send("Signing in", SignIn(user, self.form["password"], code, self._recovery), admitted)

    def _code_is_used(self, user: str) -> bool:
        """Tell whether the demo's phone still shows a code that it has signed in with."""
        return self.demo is not None and self.form["code"] == self.demo.code() == self._used.get(user)

    def refused(self, refusal: Refused) -> None:
        """Say the desk's one sentence; it never says which field was wrong, so neither does the cursor."""
        self.console.refused(refusal)
        # It is the place that is wrong: the code is not spent, and Enter sends all of it again.
        if refusal.code != "address":
            self.form.set("code", self.demo.code() if self.demo is not None else "")
        self.form.go("code")
        self.redraw()

    def special(self, key: Key) -> bool:
        """Leave, or change between the authenticator's code and a recovery code."""
        if key.name == "ctrl+c":
            self._door.leave()
        elif key.name == "f2":
            self._use_recovery(not self._recovery)
            self.form.go("code")
        else:
            return False
        return True

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys of the form."""
        if self._shielded:
            return (Hint("Esc", "go on to the sign-in"),)
        other = "authenticator" if self._recovery else "recovery code"
        keys = (Hint("Enter", "sign in"), Hint("Tab", "next field"), Hint("F2", other))
        return (*keys, Hint("ctrl+g", "clear field"), Hint("ctrl+c", "leave"))

    def tick(self, now: datetime) -> None:
        """Let the code's countdown run, and the demo's live code follow it while nobody has typed another."""
        if self.demo is not None and self.form.now.name == "code" and not self._recovery:
            self.form.set("code", self.demo.code())
        if self._wanted and self._door.linked and not self._code_is_used(self.form["user"].strip()):
            self._wanted = False
            self.submit()
        self.canvas.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay out the form, what lost phones need, and what a stranger must know."""
        code = self.form.fields[2]
        code.note = "" if self._recovery else self.code_note()
        above = [Line()] * max(1, min(4, height // 5))
        above += [self.said(clip("Sign in", 20)), Line()]
        if self._shielded:
            return [*above, *(self.said(line) for line in SHIELD)]
        help_text = "F2 use the authenticator's code" if self._recovery else "Lost your phone?  F2 use a recovery code"
        below = [Line(), self.said(help_text), Line()]
        if self.demo is not None:
            below += self._demo_lines()
        below += [
            Line(),
            Line(((" This desk is for authorised staff. Sign-ins are recorded.", "column"),)),
            *([Line(((f" You: {self.desk.welcome.peer}.", "column"),))] if self.desk.welcome.peer else []),
            Line(((f" Terminal: {self._terminal}, {width}x{height + 3}, mouse off.", "column"),)),
        ]
        return self.with_form(above, below)

    def _demo_lines(self) -> list[Line]:
        assert self.demo is not None
        return [
            self.said(f"Demo: the code now is {self.demo.code()} (in real life your phone shows it)."),
            self.said("Nothing leaves this machine. Press Enter."),
        ]

    def _use_recovery(self, recovery: bool) -> None:
        self._recovery = recovery
        field = self.form.fields[2]
        field.label = "Recovery" if recovery else "Code"
        field.cells = RECOVERY_CELLS if recovery else CODE_DIGITS
        field.edit.set("")
