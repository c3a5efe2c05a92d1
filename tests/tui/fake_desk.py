"""A small desk in memory that answers as the server would: the link of a console under test."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from agentconsole.domain.errors import Refused, Stale
from agentconsole.domain.filters import FieldIs, Flag, Owner, State, Words
from agentconsole.domain.filters import parse as parse_filter
from agentconsole.wire import commands as c
from agentconsole.wire import frames as f
from agentconsole.wire import queries as q
from agentconsole.wire.client import LinkLost, Told
from agentconsole.wire.rows import (
    CaseView,
    ClockRow,
    ContactRow,
    Counts,
    CustomerRow,
    DraftRow,
    PersonRow,
    QueuePage,
    QueueRow,
    SearchRow,
    TemplateRow,
    Why,
)

NOW = datetime(2026, 11, 23, 5, 12, tzinfo=UTC)
"""Monday, 10:42 at the desk in Kolkata."""

PASSWORD = "correct horse"
CODE = "492039"
QR = tuple("█" * 39 for _ in range(20))


def clock(left: float, *, target: float = 7200, live: bool = False, frozen: str = "", **more: object) -> ClockRow:
    """Return a running clock with so many seconds left, and the thresholds of UX 9.1."""
    due = min(max(target * 0.1, 600), target * 2 / 3)
    return ClockRow(
        kind="next_response",
        standard="reply",
        clause="Ecom 3",
        text="email within 2 hours in business hours",
        as_of=NOW,
        left=left,
        live=live,
        frozen=frozen,
        due_below=due,
        soon_below=target / 4,
        target=target,
        due_at=NOW + timedelta(seconds=left),
        zone="Asia/Kolkata",
        **more,
    )


def row(ticket: int, customer: str, subject: str, clock_row: ClockRow | None, **more: object) -> QueueRow:
    """Return a row of the queue, owned by ana unless said otherwise."""
    values: dict[str, object] = {
        "ticket": ticket,
        "number": str(ticket),
        "version": 1,
        "tier": "ok",
        "channel": "email",
        "customer": customer,
        "email": "someone@example.org",
        "subject": subject,
        "owner": "ana",
        "status": "open",
        "priority": "normal",
        "brand": "ecolab",
        "next": "reply",
        "key": (1, ticket, ticket),
        "clock": clock_row,
    }
    return QueueRow(**{**values, **more})


def sample_rows() -> list[QueueRow]:
    """Return the queue of the wireframes, as far as mail and its neighbours go, in the desk's order."""
    return [
        row(4490, "Priya Nair", "Is the 2 L flask in stock?", clock(41, target=60, live=True), channel="chat",
            next="answer", fresh=True, tier="LIVE", waiting_text="Hi, is the 2 L flask in stock?"),
        row(4471, "Rosa Prado", "Refund for order 4471 not received", clock(252), flags="C", fresh=True, tier="DUE",
            waiting_text="I still have no answer about my order."),
        row(4486, "0091 98xx 21", "Voicemail 0:48, asks for invoice", clock(363), channel="voicemail", next="call",
            tier="DUE"),
        row(4402, "Dora Ng", "Complaint: holding letter due", clock(-1300), flags="C", next="letter", tier="LATE"),
        row(4433, "Bill Okafor", "Re: wrong size delivered", clock(-7500), flags="R", tier="LATE"),
        row(4488, "@fernbots", 'mention: "any update??"', clock(2300, target=14400), channel="social", tier="SOON"),
        row(4489, "山田太郎", "配送が届きません", clock(6000, target=7200), fresh=True),
        row(4420, "Fatima B.", "Photos of the damage", clock(11400, frozen="WAIT"), status="waiting", next="--"),
        row(4485, "Lars Holm", "Price list (US hours)", clock(4500, frozen="SHUT"), channel="email"),
        row(4451, "Escort Ltd", "Trolley broken", clock(9000, target=86400), owner="chen"),
        row(4460, "Eero Salo", "Returned with guidance", clock(3060, target=7200), owner="bo", flags="E"),
        row(4500, "Ida Berg", "Where is my parcel?", clock(5000, target=7200), owner="", status="new"),
        row(4501, "Omar K", "Delivery on Saturday?", clock(6900, target=7200), owner="", status="new"),
    ]  # fmt: skip


TEMPLATES = (
    TemplateRow("ref", "Refund delayed", "Dear {{customer_name}},\n\nyour refund is on its way.\n\n{{agent_name}}"),
    TemplateRow("clo", "Closing question", "Is there anything else I can do for you?"),
)
PEOPLE = (
    PersonRow("ana", "Ana Costa", "agent", 9, 3, 2, online=True),
    PersonRow("bo", "Bo Lind", "agent", 7, 0, 1, online=True),
    PersonRow("chen", "Chen Wei", "agent", 6, 1, 0),
    PersonRow("sam", "Sam Rao", "supervisor", 0, 0, 0, online=True),
)


@dataclass
class FakeDesk:
    """Answer commands and queries on a handful of tickets; every answer comes after `delay` seconds, in order.

    `asked` keeps what came. `told` and `lost` are set by the console. `forced` answers the next question of a type.
    """

    rows: list[QueueRow] = field(default_factory=sample_rows)
    people: tuple[PersonRow, ...] = PEOPLE
    delay: float = 0.0
    speed: float = 0.0
    first_time: bool = False
    must_change: bool = False
    demo: bool = False
    now: datetime = NOW
    asked: list[c.AnyCommand | q.AnyQuery] = field(default_factory=list)
    forced: dict[type, Refused | f.AnyAnswer] = field(default_factory=dict)
    drafts: dict[int, DraftRow] = field(default_factory=dict)
    notes: dict[int, list[ContactRow]] = field(default_factory=dict)
    told: Callable[[Told], None] = lambda _: None
    lost: Callable[[], None] = lambda: None
    login: str = ""
    closed: bool = False

    def __post_init__(self) -> None:
        self.welcome = f.Welcome(
            "Eco Lab Supply", "0.1", f.PROTOCOL, self.now, self.speed, "Asia/Kolkata", "uid 1000", self.demo
        )
        self._turn = asyncio.Lock()
        self._cuts = 0
        self._before: list[QueueRow] = []

    async def connect(self) -> "FakeDesk":
        """Be connected to."""
        self.closed = False
        return self

    async def close(self) -> None:
        """Be left."""
        self.closed = True

    async def ask(self, body: c.AnyCommand | q.AnyQuery, *, request: str = "") -> f.AnyAnswer:
        """Answer, one question after the other."""
        self.asked.append(body)
        cuts = self._cuts
        async with self._turn:
            await asyncio.sleep(self.delay)
            if self.closed or cuts != self._cuts:
                raise LinkLost
            if type(body) in self.forced:
                forced = self.forced.pop(type(body))
                if isinstance(forced, Refused):
                    raise forced
                return forced
            return self._answer(body)

    def of(self, kind: type) -> list:
        """Return what was asked of one type."""
        return [body for body in self.asked if isinstance(body, kind)]

    def find(self, ticket: int) -> QueueRow:
        """Return a ticket."""
        found = next((held for held in self.rows if held.ticket == ticket), None)
        if found is None:
            raise Refused(f"There is no case {ticket}.")
        return found

    def arrive(self, *rows: QueueRow) -> None:
        """Let tickets come in, in front of all others."""
        self.rows = [*rows, *self.rows]
        self.told(f.Changed(tuple(held.ticket for held in rows), arrived=len(rows)))

    def change(self, ticket: int, **values: object) -> None:
        """Change a ticket and tell the console."""
        self._put(ticket, **values)
        self.told(f.Changed((ticket,)))

    def hang_up(self) -> None:
        """Cut the link."""
        self.closed = True
        self._cuts += 1
        self.lost()

    def counts(self) -> Counts:
        """Count what the status bar shows."""
        live = [held for held in self.rows if held.status != "resolved"]
        lefts = [held.clock.left for held in live if held.clock is not None and not held.clock.frozen]
        return Counts(
            mine=sum(held.owner == self.login for held in live),
            team=len(live),
            unassigned=sum(not held.owner for held in live),
            late=sum(left is not None and left < 0 for left in lefts),
            due=sum(left is not None and 0 <= left <= 600 for left in lefts),
        )

    def case(self, ticket: int) -> CaseView:
        """Return a ticket whole."""
        held = self.find(ticket)
        text = held.waiting_text or f"About: {held.subject}"
        wrote = NOW - timedelta(hours=2)
        message = ContactRow(1, wrote, "message", "customer", held.customer, held.channel, text, fresh=held.fresh)
        customer = CustomerRow(1, held.customer, held.email, "", "Europe/Lisbon", "en", NOW - timedelta(days=900), 3)
        return CaseView(
            held.ticket, held.number, held.version, held.subject, held.status, held.priority, held.channel, held.brand,
            "Eco Lab Supply", "care@ecolab.example", "question", held.owner, "", held.tags, NOW - timedelta(days=2),
            held.next, held.tier, held.flags, (message, *self.notes.get(ticket, ())),
            (held.clock,) if held.clock is not None else (), "reply", customer,
            draft=self.drafts.get(ticket), as_of=NOW,
        )  # fmt: skip

    def _answer(self, body: c.AnyCommand | q.AnyQuery) -> f.AnyAnswer:
        name = re.sub("([A-Z])", lambda letter: f"_{letter[1].lower()}", type(body).__name__)
        answer = getattr(self, f"_on{name}", None)
        return answer(body) if answer is not None else f.Done()

    def _put(self, ticket: int, **values: object) -> QueueRow:
        old = self.find(ticket)
        new = msgspec.structs.replace(old, version=old.version + 1, **values)
        self.rows[self.rows.index(old)] = new
        return new

    def _move(self, body: c.AnyCommand, said: str, **values: object) -> f.Done:
        old = self.find(body.ticket)
        if body.seen != old.version and not getattr(body, "anyway", False):
            raise Stale(f"Case {old.number} has moved on.", changes=("10:44 Rosa Prado wrote again",))
        self._before.append(old)
        new = self._put(body.ticket, **values)
        self.told(f.Changed((new.ticket,)))
        return f.Done(said, new.ticket, new.version)

    def _signed_in(self) -> f.SignedIn:
        return f.SignedIn(
            self.login, "Ana Costa", "agent", (("ecolab", "Eco Lab Supply"),), (), 900, must_change=self.must_change
        )

    def _on_sign_in(self, body: c.SignIn) -> f.AnyAnswer:
        known = body.user in {person.login for person in self.people}
        if not known or body.password != PASSWORD or (body.code != CODE and not self.first_time):
            raise Refused("Sign-in failed. Check all three fields; a code works once.", code="sign-in")
        self.login = body.user
        if self.first_time:
            return f.Enrolling(body.user, "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP", "otpauth://x", QR, QR)
        return self._signed_in()

    def _on_confirm_enrolment(self, body: c.ConfirmEnrolment) -> f.AnyAnswer:
        if body.code != CODE:
            raise Refused("That code is not right. Type the one that your authenticator shows now.")
        self.first_time = False
        return f.Enrolled(tuple(f"AAAA-BBBB-CCC{number}" for number in range(10)), self._signed_in())

    def _on_change_password(self, body: c.ChangePassword) -> f.AnyAnswer:
        self.must_change = False
        return f.Done()

    def _on_unlock(self, body: c.Unlock) -> f.AnyAnswer:
        if body.password != PASSWORD:
            raise Refused("That is not the password of this session.")
        return f.Done()

    def _on_read_queue(self, body: q.ReadQueue) -> f.AnyAnswer:
        live = [held for held in self.rows if held.status != "resolved"]
        seen = {
            "mine": [held for held in live if held.owner == self.login],
            "unassigned": [held for held in live if not held.owner],
        }.get(body.view, live)
        kept = [held for held in seen if self._keeps(held, body.filter)]
        if body.after is not None:
            keys = [held.key for held in kept]
            kept = kept[keys.index(body.after) + 1 :]
        emptied = body.filter.split()[-1] if seen and not kept and body.filter else ""
        rows = tuple(kept[: body.limit])
        more = len(kept) > body.limit
        return f.Page(QueuePage(body.view, body.filter, rows, len(kept), self.counts(), NOW, more, emptied_by=emptied))

    def _keeps(self, held: QueueRow, text: str) -> bool:
        return all(
            any(map(self._matcher(held), term.atoms)) != term.negated for term in parse_filter(text, self.login).terms
        )

    def _matcher(self, held: QueueRow) -> Callable[[object], bool]:
        def matches(atom: object) -> bool:
            if isinstance(atom, State):
                return held.tier == atom.state.value
            if isinstance(atom, Owner):
                return held.owner == atom.login
            if isinstance(atom, Flag):
                return not held.owner if atom.name == "unassigned" else held.status == atom.name
            if isinstance(atom, FieldIs):
                return held.channel in atom.values if atom.field == "ch" else atom.values[0] in held.customer.lower()
            if isinstance(atom, Words):
                return atom.text.lower() in f"{held.subject} {held.customer} {held.number}".lower()
            return True

        return matches

    def _on_read_case(self, body: q.ReadCase) -> f.AnyAnswer:
        return f.Case(self.case(body.ticket))

    def _on_read_templates(self, _: q.ReadTemplates) -> f.AnyAnswer:
        return f.Templates(TEMPLATES)

    def _on_read_people(self, _: q.ReadPeople) -> f.AnyAnswer:
        return f.People(self.people)

    def _on_explain_clock(self, body: q.ExplainClock) -> f.AnyAnswer:
        return f.Explained(Why(f"why (case {body.ticket})", ("rule     email within 2 hours", "due      10:46")))

    def _on_search(self, body: q.Search) -> f.AnyAnswer:
        hits = [held for held in self.rows if self._keeps(held, body.text)]
        return f.Found(
            tuple(
                SearchRow(held.ticket, held.number, held.customer, held.subject, held.status, held.owner)
                for held in hits
            )
        )

    def _on_take_next(self, _: c.TakeNext) -> f.AnyAnswer:
        for held in self.rows:
            if held.status in ("open", "new") and held.owner in ("", self.login) and held.clock is not None:
                new = self._put(held.ticket, owner=self.login)
                self.told(f.Changed((new.ticket,)))
                return f.Done("", new.ticket, new.version)
        return f.Done()

    def _on_take(self, body: c.Take) -> f.AnyAnswer:
        return self._move(body, f"Case {body.ticket} is yours.", owner=self.login)

    def _on_give_back(self, body: c.GiveBack) -> f.AnyAnswer:
        return self._move(body, f"Case {body.ticket} is back in the queue.", owner="")

    def _on_assign(self, body: c.Assign) -> f.AnyAnswer:
        return self._move(body, f"Case {body.ticket} is {body.to}'s.", owner=body.to)

    def _on_resolve(self, body: c.Resolve) -> f.AnyAnswer:
        return self._move(body, f"Case {body.ticket} resolved.", status="resolved")

    def _on_wait(self, body: c.Wait) -> f.AnyAnswer:
        return self._move(body, f"Case {body.ticket} waits.", status="waiting")

    def _on_escalate(self, body: c.Escalate) -> f.AnyAnswer:
        return self._move(body, f"Case {body.ticket} escalated.", flags="E")

    def _on_reply(self, body: c.Reply) -> f.AnyAnswer:
        status = {"resolve": "resolved", "wait": "waiting"}.get(body.then, "open")
        done = self._move(body, "", status=status)
        self.drafts.pop(body.ticket, None)
        return msgspec.structs.replace(done, contact=99, held_until=NOW + timedelta(seconds=10))

    def _on_add_note(self, body: c.AddNote) -> f.AnyAnswer:
        note = ContactRow(2, NOW, "note", "agent", self.login, "email", body.text)
        self.notes.setdefault(body.ticket, []).append(note)
        self.told(f.Changed((body.ticket,)))
        return f.Done(f"Note added to case {body.ticket}.", body.ticket)

    def _on_save_draft(self, body: c.SaveDraft) -> f.AnyAnswer:
        if body.text:
            self.drafts[body.ticket] = DraftRow(body.ticket, body.kind, body.text, body.cursor, body.seen, NOW)
        else:
            self.drafts.pop(body.ticket, None)
        return f.Done()

    def _on_undo(self, _: c.Undo) -> f.AnyAnswer:
        if not self._before:
            raise Refused("There is nothing of yours to take back.")
        old = self._before.pop()
        self._put(old.ticket, owner=old.owner, status=old.status, flags=old.flags)
        self.told(f.Changed((old.ticket,)))
        return f.Done(f"Case {old.number} is as it was.", old.ticket)
