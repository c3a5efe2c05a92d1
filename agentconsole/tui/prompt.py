"""The prompt of the message line: a line of text with completion and history, or a choice of single keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from agentconsole.tui.line_edit import LineEdit
from agentconsole.tui.lines import Line, clip, width_of
from agentconsole.tui.mode import Hint, Key

CLOSES = frozenset({"escape", "ctrl+g", "ctrl+c"})
HISTORY_KEPT = 50

Tray = Callable[[str, int], Sequence[Line]]
"""Return the lines to show above the prompt for what is typed, in so many columns."""


@dataclass(slots=True)
class Question:
    """What is asked, and who hears the answer; with `choices` a single key answers it."""

    text: str
    on_answer: Callable[[str], None] = lambda _: None
    on_change: Callable[[str], None] | None = None
    on_cancel: Callable[[], None] | None = None
    complete: Callable[[str], str] | None = None
    tray: Tray | None = None
    history: list[str] | None = None
    choices: Mapping[str, Callable[[], None]] = field(default_factory=dict)


class Prompt:
    """Ask one thing at a time; open, it takes every key."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._question: Question | None = None
        self._edit = LineEdit()
        self._back = 0

    @property
    def is_open(self) -> bool:
        """Tell whether something is asked."""
        return self._question is not None

    @property
    def value(self) -> str:
        """Return what is typed so far."""
        return self._edit.value

    def open(self, question: Question, initial: str = "") -> None:
        """Ask; what was asked before is forgotten."""
        self._question = question
        self._edit.set(initial)
        self._back = 0
        self._changed()

    def close(self) -> None:
        """Ask no longer."""
        self._question = None
        self._changed()

    def handle(self, key: Key) -> None:
        """Use a key."""
        question = self._question
        if question is None:
            return
        if question.choices:
            self._choose(question, key)
        elif key.name in CLOSES:
            self.close()
            if question.on_cancel is not None:
                question.on_cancel()
        elif key.name == "enter":
            self._answer(question)
        else:
            self._edit_line(question, key)

    def paste(self, text: str) -> None:
        """Insert pasted text; a choice of keys takes none."""
        if self._question is not None and not self._question.choices:
            self._edit.insert(text)
            self._typed(self._question)

    def line(self, width: int) -> Line:
        """Draw the question and what is typed."""
        question = self._question
        if question is None:
            return Line()
        asked = clip(f" {question.text} ", max(width - 10, 10))
        if question.choices:
            return Line(((asked, "head"),))
        return Line(((asked, "head"), *self._edit.shown(width - width_of(asked) - 1)))

    def caret(self, width: int) -> int:
        """Return the column on which the cursor stands."""
        asked = clip(f" {self._question.text} ", max(width - 10, 10)) if self._question is not None else ""
        return width_of(asked) + self._edit.caret_cell(width - width_of(asked) - 1)

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys of what is asked."""
        question = self._question
        if question is None or question.choices:
            return (Hint("any other key", "does nothing"),)
        more = (Hint("Tab", "complete"),) if question.complete is not None else ()
        past = (Hint("Up", "earlier ones"),) if question.history else ()
        return (Hint("Enter", "go on"), Hint("Esc", "close"), *more, *past)

    def tray(self, width: int) -> Sequence[Line]:
        """Draw what helps to answer."""
        if self._question is None or self._question.tray is None:
            return ()
        return self._question.tray(self._edit.value, width)

    def _choose(self, question: Question, key: Key) -> None:
        chosen = question.choices.get(key.name)
        self.close()
        if chosen is not None:
            chosen()
        elif question.on_cancel is not None:
            question.on_cancel()

    def _answer(self, question: Question) -> None:
        value = self._edit.value.strip()
        if question.history is not None and value:
            if value in question.history:
                question.history.remove(value)
            question.history.insert(0, value)
            del question.history[HISTORY_KEPT:]
        self.close()
        question.on_answer(value)

    def _edit_line(self, question: Question, key: Key) -> None:
        before = self._edit.value
        if key.name == "tab" and question.complete is not None:
            self._edit.set(question.complete(before))
        elif key.name in ("up", "down") and question.history:
            self._recall(question.history, 1 if key.name == "up" else -1)
        else:
            self._edit.edit(key)
        if self._edit.value != before:
            self._typed(question)
        else:
            self._changed()

    def _recall(self, history: list[str], step: int) -> None:
        self._back = min(max(self._back + step, 0), len(history))
        self._edit.set(history[self._back - 1] if self._back else "")

    def _typed(self, question: Question) -> None:
        if question.on_change is not None:
            question.on_change(self._edit.value)
        self._changed()
