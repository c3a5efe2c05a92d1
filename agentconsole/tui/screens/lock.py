"""The lock screen: nothing of the desk to be seen, one password away from where the agent was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from rich.style import Style

from agentconsole.domain.errors import Refused
from agentconsole.domain.text import clean_line
from agentconsole.tui.demo_hooks import DemoHooks
from agentconsole.tui.form import Field, Form
from agentconsole.tui.lines import Line
from agentconsole.tui.mode import Console, Hint, Key
from agentconsole.tui.screens.gate import GateMode
from agentconsole.wire.commands import Unlock
from agentconsole.wire.frames import AnyAnswer, Locked


class LockMode(GateMode):
    """Ask for the password, and for a code where the desk wants one."""

    name = "lock"

    def __init__(
        self,
        console: Console,
        paint: Callable[[str], Style],
        unlocked: Callable[[], None],
        someone_else: Callable[[], None],
        begun: Callable[[], str],
        demo: Callable[[], DemoHooks | None],
    ) -> None:
        super().__init__(console, paint, Form(Field("password", "Password", hidden=True, cells=20)))
        self._unlocked = unlocked
        self._someone_else = someone_else
        self._begun = begun
        self._demo = demo
        self._lock: Locked | None = None

    def enter(self, argument: object) -> None:
        """Lock, for the reason the desk gives."""
        if isinstance(argument, Locked):
            self._lock = argument
        fields = [Field("password", "Password", hidden=True, cells=20)]
        if self._lock is not None and self._lock.code_needed:
            fields.append(Field("code", "Code", cells=10))
        self.form = Form(*fields)
        self._fill()
        self.redraw()

    def leave(self) -> None:
        """Forget what was typed."""
        self.form.clear()

    def title(self) -> str:
        """Say for how long."""
        if self._lock is None:
            return "LOCKED"
        seconds = max(0, int((self.desk.now() - self._lock.since).total_seconds()))
        return f"LOCKED {seconds // 60}m" if seconds >= 60 else "LOCKED"

    def tick(self, now: datetime) -> None:
        """Let the minutes count, and the demo's code follow its phone."""
        if len(self.form.fields) > 1 and (demo := self._demo()) is not None:
            self.form.set("code", demo.code())
        self.redraw()

    def submit(self) -> None:
        """Send the password."""
        if empty := self.form.first_empty():
            self.form.go(empty)
            return
        code = self.form["code"].strip() if len(self.form.fields) > 1 else ""
        self.send("Unlocking", Unlock(self.form["password"], code), self._done)
        self.form.clear()

    def refused(self, refusal: Refused) -> None:
        """Say why not; the demo fills the form in again."""
        super().refused(refusal)
        self._fill()
        self.redraw()

    def special(self, key: Key) -> bool:
        """Let someone else sign in."""
        if key.name != "f3":
            return False
        self._someone_else()
        return True

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys of this screen; there is a next field only where a code is asked for, too."""
        fields = (Hint("Tab", "next field"),) if len(self.form.fields) > 1 else ()
        return (Hint("Enter", "unlock"), *fields, Hint("F3", "someone else signs in"))

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay out why it is locked, the form, and what goes on meanwhile."""
        reason = clean_line(self._lock.reason) if self._lock is not None else "Locked."
        above = [Line()] * max(1, min(4, height // 5))
        above += [self.said(reason or "This screen is locked."), Line()]
        above += [self.said(f"{self.desk.me.login.upper()} stays on shift; the clocks run."), Line()]
        begun = self._begun()
        below = [Line(), *([self.said(f"Work kept open: {begun}")] if begun else [])]
        if self._demo() is not None:
            below += [Line(), self.said("Demo: the password is filled in. Press Enter.")]
        return self.with_form(above, below)

    def _fill(self) -> None:
        """Type for a visitor of the demo, whom nobody told the password."""
        if (demo := self._demo()) is not None:
            self.form.set("password", demo.password)
            if len(self.form.fields) > 1:
                self.form.set("code", demo.code())

    def _done(self, _: AnyAnswer) -> None:
        self._unlocked()
