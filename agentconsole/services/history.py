"""A ticket's history: what the event log says about it, as the facts that clocks are computed from."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlmodel import Session, select

from agentconsole.domain.events import Fact, FactKind
from agentconsole.domain.terms import Author, Channel, ClockKind, ContactKind, Priority, Status
from agentconsole.storage.tables.event import Event

_FACTS = frozenset(FactKind)
REPLY = "ticket.reply"
"""An answer was written; whether it ever counts is told by the contact that follows when its mail has left."""
Word = TypeVar("Word", bound=StrEnum)


def fact_of(event: Event) -> Fact:
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


def events_of(session: Session, ticket: int) -> Sequence[Event]:
    """Read a ticket's events, oldest first."""
    return session.exec(select(Event).where(Event.ticket == ticket).order_by("seq")).all()


def facts_of(events: Sequence[Event]) -> tuple[Fact, ...]:
    """Return the facts among a ticket's events, oldest first, with each answer where it was written.

    An answer counts from when its mail left, but it answers only what the customer had written, and keeps only what was
    promised, before it was composed.
    """
    told = [event for event in events if event.kind in _FACTS]
    composed = {_contact(event): event.seq for event in events if event.kind == REPLY}
    ordered: list[tuple[Fact, int]] = []
    for event in told:
        fact, contact = fact_of(event), _contact(event)
        ordered.insert(_place(ordered, fact, contact, composed.get(contact, event.seq)), (fact, contact))
    if [fact.seq for fact, _ in ordered] == [event.seq for event in told]:
        return tuple(fact for fact, _ in ordered)
    return _renumbered([fact for fact, _ in ordered])


def _contact(event: Event) -> int:
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
