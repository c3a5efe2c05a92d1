"""A form of a few fields: what is typed, which field is it, and how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field

from agentconsole.tui.line_edit import LineEdit
from agentconsole.tui.lines import Line, Piece, width_of
from agentconsole.tui.mode import Key

FIELD_CELLS = 28


@dataclass(slots=True)
class Field:
    """One field; `hidden` shows asterisks, `cells` is its width, `note` stands at its right."""

    name: str
    label: str
    hidden: bool = False
    cells: int = FIELD_CELLS
    note: str = ""
    edit: LineEdit = field(default_factory=LineEdit)


class Form:
    """Hold fields and the one that is typed in."""

    def __init__(self, *fields: Field) -> None:
        self.fields = list(fields)
        self.at = 0

    @property
    def now(self) -> Field:
        """Return the field that is typed in."""
        return self.fields[self.at]

    def __getitem__(self, name: str) -> str:
        """Return what is typed in a field."""
        return self._field(name).edit.value

    def set(self, name: str, value: str) -> None:
        """Fill a field."""
        self._field(name).edit.set(value)

    def go(self, name: str) -> None:
        """Type in this field next."""
        self.at = next((index for index, held in enumerate(self.fields) if held.name == name), self.at)

    def clear(self) -> None:
        """Empty all fields and begin with the first."""
        for held in self.fields:
            held.edit.set("")
        self.at = 0

    def first_empty(self) -> str:
        """Return the name of the first empty field, "" when all are filled."""
        return next((held.name for held in self.fields if not held.edit.value), "")

    def handle(self, key: Key) -> bool:
        """Type, or go to another field; Enter is left to whoever owns the form."""
        if key.name in ("tab", "down"):
            self.at = (self.at + 1) % len(self.fields)
        elif key.name in ("shift+tab", "up"):
            self.at = (self.at - 1) % len(self.fields)
        elif key.name in ("ctrl+g", "escape"):
            self.now.edit.set("")
        else:
            return self.now.edit.edit(key)
        return True

    def lines(self, indent: int) -> list[Line]:
        """Draw a line a field: label, brackets, note."""
        wide = max(width_of(held.label) for held in self.fields)
        lines = []
        for index, held in enumerate(self.fields):
            here = index == self.at
            pieces: list[Piece] = [(" " * indent, ""), (f"{held.label:<{wide}}  ", "head" if here else ""), ("[", "")]
            role = "field_now" if here else "field"
            pieces.extend(held.edit.shown(held.cells, hidden=held.hidden, role=role, caret=here))
            pieces.extend((("]", ""), (f"   {held.note}" if held.note else "", "column")))
            lines.append(Line(tuple(pieces)))
        return lines

    def caret(self, indent: int) -> tuple[int, int]:
        """Return column and line, from the form's corner, on which the cursor stands."""
        wide = max(width_of(held.label) for held in self.fields)
        return indent + wide + 3 + self.now.edit.caret_cell(self.now.cells, hidden=self.now.hidden), self.at

    def _field(self, name: str) -> Field:
        return next(held for held in self.fields if held.name == name)
