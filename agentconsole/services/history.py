"""A ticket's history: what the event log says about it, as the facts that clocks are computed from."""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlmodel import Session, select

from agentconsole.domain.events import Fact, FactKind
from agentconsole.domain.terms import Author, Channel, ClockKind, ContactKind, Priority, Status
from agentconsole.storage.tables.event import Event

_FACTS = frozenset(FactKind)
Word = TypeVar("Word", bound=StrEnum)


def fact_of(event: Event) -> Fact:
    """Turn an event of one of the fact kinds into the value the rules read."""
    body: dict[str, Any] = json.loads(event.body)
    return Fact(
        seq=event.seq,
        at=event.at,
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
    )


def _word(kind: type[Word], value: str | None) -> Word | None:
    return None if value is None else kind(value)


def events_of(session: Session, ticket: int) -> Sequence[Event]:
    """Read a ticket's events, oldest first."""
    return session.exec(select(Event).where(Event.ticket == ticket).order_by("seq")).all()


def facts_of(events: Sequence[Event]) -> tuple[Fact, ...]:
    """Return the facts among a ticket's events, oldest first."""
    return tuple(fact_of(event) for event in events if event.kind in _FACTS)
