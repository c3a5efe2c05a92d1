"""Blanks: what the policies leave open, one at a time, with the sentence, a proposal and the reason for it."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style

from agentconsole.tui.lines import Line, heading, wrap
from agentconsole.tui.mode import Console, Hint, Key, Mode, OnDone
from agentconsole.tui.widgets.canvas import Canvas
from agentconsole.wire.commands import AnswerBlank, AnyCommand
from agentconsole.wire.frames import AnyAnswer, Blanks, Done
from agentconsole.wire.queries import ReadBlanks
from agentconsole.wire.rows import BlankRow

LABEL_CELLS = 11
_STEPS = {"j": 1, "down": 1, "tab": 1, "k": -1, "up": -1, "shift+tab": -1}
_LEAVE = ("escape", "ctrl+g", "ctrl+c")


class BlanksMode(Mode):
    """Go through the blanks, those that are open first; Enter types an answer, which begins as the proposal.

    `prove` asks the desk for what may want a code first.
    """

    name = "blanks"

    def __init__(
        self, console: Console, paint: Callable[[str], Style], prove: Callable[[AnyCommand, OnDone], None]
    ) -> None:
        super().__init__(console)
        self._prove = prove
        self._rows: tuple[BlankRow, ...] | None = None
        self._at = 0
        self.canvas = Canvas(self.draw, paint, id=self.name)
        self.body = self.canvas

    def enter(self, argument: object) -> None:
        """Read them, and begin with the first that is open."""
        self._rows, self._at = None, 0
        self.desk.ask(ReadBlanks(), self._read)
        self.canvas.redraw()

    def title(self) -> str:
        """Name the screen."""
        return "blanks"

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys."""
        return (Hint("Enter", "answer"), Hint("j k", "next, previous"), Hint("q", "back"))

    def handle(self, key: Key) -> bool:
        """Go to another blank, answer this one, or go back."""
        if key.name in _LEAVE:
            self.console.back()
        elif key.name in _STEPS and self._rows:
            self._at = (self._at + _STEPS[key.name]) % len(self._rows)
        elif key.name == "enter" and self._rows:
            self._ask(self._rows[self._at])
        else:
            return False
        self.canvas.redraw()
        return True

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay one blank out."""
        if self._rows is None:
            return [heading("blanks", width), Line(((" reading ..", "quote"),))]
        if not self._rows:
            return [heading("blanks", width), Line(((" The policies in force leave nothing open.", ""),))]
        row = self._rows[self._at]
        still = sum(one.answer is None for one in self._rows)
        lines = [heading(f"blanks: {self._at + 1} of {len(self._rows)}, {still} open", width)]
        for label, text, role in (
            ("", row.question, "head"),
            ("from", f"{row.clause}: {row.sentence}", ""),
            ("proposal", row.proposal, ""),
            ("because", row.reason, "quote"),
            ("answer", row.answer.line() if row.answer is not None else _OPEN, "done" if row.answer else "warn"),
        ):
            lines += [Line(), *_labelled(label, text, role, width)]
        return lines[:height]

    def _ask(self, row: BlankRow) -> None:
        initial = row.answer.line() if row.answer is not None else row.proposal
        self.console.prompt(f"{row.blank}:", lambda given: self._answer(row, given), initial=initial)

    def _answer(self, row: BlankRow, given: str) -> None:
        if not given:
            self.console.say("Nothing was typed, and nothing changed. Enter takes the proposal as it stands.", "warn")
            return
        self._prove(AnswerBlank(row.pack, row.blank, given), self._done)

    def _done(self, answer: AnyAnswer) -> None:
        if isinstance(answer, Done):
            self.console.say(answer.said.line(), "done")
            self.desk.ask(ReadBlanks(), self._read)

    def _read(self, answer: AnyAnswer) -> None:
        if isinstance(answer, Blanks):
            self._rows = tuple(sorted(answer.rows, key=lambda row: row.answer is not None))
            self._at = 0
            self.canvas.redraw()


_OPEN = "open: the proposal is used meanwhile, and the policy is a draft"


def _labelled(label: str, text: str, role: str, width: int) -> list[Line]:
    pieces = wrap(text, max(width - LABEL_CELLS - 2, 10))
    return [
        Line(((f" {label if number == 0 else '':<{LABEL_CELLS}}", "column"), (piece, role)))
        for number, piece in enumerate(pieces)
    ]
