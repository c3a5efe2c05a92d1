"""The event log's chain: canonical JSON, the hash of the row before, and a keyed seal over both."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from agentconsole.storage.tables.event import Event
from agentconsole.storage.types import instant, micros

GENESIS = "0" * 64
EPOCH = "k1"
HEAD = "SELECT seq, hash, at FROM event ORDER BY seq DESC LIMIT 1"
CLOCK_ACCEPTED = "clock.accepted"
"""The one kind of event that may be older than the one before it: somebody accepted that the clock was set back."""


@dataclass(frozen=True, slots=True)
class Head:
    """Name the newest event: its number, hash and instant; number 0 when there is none."""

    seq: int
    hash: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Report a walk over the log: how many events, and the first thing that is wrong, if any."""

    events: int
    fault: str


def canonical(body: Mapping[str, object]) -> str:
    """Return JSON with sorted keys, no spaces and no escapes but the needed ones (after RFC 8785)."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def text_reference(salt: str, text: str) -> str:
    """Return what the log keeps of a personal text, so that erasing the text does not break the chain."""
    return hashlib.sha256(f"{salt}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def head(session: Session) -> Head:
    """Read the newest event."""
    return head_of(session.execute(sa.text(HEAD)).all())


def head_of(rows: Sequence[Sequence[Any]]) -> Head:
    """Return the newest event from what `HEAD` found."""
    return Head(rows[0][0], rows[0][1], instant(rows[0][2])) if rows else Head(0, GENESIS, None)


def _digest(fields: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def _fields(event: Event) -> dict[str, object]:
    return {
        "seq": event.seq,
        "at": micros(event.at),
        "kind": event.kind,
        "actor": event.actor,
        "session": event.session,
        "peer": event.peer,
        "address": event.address,
        "ticket": event.ticket,
        "subject": event.subject,
        "body": event.body,
        "epoch": event.epoch,
        "prev": event.prev,
    }


def sealed(fields: Mapping[str, object], key: bytes) -> tuple[str, str]:
    """Return the hash and the seal of an event's fields, which are all its others; `at` in microseconds."""
    digest = _digest(fields)
    return digest, hmac.digest(key, digest.encode(), "sha256").hex()


def _all_events(session: Session) -> Iterator[Event]:
    after = 0
    while True:
        rows = session.scalars(sa.select(Event).where(sa.column("seq") > after).order_by(sa.column("seq")).limit(2000))
        page = list(rows)
        if not page:
            return
        yield from page
        after = page[-1].seq
        # The log only grows, so it may be read in several transactions: a long one would keep the WAL from shrinking.
        session.rollback()
        session.expunge_all()


def verify(session: Session, key: bytes) -> Verdict:
    """Walk the whole log and return the first gap, edit, reordering or forged seal, or a step back nobody accepted."""
    expected, previous, latest = 1, GENESIS, None
    for event in _all_events(session):
        if event.seq != expected:
            return Verdict(expected - 1, f"event {expected} is missing")
        if event.prev != previous:
            return Verdict(expected - 1, f"event {event.seq} does not follow the one before it")
        if event.hash != _digest(_fields(event)):
            return Verdict(expected - 1, f"event {event.seq} was changed after it was written")
        if not hmac.compare_digest(event.mac, hmac.new(key, event.hash.encode(), hashlib.sha256).hexdigest()):
            return Verdict(expected - 1, f"event {event.seq} does not carry this desk's seal")
        if latest is not None and event.at < latest and event.kind != CLOCK_ACCEPTED:
            return Verdict(expected - 1, f"event {event.seq} is older than the one before it")
        expected, previous, latest = expected + 1, event.hash, event.at
    return Verdict(expected - 1, "")
