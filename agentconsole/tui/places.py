"""Where the agent is, where she came from, and the work she has open."""

from __future__ import annotations

from dataclasses import dataclass, field

TABS = 9
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A mode and what it was asked to show."""

    mode: str
    argument: object = None


@dataclass(frozen=True, slots=True)
class Tab:
    """A ticket whose work has begun, under a digit; `mode` is where the work goes on."""

    ticket: int
    number: str
    mode: str


@dataclass(slots=True)
class Places:
    """A stack of places whose bottom is the queue, the last place left, and the work tabs."""

    stack: list[Place] = field(default_factory=lambda: [Place("queue")])
    last: Place | None = None
    tabs: list[Tab] = field(default_factory=list)

    @property
    def here(self) -> Place:
        """Return where the agent is."""
        return self.stack[-1]

    def go(self, place: Place) -> None:
        """Go in; the queue is the bottom, and going to the mode one is in replaces it."""
        self.last = self.here
        if place.mode == "queue":
            self.stack = [place]
        elif place.mode in (held.mode for held in self.stack):
            at = next(index for index, held in enumerate(self.stack) if held.mode == place.mode)
            self.stack = [*self.stack[:at], place]
        else:
            self.stack = [*self.stack, place][-DEEPEST:]

    def back(self) -> bool:
        """Go out one level; False at the bottom."""
        if len(self.stack) == 1:
            return False
        self.last = self.stack.pop()
        return True

    def home(self) -> None:
        """Forget all but the queue; the tabs stay."""
        self.stack = [Place("queue")]

    def keep(self, tab: Tab) -> None:
        """Open a tab for a ticket, or let its tab go on elsewhere; the oldest of ten goes."""
        for index, held in enumerate(self.tabs):
            if held.ticket == tab.ticket:
                self.tabs[index] = tab
                return
        self.tabs = [*self.tabs, tab][-TABS:]

    def drop(self, ticket: int) -> None:
        """Close a ticket's tab."""
        self.tabs = [tab for tab in self.tabs if tab.ticket != ticket]

    def tabs_text(self) -> str:
        """Name the tabs for the list's first line: `1:4471 2:4433`."""
        return " ".join(f"{index}:{tab.number}" for index, tab in enumerate(self.tabs, 1))
