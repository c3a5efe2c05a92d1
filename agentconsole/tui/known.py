"""What the console knows of the desk without asking: what it read last."""

from __future__ import annotations

from datetime import datetime

from agentconsole.wire.frames import AnyAnswer, People, Present, Templates
from agentconsole.wire.policy_reading import MyPolicies
from agentconsole.wire.rows import CaseView, Counts, PersonRow, QueuePage, TemplateRow, WatcherRow

CASES_KEPT = 50


def to_read(policies: MyPolicies, now: datetime) -> int:
    """Count the policies that are to be accepted, or to be read again by now."""
    return sum(row.until is not None or (row.again_at is not None and row.again_at <= now) for row in policies.rows)


class Known:
    """Keep the last tickets, pages, templates and people that were read."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._cases: dict[int, CaseView] = {}
        self._pages: dict[str, QueuePage] = {}
        self._templates: tuple[TemplateRow, ...] = ()
        self._people: tuple[PersonRow, ...] = ()
        self._present: dict[int, tuple[WatcherRow, ...]] = {}

    def case(self, ticket: int) -> CaseView | None:
        """Return a ticket as it was read last."""
        return self._cases.get(ticket)

    def templates(self) -> tuple[TemplateRow, ...]:
        """Return the reply templates, read at sign-in."""
        return self._templates

    def people(self) -> tuple[PersonRow, ...]:
        """Return who is at the desk, as read last."""
        return self._people

    def present(self, ticket: int) -> tuple[WatcherRow, ...]:
        """Return who has a ticket on the screen now, as the desk told it last; whoever asks is among them."""
        return self._present.get(ticket, ())

    def page(self, view: str) -> QueuePage | None:
        """Return the page of a view as it was read last."""
        return self._pages.get(view)

    def keep_case(self, case: CaseView) -> None:
        """Keep a ticket; the one read longest ago goes when there are too many."""
        self._cases.pop(case.ticket, None)
        self._cases[case.ticket] = case
        while len(self._cases) > CASES_KEPT:
            del self._cases[next(iter(self._cases))]

    def keep_templates(self, answer: AnyAnswer) -> None:
        """Keep the reply templates."""
        if isinstance(answer, Templates):
            self._templates = answer.rows

    def keep_people(self, answer: AnyAnswer) -> None:
        """Keep who is at the desk."""
        if isinstance(answer, People):
            self._people = answer.rows

    def keep_present(self, present: Present) -> None:
        """Keep who is where."""
        if present.whole:
            self._present.clear()
        self._present.update((row.ticket, row.people) for row in present.rows)
        for row in present.rows:
            if not row.people:
                del self._present[row.ticket]

    def keep_page(self, page: QueuePage) -> None:
        """Keep a page and the counts that came with it."""
        self.counts = page.counts
        self._pages[page.view] = page

    def forget(self) -> None:
        """Forget all that the last person could read."""
        self.counts = Counts()
        self._cases.clear()
        self._pages.clear()
        self._present.clear()
        self._people = ()
