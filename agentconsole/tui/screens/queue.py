"""The lists: my work, the team's, nobody's; with filter, selection, preview and who is at the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import monotonic

from rich.style import Style
from textual.geometry import Offset

from agentconsole.domain.filters import completions
from agentconsole.tui.duties import DutyBook
from agentconsole.tui.duty_lines import MOST_ABOVE
from agentconsole.tui.format import shows_seconds
from agentconsole.tui.habits import OTHER_LETTERS, Habits
from agentconsole.tui.lines import Line, beside
from agentconsole.tui.mode import Console, Hint, Key, Open, Target
from agentconsole.tui.presence import others
from agentconsole.tui.queue_pane import QueuePane, Shown
from agentconsole.tui.queue_reading import VIEWS, QueueReading
from agentconsole.tui.widgets.canvas import Canvas
from agentconsole.wire.duties import DUTIES

IDLE_SECONDS = 5.0

_MOVES = {"j": 1, "down": 1, "k": -1, "up": -1}


class QueueMode(QueueReading):
    """Show one view of the queue; verbs act on the selection, or on the ticket under the cursor."""

    name = "queue"

    def __init__(self, console: Console, paint: Callable[[str], Style], pane: QueuePane, duties: DutyBook) -> None:
        super().__init__(console)
        self._duties = duties
        self._pane = pane
        self._moved_at = monotonic()
        self._habits = Habits()
        self.canvas = Canvas(self.draw, paint, id="queue")
        self.body = self.canvas
        duties.shown.append(self.canvas.redraw)

    def enter(self, argument: object) -> None:
        """Show the view that is asked for, or the last one; keys wait for a view that was not read yet."""
        self._duties.read()
        if isinstance(argument, str) and argument in VIEWS and argument != self.view:
            self.show(argument)
        elif self.page is None:
            self.show(self.view)
        else:
            self.read()
        self.redraw()

    def tick(self, now: datetime) -> None:
        """Let the clocks run; sort again where the agent rests at the top."""
        if self.page is not None and (self.list.arrived or self.unsorted) and self._rests():
            self.list.resort(self.page.rows)
            self.unsorted = False
        self.redraw()

    def changed(self, tickets: frozenset[int]) -> None:
        """Read the page again, and the duties where one of them was signed off or missed."""
        super().changed(tickets)
        if DUTIES in tickets:
            self._duties.read()

    def counts_seconds(self, now: datetime) -> bool:
        """Tell whether a clock of the list shows seconds, or soon does."""
        clocks = [row.clock for row in self.list.rows] + [row.clock for row in self._duties.asked(now)]
        return any(clock is not None and shows_seconds(clock, now) for clock in clocks)

    def met(self, tickets: frozenset[int]) -> None:
        """Draw who is at the listed tickets now."""
        if any(row.ticket in tickets for row in self.list.rows):
            self.canvas.redraw()

    def targets(self) -> tuple[Target, ...]:
        """Name the selected tickets, or the one under the cursor."""
        return tuple(
            Target(row.ticket, row.number, row.version, row.customer, row.status, row.owner) for row in self.list.chosen
        )

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys of the list, most useful first."""
        lists = (Hint("g t", "team"), Hint("g o", "unassigned"), Hint("/", "filter"))
        if not self.console.permits("take"):
            return lists
        if not self.list.rows:
            return (Hint("n", "next"), *lists)
        first: tuple[Hint, ...] = (
            Hint(".", "do next"),
            Hint("n", "next"),
            Hint("Enter", "open"),
            Hint("t", "take"),
            Hint("r", "reply"),
        )
        rest = (Hint("i", "note"), Hint("e", "resolve"), Hint("w", "wait"), Hint("space", "select"))
        if self.desk.welcome.demo:
            first = (*first, Hint("F9", "be someone else"))
        return (*first, Hint("x", "escalate"), Hint("/", "filter"), *rest)

    def cursor(self) -> Offset | None:
        """Return where the row under the cursor stands."""
        above = min(len(self._duties.asked(self.desk.now())), MOST_ABOVE)
        return Offset(0, 3 + above + self.list.line) if self.list.rows else None

    def handle(self, key: Key) -> bool:
        """Move."""
        self._moved_at = monotonic()
        hint = self._habits.press(key, at_top=self.list.cursor == 0)
        if hint:
            self.console.say(hint, "warn")
        if hint == OTHER_LETTERS:
            return True
        page = max(1, self.list.height - 1)
        if key.name in _MOVES:
            self.list.move(_MOVES[key.name])
        elif key.name in ("pagedown", "pageup"):
            self.list.move(page if key.name == "pagedown" else -page)
        elif key.name in ("home", "end", "G"):
            self.list.move_to(0 if key.name == "home" else -1)
        else:
            return False
        self._moved()
        return True

    def do(self, action: str) -> bool:
        """Do what a list does in its own way."""
        doing: Callable[[], object] | None = {
            "move.top": lambda: self.list.move_to(0),
            "go.open": self._open,
            "go.next_item": lambda: self.list.move(1),
            "go.previous_item": lambda: self.list.move(-1),
            "select.toggle": self.list.toggle,
            "select.all": self.list.select_all,
            "select.none": self.list.selected.clear,
            "list.resort": self._sort,
            "tab.next": lambda: self._turn(1),
            "tab.previous": lambda: self._turn(-1),
        }.get(action)
        if doing is None:
            return False
        doing()
        self._moved()
        return True

    def redraw(self) -> None:
        """Draw what changed."""
        self.canvas.redraw()
        self.console.frame_changed()

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay the view out in a body of this size."""
        thrift = self.console.thrift
        left_width = self._pane.list_width(width, preview=not thrift.is_on)
        shown = Shown(
            self.view,
            self.filter,
            self.wrong,
            self.list,
            self.page,
            thrift.drawn_at(self.desk.now()),
            self.desk.zone,
            self.desk.people(),
            lambda ticket: others(self.desk.present(ticket), self.desk.me.login),
            beside=left_width < width,
            preview=not thrift.is_on,
            takes=self.console.permits("take"),
            serves=bool(self.desk.me.brands),
            duties=self._duties.asked(self.desk.now()),
        )
        left = self._pane.left(shown, left_width, height)
        if left_width == width:
            return left
        return beside(left, self._pane.preview(shown, width - left_width - 1), left_width, height)

    def complete(self, typed: str) -> str:
        """Complete the last word of a filter."""
        people = tuple(person.login for person in self.desk.people())
        brands = tuple(name for name, _ in self.desk.me.brands)
        return next(iter(completions(typed, people=people, brands=brands)), typed)

    def _rests(self) -> bool:
        return self.list.cursor == 0 and monotonic() - self._moved_at >= IDLE_SECONDS

    def _moved(self) -> None:
        if self.list.cursor >= len(self.list.rows) - 1:
            self.read_more()
        self.redraw()

    def _open(self) -> None:
        row = self.list.current
        if row is not None:
            self.console.go("case", Open(row.ticket, row))

    def _turn(self, step: int) -> None:
        self.console.go("queue", VIEWS[(VIEWS.index(self.view) + step) % len(VIEWS)])

    def _sort(self) -> None:
        if self.page is not None:
            self.list.resort(self.page.rows)
        self.console.say("Sorted: what to do first is on top.")
