"""Help: every key that works in the place one came from, searchable; Enter runs the marked one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

from rich.style import Style

from agentconsole.tui.keymap import ACTIONS, Action, shown
from agentconsole.tui.lines import Line, Piece, padded
from agentconsole.tui.mode import Console
from agentconsole.tui.screens.overlay import OverlayMode

GROUPS = (("do", "DO"), ("select", "SELECT"), ("move", "MOVE"), ("go", "GO"), ("find", "FIND"), ("desk", "DESK"))
KEY_CELLS = 10


def keys_of(action: Action) -> str:
    """Return an action's keys as one types them, or its `:` verb where it has none."""
    if action.id == "go.tab":
        return "0-9"
    return "  ".join(shown(key) for key in action.keys) or f":{action.verb}"


class HelpMode(OverlayMode):
    """List the actions of the place one came from."""

    name = "help"

    def __init__(self, console: Console, paint: Callable[[str], Style]) -> None:
        super().__init__(console, paint)
        self._about = "queue"
        self._found: list[Action] = []

    def enter(self, argument: object) -> None:
        """Show the keys of a mode."""
        self._about = argument if isinstance(argument, str) else "queue"
        super().enter(None)

    def title(self) -> str:
        """Name the screen."""
        return "help"

    def typed(self) -> None:
        """Keep the actions whose label, verb or key has what is typed."""
        words = self.edit.value.lower().split()
        here = [action for action in ACTIONS if not action.where or self._about in action.where]
        self._found = [
            action
            for group, _ in GROUPS
            for action in here
            if action.group == group and all(word in _searched(action) for word in words)
        ]

    def count(self) -> int:
        """Return how many actions are listed."""
        return len(self._found)

    def run_marked(self) -> None:
        """Go back and run the marked action there."""
        action = self._found[self.at]
        self.console.back()
        self.console.run(action.id)

    def prompt_column(self) -> int:
        """Return the column at which the search begins."""
        return 36

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay the actions out in two columns; the list moves where it is longer than the screen."""
        place = {"queue": "the lists", "case": "a case"}.get(self._about, self._about)
        search = self.edit.shown(max(min(24, width - 37), 4))
        top = [Line(((f"{f' Keys in {place}':<20}type to search: ", "head"), *search)), Line((("-" * width, "rule"),))]
        half = width // 2
        entries = self._column(list(GROUPS))
        split = (len(entries) + 1) // 2
        left, right = entries[:split], entries[split:]
        if width < 72:
            half, left, right = width, entries, []
        rows = [Line((*padded(Line(one), half), *two)) for one, two in zip_longest(left, right, fillvalue=((" ", ""),))]
        room = max(1, height - len(top) - 2)
        marked = next((index for index, row in enumerate(rows) if ">" in (piece[0][:1] for piece in row.pieces)), 0)
        start = min(max(0, marked - room // 2), max(0, len(rows) - room))
        more = "  PgDn shows more." if start + room < len(rows) else ""
        end = [
            Line((("-" * width, "rule"),)),
            Line(((f" Same keys everywhere. All of them also after : by name.{more}", "column"),)),
        ]
        body = rows[start : start + room]
        return [*top, *(body or [Line((("  Nothing is called that.", "note"),))]), *end]

    def _column(self, groups: list[tuple[str, str]]) -> list[tuple[Piece, ...]]:
        lines: list[tuple[Piece, ...]] = []
        for group, title in groups:
            actions = [action for action in self._found if action.group == group]
            if actions:
                lines.append(((f" {title}", "column"),))
            lines.extend(self._entry(action) for action in actions)
        return lines

    def _entry(self, action: Action) -> tuple[Piece, ...]:
        marked = bool(self.edit.value or self.at) and self._found[self.at] is action
        role = "cursor" if marked else ""
        label = action.label if self.console.permits(action.permit) else f"{action.label} (not you)"
        return ((">" if marked else " ", role), (f" {keys_of(action):<{KEY_CELLS}}", "key"), (f" {label}", role))


def _searched(action: Action) -> str:
    return f"{action.label} {action.verb} {keys_of(action)} {action.group}".lower()
