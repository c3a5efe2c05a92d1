"""What lies on the composer's desk: the text, its ticket, the state it is in, and what was found in it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from agentconsole.domain.review import Check, SendFacts, review
from agentconsole.tui.blanks import matching, templates_for, values_for
from agentconsole.tui.format import clock_cell
from agentconsole.tui.kinds import also_kept
from agentconsole.tui.mode import Compose, Console, Target
from agentconsole.tui.screens.composer_text import Pen
from agentconsole.tui.sheet import Laid, Sheet
from agentconsole.tui.writing import Writing
from agentconsole.wire.rows import CaseView, QueueRow, TemplateRow

_WORDS = {"reply": "reply to", "note": "note on", "escalate": "hand over"}


class Work:
    """Hold one text at a time, and all that were begun; `state` is text, review, picker or stopped."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.clear()

    def clear(self) -> None:
        """Begin with nothing."""
        self._writings: dict[tuple[int, str], Writing] = {}
        self.writing = Writing(0, "reply")
        self.pen = Pen(self.writing.buffer)
        self.row: QueueRow | None = None
        self.case: CaseView | None = None
        self.state = "text"
        self.template = ""
        self.when_read: Callable[[CaseView | None], None] | None = None
        self.typed = ""
        self.picked = 0
        self.unread = False
        self.laid = Laid([], 0, None)
        self._checked: tuple[tuple[object, ...], tuple[Check, ...]] = ((), ())

    def open(self, compose: Compose) -> None:
        """Begin a text, or go on with the one that was begun."""
        key = (compose.ticket, compose.kind)
        self.writing = self._writings.setdefault(key, Writing(*key))
        self.pen = Pen(self.writing.buffer)
        self.row = compose.row
        self.case = self._console.desk.case(compose.ticket)
        self.template = compose.template
        self.when_read = None
        self.unread = False
        self.laid = Laid([], 0, None)
        if not self.writing.seen:
            versions = [shown.version for shown in (self.case, self.row) if shown is not None]
            self.writing.seen = max(versions, default=0)
        if self.case is not None:
            self.writing.last_contact = max((contact.id for contact in self.case.contacts), default=0)

    def take_case(self, case: CaseView, *, first: bool) -> tuple[str, str]:
        """Take the ticket as the desk has it now; return what is to be said about it, or "", and in what voice.

        At the first reading the text answers this version, and a draft kept by the desk is taken up.
        """
        before, self.case = self.writing.last_contact, case
        new = [contact for contact in case.contacts if contact.id > before and contact.author == "customer"]
        said = ""
        if first:
            self.writing.seen = case.version
            said = f"{self._taken_up(case)} {also_kept(case, self.writing.kind)}".strip()
            if not before:
                self.writing.last_contact = max((contact.id for contact in case.contacts), default=0)
                new = []
        if new:
            return f"{case.customer.name.line(60) or 'The customer'} wrote again meanwhile.", "warn"
        return said, "note"

    def _taken_up(self, case: CaseView) -> str:
        """Go on where the desk's draft of this text ends; return what to say about it, or ""."""
        draft = next((draft for draft in case.drafts if draft.kind == self.writing.kind), None)
        if draft is None:
            self.writing.below = None
        elif self.writing.below is not None and self.writing.take_up(draft):
            return f"Your draft of {draft.saved_at.astimezone(self._console.desk.zone):%a %H:%M} is back."
        return ""

    def begun(self, ticket: int) -> tuple[str, ...]:
        """Return the kinds of text that were begun here on a ticket."""
        return tuple(kind for (at, kind), writing in self._writings.items() if at == ticket and not writing.empty)

    def has_more(self, sent: Writing) -> bool:
        """Tell whether another text than this one was begun on its ticket: here, or at the desk as it was last read."""
        case = self._console.desk.case(sent.ticket)
        kept = (draft.kind for draft in case.drafts) if case is not None else ()
        return any(kind != sent.kind for kind in (*self.begun(sent.ticket), *kept))

    def was_read(self, case: CaseView | None) -> None:
        """Go on with what waited for the case; None is a case that could not be read."""
        waited, self.when_read = self.when_read, None
        if waited is not None:
            waited(case)

    def read_all(self) -> None:
        """Note that the writer has read the ticket as it stands now."""
        if self.case is not None:
            self.writing.seen = self.case.version
            self.writing.last_contact = max((contact.id for contact in self.case.contacts), default=0)
        self.writing.changes = ()

    def forget(self, writing: Writing) -> None:
        """Drop a text that was sent or never written."""
        self._writings.pop((writing.ticket, writing.kind), None)

    def number(self) -> str:
        """Return the case number."""
        shown = self.case or self.row
        return shown.number if shown is not None else str(self.writing.ticket)

    def target(self) -> tuple[Target, ...]:
        """Name the ticket that is written to."""
        if self.case is not None:
            case = self.case
            return (Target(case.ticket, case.number, case.version, case.customer.name, case.status, case.owner),)
        if self.row is not None:
            row = self.row
            return (Target(row.ticket, row.number, row.version, row.customer, row.status, row.owner),)
        return ()

    def title(self) -> str:
        """Name the ticket, the state, the clock that decides, and when the draft was kept."""
        desk = self._console.desk
        parts = [f"{_WORDS[self.writing.kind]} {self.number()}"]
        if self.state in ("review", "stopped"):
            parts.append(self.state.upper())
        for clock in self.case.clocks if self.case is not None else ():
            if self.case is not None and clock.standard == self.case.deciding:
                at = self._console.thrift.drawn_at(desk.now())
                parts.append(" ".join(clock_cell(clock, at)).rstrip())
                break
        if self.writing.kept_at is not None and not self.writing.dirty and self.state == "text":
            parts.append(f"draft saved {self.writing.kept_at.astimezone(desk.zone):%H:%M:%S}")
        return " | ".join(parts)

    def templates(self) -> tuple[TemplateRow, ...]:
        """Return the templates of the ticket's brand that the picker's search keeps."""
        shown = self.case or self.row
        rows = templates_for(self._console.desk.templates(), shown.brand if shown is not None else "")
        return matching(rows, self.typed) if self.state == "picker" else rows

    def values(self) -> dict[str, str]:
        """Return what is known for the blanks of a template."""
        desk = self._console.desk
        name = desk.me.name.line(80)
        return values_for(self.case, name, desk.zone) if self.case is not None else {"agent_name": name}

    def checks(self) -> tuple[Check, ...]:
        """Return what the review finds in the text as it is."""
        key = (self.writing, self.pen.buffer.version, self.case)
        seen, checks = self._checked
        if len(seen) != len(key) or any(one is not other for one, other in zip(seen, key, strict=True)):
            checks = review(self.pen.buffer.text, self._facts())
            self._checked = (key, checks)
        return checks

    def sheet(self) -> Sheet:
        """Gather what the composer shows."""
        return Sheet(
            kind=self.writing.kind,
            state=self.state,
            buffer=self.pen.buffer,
            case=self.case,
            row=self.row,
            zone=self._console.desk.zone,
            now=self._console.thrift.drawn_at(self._console.desk.now()),
            templates=self.templates(),
            values=self.values(),
            typed=self.typed,
            picked=self.picked,
            checks=self.checks() if self.writing.kind == "reply" else (),
            changes=self.writing.changes,
            marked=self.pen.marked,
            unread=self.unread,
        )

    def _facts(self) -> SendFacts:
        if self.case is None:
            customer = self.row.customer.line(80) if self.row is not None else ""
            return SendFacts(customer, self.number(), self._console.desk.me.name.line(80))
        wrote = [contact for contact in self.case.contacts if contact.author == "customer"]
        return SendFacts(
            customer_name=self.case.customer.name.line(80),
            case_number=self.case.number,
            agent_name=self._console.desk.me.name.line(80),
            last_message=wrote[-1].text.lines(20_000) if wrote else "",
            complaint_known=self.case.kind == "complaint",
            new_messages=sum(contact.id > self.writing.last_contact for contact in wrote),
            limit=Decimal(self.case.money_limit) if self.case.money_limit else None,
            limit_clause=self.case.money_clause,
        )
