"""Why: the rule behind a clock or a place in the list, its clause and its arithmetic."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style

from agentconsole.domain.errors import Refused
from agentconsole.domain.text import clean_line
from agentconsole.tui.lines import Line, clip, heading, wrap
from agentconsole.tui.mode import Console, Consult, Explain, Hint, Key, Mode
from agentconsole.tui.widgets.canvas import Canvas
from agentconsole.wire.frames import AnyAnswer, Explained
from agentconsole.wire.queries import ExplainClock
from agentconsole.wire.rows import Why

_NEXT = {"j": 1, "down": 1, "right": 1, "l": 1, "tab": 1, "k": -1, "up": -1, "left": -1, "h": -1, "shift+tab": -1}
_LEAVE = ("escape", "enter", "equals_sign", "ctrl+g", "ctrl+c")


class WhyMode(Mode):
    """Explain one clock of a ticket at a time; j and k go through them."""

    name = "why"

    def __init__(self, console: Console, paint: Callable[[str], Style]) -> None:
        super().__init__(console)
        self._ticket = 0
        self._standard = ""
        self._why: Why | None = None
        self._refusal = ""
        self.canvas = Canvas(self.draw, paint, id="why")
        self.body = self.canvas

    def enter(self, argument: object) -> None:
        """Ask for the explanation of a clock, and show it when it comes."""
        if isinstance(argument, Explain):
            self._ticket, self._standard = argument.ticket, argument.standard
            self._why = None
            self._ask()
        self.canvas.redraw()

    def forget(self) -> None:
        """Forget the explanation: someone else has signed in."""
        self._ticket, self._why, self._refusal = 0, None, ""

    def title(self) -> str:
        """Name the ticket."""
        case = self.desk.case(self._ticket)
        return f"why, case {case.number if case is not None else self._ticket}"

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys."""
        more = (Hint("j k", "other clocks"),) if len(self._standards()) > 1 else ()
        clause = (Hint("g y", "its clause"),) if self._why is not None and self._why.pack else ()
        return (*more, *clause, Hint("Enter", "close"), Hint("q", "back"))

    def do(self, action: str) -> bool:
        """Show the clause that the clock comes from; q comes back."""
        if action != "go.policies" or self._why is None or not self._why.pack:
            return False
        self.console.go("policy", Consult(self._why.pack, self._why.version, self._why.clause))
        return True

    def handle(self, key: Key) -> bool:
        """Go to another clock, or back."""
        if key.name in _LEAVE:
            self.console.back()
            return True
        standards = self._standards()
        if key.name not in _NEXT or not standards:
            return False
        at = standards.index(self._standard) if self._standard in standards else 0
        self._standard = standards[(at + _NEXT[key.name]) % len(standards)]
        self._ask()
        return True

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay the explanation out."""
        if self._refusal:
            return [
                heading("why", width),
                *(Line(((f" {text}", "refused"),)) for text in wrap(self._refusal, width - 2)),
            ]
        if self._why is None:
            return [heading("why", width), Line(((" reading ..", "quote"),))]
        lines = [heading("why", width), Line(((clip(f" {clean_line(self._why.title, 300)}", width), "head"),)), Line()]
        for text in self._why.lines:
            lines.extend(Line(((f" {piece}", ""),)) for piece in wrap(text.lines(4_000), width - 2))
        return lines

    def _standards(self) -> tuple[str, ...]:
        """Return the clocks of the ticket, the one that decides its place first."""
        case = self.desk.case(self._ticket)
        if case is None:
            return ()
        names = dict.fromkeys(clock.standard for clock in case.clocks if clock.standard != case.deciding)
        return (case.deciding, *names) if case.deciding else tuple(names)

    def _ask(self) -> None:
        ticket, standard = self._ticket, self._standard

        def done(answer: AnyAnswer) -> None:
            if isinstance(answer, Explained) and (ticket, standard) == (self._ticket, self._standard):
                self._why, self._refusal = answer.why, ""
                self.canvas.redraw()
                self.console.frame_changed()

        def refused(refusal: Refused) -> None:
            if (ticket, standard) == (self._ticket, self._standard):
                self._refusal = refusal.sentence
                self.canvas.redraw()

        self.desk.ask(ExplainClock(ticket, standard), done, refused)
