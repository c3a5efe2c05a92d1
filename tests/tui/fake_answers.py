"""What the desk in memory answers: at its door, when it is read, and when something is to be done."""

from collections.abc import Callable
from datetime import timedelta

import msgspec

from agentconsole.domain.errors import Refused, Stale
from agentconsole.domain.filters import FieldIs, Flag, Owner, State, Words
from agentconsole.domain.filters import parse as parse_filter
from agentconsole.wire import commands as c
from agentconsole.wire import frames as f
from agentconsole.wire import queries as q
from agentconsole.wire.client import Told
from agentconsole.wire.rows import (
    CaseView,
    ContactRow,
    Counts,
    CustomerRow,
    DraftRow,
    PersonRow,
    QueuePage,
    QueueRow,
    SearchRow,
    Why,
)
from tests.rows import built, changed
from tests.tui.fake_rows import CODE, NOW, PASSWORD, QR, TEMPLATES


class Shelf:
    """What all the answers are made from; the desk itself fills it."""

    rows: list[QueueRow]
    people: tuple[PersonRow, ...]
    drafts: dict[int, DraftRow]
    notes: dict[int, list[ContactRow]]
    told: Callable[[Told], None]
    login: str
    first_time: bool
    must_change: bool

    def find(self, ticket: int) -> QueueRow:
        """Return a ticket."""
        found = next((held for held in self.rows if held.ticket == ticket), None)
        if found is None:
            raise Refused(f"There is no case {ticket}.")
        return found


class Door(Shelf):
    """Let people in."""

    def _signed_in(self) -> f.SignedIn:
        return built(
            f.SignedIn,
            self.login,
            "Ana Costa",
            "agent",
            (("ecolab", "Eco Lab Supply"),),
            (),
            900,
            must_change=self.must_change,
        )

    def _on_sign_in(self, body: c.SignIn) -> f.AnyAnswer:
        known = body.user in {person.login for person in self.people}
        if not known or body.password != PASSWORD or (body.code != CODE and not self.first_time):
            raise Refused("Sign-in failed. Check all three; a code works once.", code="sign-in")
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


class Reading(Shelf):
    """Show tickets."""

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
        text = held.waiting_text or f"About: {held.subject.verbatim()}"
        who, wrote = held.customer, NOW - timedelta(hours=2)
        message = built(ContactRow, 1, wrote, "message", "customer", who, held.channel, text, fresh=held.fresh)
        customer = built(
            CustomerRow, 1, held.customer, held.email, "", "Europe/Lisbon", "en", NOW - timedelta(days=900), 3
        )
        return built(
            CaseView,
            held.ticket, held.number, held.version, held.subject, held.status, held.priority, held.channel, held.brand,
            "Eco Lab Supply", "care@ecolab.example", "question", held.owner, "", held.tags, NOW - timedelta(days=2),
            held.next, held.tier, held.flags, (message, *self.notes.get(ticket, ())),
            (held.clock,) if held.clock is not None else (), "reply", customer,
            drafts=tuple(draft for draft in reversed(self.drafts.values()) if draft.ticket == ticket), as_of=NOW,
        )  # fmt: skip

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
        emptied = f'without "{body.filter.split()[-1]}" 4' if seen and not kept and body.filter else ""
        rows = tuple(kept[: body.limit])
        more = len(kept) > body.limit
        counts = self.counts()
        return f.Page(built(QueuePage, body.view, body.filter, rows, len(kept), counts, NOW, more, emptied_by=emptied))

    def _keeps(self, held: QueueRow, text: str) -> bool:
        return all(
            any(map(self._matcher(held), term.atoms)) != term.negated for term in parse_filter(text, self.login).terms
        )

    def _matcher(self, held: QueueRow) -> Callable[[object], bool]:
        customer = held.customer.verbatim().lower()

        def matches(atom: object) -> bool:
            if isinstance(atom, State):
                return held.tier == atom.state.value
            if isinstance(atom, Owner):
                return held.owner == atom.login
            if isinstance(atom, Flag):
                return not held.owner if atom.name == "unassigned" else held.status == atom.name
            if isinstance(atom, FieldIs):
                return held.channel in atom.values if atom.field == "ch" else atom.values[0] in customer
            if isinstance(atom, Words):
                return atom.text.lower() in f"{held.subject.verbatim()} {customer} {held.number}".lower()
            return True

        return matches

    def _on_read_case(self, body: q.ReadCase) -> f.AnyAnswer:
        return f.Case(self.case(body.ticket))

    def _on_read_templates(self, _: q.ReadTemplates) -> f.AnyAnswer:
        return f.Templates(TEMPLATES)

    def _on_read_people(self, _: q.ReadPeople) -> f.AnyAnswer:
        return f.People(self.people)

    def _on_explain_clock(self, body: q.ExplainClock) -> f.AnyAnswer:
        return f.Explained(built(Why, f"why (case {body.ticket})", ("rule     email within 2 hours", "due      10:46")))

    def _on_search(self, body: q.Search) -> f.AnyAnswer:
        hits = [held for held in self.rows if self._keeps(held, body.text)]
        return f.Found(
            tuple(
                SearchRow(held.ticket, held.number, held.customer, held.subject, held.status, held.owner)
                for held in hits
            )
        )


class Doing(Shelf):
    """Change tickets, and remember how they were."""

    def __init__(self) -> None:
        self._before: list[QueueRow] = []

    def _put(self, ticket: int, **values: object) -> QueueRow:
        old = self.find(ticket)
        new = changed(old, version=old.version + 1, **values)
        self.rows[self.rows.index(old)] = new
        return new

    def _move(self, body: c.AnyCommand, said: str, **values: object) -> f.Done:
        old = self.find(body.ticket)
        if body.seen != old.version and not getattr(body, "anyway", False):
            raise Stale(f"Case {old.number} has moved on.", changes=("10:44 Rosa Prado wrote again",))
        self._before.append(old)
        new = self._put(body.ticket, **values)
        self.told(f.Changed((new.ticket,)))
        return built(f.Done, said, new.ticket, new.version)

    def _on_take_next(self, _: c.TakeNext) -> f.AnyAnswer:
        for held in self.rows:
            if held.status in ("open", "new") and held.owner in ("", self.login) and held.clock is not None:
                new = self._put(held.ticket, owner=self.login)
                self.told(f.Changed((new.ticket,)))
                return built(f.Done, "", new.ticket, new.version)
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
        self.drafts.pop((body.ticket, "reply"), None)
        return msgspec.structs.replace(done, contact=99, held_until=NOW + timedelta(seconds=10))

    def _on_add_note(self, body: c.AddNote) -> f.AnyAnswer:
        note = built(ContactRow, 2, NOW, "note", "agent", self.login, "email", body.text)
        self.notes.setdefault(body.ticket, []).append(note)
        self.told(f.Changed((body.ticket,)))
        return built(f.Done, f"Note added to case {body.ticket}.", body.ticket)

    def _on_save_draft(self, body: c.SaveDraft) -> f.AnyAnswer:
        self.drafts.pop((body.ticket, body.kind), None)
        if body.text:
            kept = built(DraftRow, body.ticket, body.kind, body.text, body.cursor, body.seen, NOW)
            self.drafts[body.ticket, body.kind] = kept
        return f.Done()

    def _on_undo(self, _: c.Undo) -> f.AnyAnswer:
        if not self._before:
            raise Refused("There is nothing of yours to take back.")
        old = self._before.pop()
        self._put(old.ticket, owner=old.owner, status=old.status, flags=old.flags)
        self.told(f.Changed((old.ticket,)))
        return built(f.Done, f"Case {old.number} is as it was.", old.ticket)
