"""A ticket's history: what the event log says about it, as the facts that clocks are computed from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlmodel import Session

from agentconsole.domain.events import Fact, FactKind
from agentconsole.domain.terms import Author, Channel, ClockKind, ContactKind, Priority, Status
from agentconsole.storage.reading import read_rows
from agentconsole.storage.transaction import Tx
from agentconsole.storage.types import instant

KEPT_READ = 8192
_TOLD = "SELECT seq, at, kind, actor, body FROM event WHERE ticket = :ticket ORDER BY seq"
_FACTS = frozenset(FactKind)
SET_BACK = "ticket.clock_set_back"
"""The desk's clock was set back, and that was accepted: what a ticket was told later than that was stamped wrongly."""
REPLY = "ticket.reply"
"""An answer was written; whether it ever counts is told by the contact that follows when its mail has left."""
Word = TypeVar("Word", bound=StrEnum)


class Told(NamedTuple):
    """State one entry of the log about a ticket, as it is stored: `micros` since 1970 in UTC, `body` as JSON."""

    seq: int
    micros: int
    kind: str
    actor: str
    body: str

    @property
    def at(self) -> datetime:
        """Return the instant of the entry, UTC."""
        return instant(self.micros)


# An entry never changes, and a ticket's whole history is read again with each of its changes.
@lru_cache(maxsize=KEPT_READ)
def fact_of(event: Told) -> Fact:
    """Turn an event of one of the fact kinds into the value the rules read."""
    body: dict[str, Any] = json.loads(event.body)
    return Fact(
        seq=event.seq,
        # A message counts from when the mail server had it, also where the desk fetched it hours later.
        at=datetime.fromisoformat(body["received"]) if body.get("received") else event.at,
        kind=FactKind(event.kind),
        actor=event.actor,
        author=_word(Author, body.get("author")),
        contact_kind=_word(ContactKind, body.get("contact_kind")),
        channel=_word(Channel, body.get("channel")),
        status=_word(Status, body.get("status")),
        priority=_word(Priority, body.get("priority")),
        clock=_word(ClockKind, body.get("clock")),
        due=datetime.fromisoformat(body["due"]) if body.get("due") else None,
        value=str(body.get("value", "")),
        reason=str(body.get("reason", "")),
        before=str(body.get("before", "")),
        started=datetime.fromisoformat(body["started"]) if body.get("started") else None,
        ref=body.get("ref"),
        zone=str(body.get("zone", "")),
    )


def _word(kind: type[Word], value: str | None) -> Word | None:
    return None if value is None else kind(value)


def events_of(session: Session, ticket: int) -> list[Told]:
    """Read a ticket's entries in the log, oldest first."""
    return [Told(*row) for row in read_rows(session, _TOLD, {"ticket": ticket})]


def events_in(tx: Tx, ticket: int) -> list[Told]:
    """Read a ticket's entries in the log, with those of this transaction, oldest first."""
    return [Told(*row) for row in tx.rows(_TOLD, ticket=ticket)]


def facts_of(events: Sequence[Told]) -> tuple[Fact, ...]:
    """Return the facts among a ticket's events, oldest first, with each answer where it was written.

    An answer counts from when its mail left, but it answers only what the customer had written, and keeps only what was
    promised, before it was composed.
    """
    corrections = [Correction.of(event) for event in events if event.kind == SET_BACK]
    told = [event for event in events if event.kind in _FACTS and not _only_the_wrong_clock_saw(event, corrections)]
    composed = {_contact(event): event.seq for event in events if event.kind == REPLY}
    ordered: list[tuple[Fact, int]] = []
    for event in told:
        fact, contact = _corrected(fact_of(event), corrections), _contact(event)
        ordered.insert(_place(ordered, fact, contact, composed.get(contact, event.seq)), (fact, contact))
    if [fact.seq for fact, _ in ordered] == [event.seq for event in told]:
        return tuple(fact for fact, _ in ordered)
    return _renumbered([fact for fact, _ in ordered])


@dataclass(frozen=True, slots=True)
class Correction:
    """Say that the desk's clock went back from `before` to `after` (UTC) at event `seq`, and that this was accepted."""

    seq: int
    before: datetime
    after: datetime

    @classmethod
    def of(cls, event: Told) -> "Correction":
        """Read it from the event that marks it on a ticket."""
        body = json.loads(event.body)
        return cls(event.seq, datetime.fromisoformat(body["before"]), datetime.fromisoformat(body["after"]))

    def right(self, at: datetime) -> datetime:
        """Return an instant of before the acceptance as the accepted clock has it: nothing is later than that."""
        return at if at <= self.after else min(at - (self.before - self.after), self.after)


def _corrected(fact: Fact, corrections: Sequence[Correction]) -> Fact:
    """Put a fact where the accepted clock has it; a promised date is never moved, a due one goes with its clock."""
    for correction in corrections:
        if fact.seq < correction.seq:
            started = fact.started and correction.right(fact.started)
            moved = fact.due is not None and started != fact.started
            due = correction.right(fact.due) if moved and fact.due is not None else fact.due
            fact = replace(fact, at=correction.right(fact.at), started=started, due=due)
    return fact


def _only_the_wrong_clock_saw(event: Told, corrections: Sequence[Correction]) -> bool:
    """Tell whether a breach or a warning came from the wrong clock alone: by the accepted one it is not due yet."""
    if event.kind not in (FactKind.BREACHED, FactKind.WARNED):
        return False
    fact = fact_of(event)
    for correction in corrections:
        if event.seq < correction.seq and fact.at > correction.after:
            due = _corrected(fact, [correction]).due
            if due is None or due > correction.after:
                return True
    return False


@lru_cache(maxsize=KEPT_READ)
def _contact(event: Told) -> int:
    return int(json.loads(event.body).get("contact") or 0) if event.kind in (FactKind.CONTACT, REPLY) else 0


def _place(ordered: Sequence[tuple[Fact, int]], fact: Fact, contact: int, composed: int) -> int:
    if fact.kind is FactKind.CONTACT and fact.author is Author.AGENT:
        for index, (earlier, written) in enumerate(ordered):
            asked_since = earlier.author is Author.CUSTOMER and written > contact
            if asked_since or (earlier.kind is FactKind.PROMISED and earlier.seq > composed):
                return index
    return len(ordered)


def _renumbered(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    numbers = {fact.seq: number for number, fact in enumerate(facts, 1)}
    return tuple(
        replace(fact, seq=numbers[fact.seq], ref=None if fact.ref is None else numbers.get(fact.ref, 0))
        for fact in facts
    )
