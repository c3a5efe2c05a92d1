"""Reading the views of the queue: one question at a time, the last one wins, and keys wait where they must."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from agentconsole.domain.errors import Refused
from agentconsole.tui.mode import Console, Mode
from agentconsole.tui.queue_list import QueueList
from agentconsole.wire.frames import AnyAnswer, Page
from agentconsole.wire.queries import ReadQueue
from agentconsole.wire.rows import QueuePage

VIEWS = ("mine", "team", "unassigned")
PAGE = 200
MOST = 2_000


class QueueReading(Mode, ABC):
    """Keep the rows of one view as the desk gives them; what is drawn of them is the subclass's."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self.view = "mine"
        self.filters = dict.fromkeys(VIEWS, "")
        self.list = QueueList()
        self.page: QueuePage | None = None
        self.wrong = ""
        self.unsorted = False
        self._wanted = 0
        self._reading = self._again = self._more = False
        self._loaded: list[Callable[[], None]] = []

    @property
    def filter(self) -> str:
        """Return the filter of this view."""
        return self.filters[self.view]

    @property
    def at(self) -> int:
        """Return the ticket under the cursor, or the one it shall be on when the page is there; 0 is none."""
        return self._wanted or (self.list.current.ticket if self.list.current is not None else 0)

    def stand_at(self, view: str, filters: Mapping[str, str], cursor: int) -> None:
        """Be at a view with these filters; the cursor goes to its ticket as soon as the page is read."""
        self.view, self._wanted = view, cursor
        self.filters = {name: filters.get(name, "") for name in VIEWS}

    def forget(self) -> None:
        """Forget all rows: someone else may sign in."""
        self._wanted = 0
        self.list.load(())
        self.page = None
        self.filters = dict.fromkeys(VIEWS, "")
        self.view = "mine"

    def show(self, view: str) -> None:
        """Change the view."""
        self.view = view
        self.page = None
        page = self.desk.page(view)
        self.list.load(page.rows if page is not None and page.filter == self.filter else ())
        self.wait_for_page()

    def set_filter(self, text: str) -> None:
        """Filter this view; the rows stay until the filtered ones come."""
        self.filters[self.view] = text
        self.wrong = ""
        self.read()

    def wait_for_page(self) -> None:
        """Read, and keep keys waiting until the page is there, because they mean its rows."""
        self._loaded.append(self.console.hold("Reading the queue"))
        self.read()

    def read(self) -> None:
        """Read the page again; one question at a time, and the last one wins."""
        if self._reading:
            self._again = True
            return
        self._reading = True
        limit = min(max(PAGE, len(self.list.rows)), MOST)
        self.desk.ask(ReadQueue(self.view, self.filter, limit=limit), self._arrived, self._refused)

    def read_more(self) -> None:
        """Read the page below the last row, where there is one."""
        if self.page is None or not self.page.more or self._more or not 0 < len(self.list.rows) < MOST:
            return
        self._more = True
        last = self.list.rows[-1].key
        self.desk.ask(ReadQueue(self.view, self.filter, last, PAGE), self._arrived_more, self._refused_more)

    def changed(self, tickets: frozenset[int]) -> None:
        """Read the page again: the order or the counts may be others."""
        self.read()

    @abstractmethod
    def redraw(self) -> None:
        """Draw what changed."""

    def _arrived(self, answer: AnyAnswer) -> None:
        self._reading = False
        if isinstance(answer, Page) and (answer.page.view, answer.page.filter) == (self.view, self.filter):
            self._take_in(answer.page)
        if self._again:
            self._again = False
            self.read()
            return
        self._release()
        self.redraw()

    def _take_in(self, page: QueuePage) -> None:
        before, self.page = self.page, page
        if before is None or before.filter != page.filter:
            self.list.load(page.rows, self._wanted)
            self._wanted = 0
            return
        came = self.list.merge(page.rows)
        self.unsorted = [row.ticket for row in self.list.rows] != [row.ticket for row in page.rows]
        if came:
            cases = "1 new case" if came == 1 else f"{came} new cases"
            self.console.say(f"{cases} arrived below your cursor; nothing moved. R sorts again.", "news")

    def _arrived_more(self, answer: AnyAnswer) -> None:
        self._more = False
        if isinstance(answer, Page) and (answer.page.view, answer.page.filter) == (self.view, self.filter):
            self.list.append(answer.page.rows)
            self.page = answer.page if self.page is None else self.page
            self.redraw()

    def _refused_more(self, refusal: Refused) -> None:
        self._more = False
        self.console.refused(refusal)

    def _refused(self, refusal: Refused) -> None:
        self._reading = self._again = False
        if refusal.code == "filter":
            self.wrong = refusal.sentence
        else:
            self.console.refused(refusal)
        self._release()
        self.redraw()

    def _release(self) -> None:
        loaded, self._loaded = self._loaded, []
        for release in loaded:
            release()
